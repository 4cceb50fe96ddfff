#!/bin/bash
# lab attack [N]: runs this stage's break-out against your program, in the guard. The next lab closes it.

lab_attack() {
	local lab
	lab=$(wanted_lab "${1:-}") || exit
	prepare_guard "$lab"
	note attack "$lab"
	in_guard "$CHECK_DIR" attack 2>&1 | fit
}
