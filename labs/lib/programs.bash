#!/bin/bash
# A stage's program with some modules of the learner's in the place of the reference's.

OBJECTS=${LAB_OBJECTS:-$HOUSE/build/obj}
LAB_CFLAGS=(-D_GNU_SOURCE -I"$HOUSE" -I"$HOUSE/stages" -std=gnu17 -O1 -g -Wall -Wextra -Wno-unused
	-Wno-missing-field-initializers -fdiagnostics-color=auto)
LAB_LIBRARIES=(-lcap -lseccomp -ljson-c -lm)

# The reference's objects; quick when nothing has changed.
reference_build() {
	[[ -z ${LAB_OBJECTS:-} ]] || return 0
	make -s -C "$HOUSE" build || die "the reference does not build" "run \"make build\" and see"
}

# stages_upto LAB: the names of the stages that its program links.
stages_upto() {
	local stage
	for stage in "$HOUSE"/stages/[1-9]-*; do
		stage=${stage##*/}
		[[ ${stage%%-*} -gt ${1%%-*} ]] || echo "$stage"
	done
}

# program_build LAB OUT STAGE=DIR...: the program of that stage; modules of STAGE are taken from DIR
# where DIR has them. Compiles into OUT.d. The compiler's words go to standard error.
program_build() {
	local lab=$1 out=$2 objects=() stage source name from pair
	local -A mine=()
	shift 2
	for pair; do
		mine[${pair%%=*}]=${pair#*=}
	done
	mkdir -p "$out.d"
	for stage in $(stages_upto "$lab"); do
		while IFS= read -r name; do
			[[ $name != main.c || $stage == "$lab" ]] || continue
			from=${mine[$stage]:+${mine[$stage]}/$name}
			if [[ $from && -f $from ]]; then
				source=$out.d/$stage-${name//\//-}.o
				gcc "${LAB_CFLAGS[@]}" -c -o "$source" "$from" || return
				objects+=("$source")
			else
				objects+=("$OBJECTS/stages/$stage/${name%.c}.o")
			fi
		done < <(cd "$HOUSE/stages/$stage" && find . -name '*.c' ! -path './systemd/helper/*' -printf '%P\n')
	done
	for source in "$HOUSE"/common/*.c; do
		source=${source##*/}
		objects+=("$OBJECTS/common/${source%.c}.o")
	done
	gcc -static -o "$out" "${objects[@]}" "${LAB_LIBRARIES[@]}"
}
