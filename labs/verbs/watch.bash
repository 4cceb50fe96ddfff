#!/bin/bash
# lab watch [N]: checks again each time a file of the lab is saved. ctrl-c ends it.

lab_watch() {
	local lab before='' now
	lab=$(wanted_lab "${1:-}") || exit
	[[ -d $WORK/$lab ]] || die "lab $lab is not started" "lab start ${lab%%-*}"
	# shellcheck source=/dev/null
	source "$LABS/verbs/check.bash"
	# (The guard ends in peace when it is interrupted, and bash would go on.)
	trap 'exit 130' INT
	while :; do
		now=$(cd "$WORK/$lab" && find . -name '*.[ch]' -exec stat -c '%n %Y %s %i' {} + | sort)
		if [[ $now != "$before" ]]; then
			before=$now
			[[ ! -t 1 ]] || printf '\e[H\e[2J'
			(lab_check "$lab")
			echo "${DIM}watching $(short "$WORK/$lab"); save to check again, ctrl-c to end${PLAIN}"
		fi
		sleep 0.5
	done
}
