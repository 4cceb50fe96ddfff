#!/bin/bash
# A stage's program with some modules of the learner's in the place of the reference's.

OBJECTS=${LAB_OBJECTS:-$HOUSE/build/obj}
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

# objects_of LAB: what its program links, of the reference.
objects_of() {
	local stage
	for stage in $(stages_upto "$1"); do
		(cd "$HOUSE" && find "stages/$stage" -name '*.c' ! -path '*/systemd/helper/*') |
			if [[ $stage == "$1" ]]; then cat; else grep -v '/main\.c$'; fi
	done | sed 's/c$/o/'
	(cd "$HOUSE" && printf '%s\n' common/*.c) | sed 's/c$/o/'
}

# program_build LAB OUT STAGE=DIR...: the program of that stage; modules of STAGE are taken from DIR
# where DIR has them. The compiler runs in the guard (lib/build): it reads whatever file is included, and
# writes as much as is declared. Its words go to standard error. Returns 3 when it does not compile, and
# another status when the guard does not let it.
program_build() {
	local lab=$1 out=$2 pair
	local folder=$out.d
	shift 2
	mkdir -p "$folder"/{house,objects,mine}
	cp "$LABS/lib/build" "$folder"
	(cd "$HOUSE" && find common stages -name '*.h' -exec cp --parents -t "$folder/house" {} +)
	(cd "$OBJECTS" && objects_of "$lab" | xargs cp --parents -t "$folder/objects")
	for pair; do
		# A link that leads elsewhere stays one.
		cp -rP "${pair#*=}" "$folder/mine/${pair%%=*}"
	done
	chmod -R go+rX "$folder"
	LAB_CGROUP='' LAB_TIMEOUT=120 "$LABS/lib/guard" "$folder" bash /lab/build >"$out" </dev/null || return
	chmod 755 "$out"
}
