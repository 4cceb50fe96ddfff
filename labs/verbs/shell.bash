#!/bin/bash
# lab shell [N]: a shell in the guard, where the checks run: "stage" is your program, "reference" is ours.

lab_shell() {
	local lab
	lab=$(wanted_lab "${1:-}") || exit
	prepare_guard "$lab"
	echo "lab: in the guard; nothing here can hurt your machine. \"exit\" leaves it."
	LAB_TIMEOUT=0 in_guard "$CHECK_DIR" shell
}
