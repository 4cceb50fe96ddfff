#!/bin/bash
# What happened, a line an event, in the working folder: seconds, event, what it was about, and more.
#
#	1795000000	started	1-chroot
#	1795000100	failed	1.1
#	1795000200	hint	1.1	2
#
# Everything about progress is computed from this, so the learner's work goes on where it was left.

RECORD=$WORK/.record

# learner_name: the user's; the number of one who has no name. (id prints that as well, and fails.)
learner_name() {
	local name
	name=$(id -un 2>/dev/null) || name=$EUID
	echo "$name"
}

# note EVENT ABOUT [MORE]
note() {
	mkdir -p "$WORK"
	printf '%(%s)T\t%s\t%s\t%s\n' -1 "$1" "$2" "${3:-}" >>"$RECORD"
}

# recorded EVENT [ABOUT]: the third field of such events (with ABOUT, the fourth), in their order.
recorded() {
	[[ -f $RECORD ]] || return 0
	awk -F'\t' -v event="$1" -v about="${2:-}" '
		$2 == event && about == "" { print $3 }
		$2 == event && about != "" && $3 == about { print $4 }' "$RECORD"
}

# last_result TASK: passed, failed or waits; nothing when it has not been checked.
last_result() {
	[[ -f $RECORD ]] || return 0
	awk -F'\t' -v task="$1" '$3 == task && $2 ~ /^(passed|failed|waits)$/ { last = $2 }
		$2 == "reset" && $3 == task { last = "" } END { print last }' "$RECORD"
}

# hints_used TASK: the highest level that was shown.
hints_used() {
	recorded hint "$1" | sort -n | tail -n 1 | grep . || echo 0
}

# minutes_spent LAB: while events follow each other; a break of more than a quarter of an hour is one.
minutes_spent() {
	[[ -f $RECORD ]] || { echo 0; return; }
	awk -F'\t' -v lab="$1" '
		$2 == "started" { now = $3 }
		now == lab && before && $1 - before < 900 { spent += $1 - before }
		{ before = now == lab ? $1 : 0 }
		END { printf "%d\n", spent / 60 }' "$RECORD"
}
