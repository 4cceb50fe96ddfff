#!/bin/bash
# shellcheck disable=SC2034 # the colours are for those who source this
# What the learner sees: 80 columns, colours where a terminal is, plain text where not.

if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
	BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' YELLOW=$'\e[33m' PLAIN=$'\e[0m'
else
	BOLD='' DIM='' RED='' GREEN='' YELLOW='' PLAIN=''
fi

# die MESSAGE [WHAT TO TRY]: one line that a person can act on.
die() {
	fit <<<"lab: $1" >&2
	[[ -z ${2:-} ]] || fit <<<"  hint: $2" >&2
	exit 1
}

# field NAME TEXT: "    name      text", the text wrapped beside its name.
field() {
	local line name=$1
	while IFS= read -r line; do
		printf '    %s%-10s%s%s\n' "$DIM" "$name" "$PLAIN" "$line"
		name=''
	done < <(fold -s -w 65 <<<"$2" | sed 's/ *$//')
}

# fit: what it reads, in 80 columns.
fit() {
	expand -t 4 | fold -s -w 79 | sed 's/ *$//'
}

# refill: what it reads, with each paragraph in one line. Lines that are indented are code, and stay.
refill() {
	awk '
		/^[ \t]/ || !NF { if (text) print text; text = ""; print; next }
		{ text = text (text ? " " : "") $0 }
		END { if (text) print text }'
}

# bar DONE ALL: a bar of twenty, in characters that every terminal has.
bar() {
	local done=$(($2 ? $1 * 20 / $2 : 0))
	printf '[%s%s] %d of %d' "$(printf '%*s' "$done" '' | tr ' ' '#')" \
		"$(printf '%*s' $((20 - done)) '' | tr ' ' '.')" "$1" "$2"
}

# ask QUESTION: whether the learner types "y". Without a terminal the answer is no, unless LAB_YES is set.
ask() {
	local answer
	[[ -z ${LAB_YES:-} ]] || return 0
	[[ -t 0 ]] || return 1
	read -r -p "$1 [y/N] " answer
	[[ $answer == [yY]* ]]
}

# short PATH: as one would type it here.
short() {
	realpath --relative-base="$PWD" -m "$1"
}
