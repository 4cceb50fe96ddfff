#!/bin/bash
# lab start N: makes the working folder of a lab, with what is still to be written.

lab_start() {
	local lab module
	lab=$(lab_named "${1:-1}") || exit
	[[ ! -d $WORK/$lab ]] || { resume "$lab"; return; }
	for module in $(modules_of "$lab"); do
		skeleton "$lab" "$module" | put_file "$WORK/$lab/$module"
	done
	note started "$lab"
	echo "${BOLD}Lab $lab${PLAIN}: $(sed -n '1s/^# [^:]*: //p' "$LABS/$lab/README.md")"
	echo
	echo "  read      labs/$lab/README.md"
	for module in $(modules_of "$lab"); do
		echo "  write     $(short "$WORK/$lab/$module")"
	done
	echo "  then      lab check, or lab watch to check at each save"
}

resume() {
	note started "$1"
	echo "lab: $(short "$WORK/$1") is there already; going on with it. \"lab reset ${1%%-*}\" begins anew."
}

put_file() {
	mkdir -p "$(dirname "$1")"
	cat >"$1"
}

# skeleton LAB MODULE: the module with its tasks still to be done.
skeleton() {
	"$LABS/lib/marks" -v mode=skeleton "$HOUSE/stages/$1/$2"
}
