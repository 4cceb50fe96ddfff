#!/bin/bash
# lab shell [N]: a shell in the guard, where the checks run: "stage" is your program, "reference" is ours.

lab_shell() {
	local lab
	lab=$(wanted_lab "${1:-}")
	prepare_guard "$lab"
	echo "lab: in the guard; nothing here can hurt your machine. \"exit\" leaves it."
	in_guard "$CHECK_DIR" shell
}
