#!/bin/bash
# lab compare [N]: the same commands inside your program and inside the reference; what differs is marked.

lab_compare() {
	local lab
	lab=$(wanted_lab "${1:-}") || exit
	prepare_guard "$lab"
	in_guard "$CHECK_DIR" compare
}
