#!/bin/bash
# lab class FOLDER: a class at a glance, from a file NAME.json for each learner, written by "lab grade --json": points
# by lab and together, minutes, and which tasks were the hard ones.

lab_class() {
	local results=("${1:-.}"/*.json)
	[[ -e ${results[0]} ]] || die "there is no NAME.json in ${1:-.}" "lab grade --json > FOLDER/NAME.json, for each learner"
	# In each file an object a lab, and in it an object a task.
	awk -v RS='{' -v labs="$(labs | cut -d- -f1 | paste -sd' ')" '
		function value(name) {
			return match($0, "\"" name "\": *\"?[^\",}]*") ? substr($0, RSTART, RLENGTH) : ""
		}
		function field(name) {
			text = value(name)
			sub(/^.*: *"?/, "", text)
			return text
		}
		FNR == 1 {
			who = FILENAME
			sub(/.*\//, "", who)
			sub(/\.json$/, "", who)
			learners[++count] = who
		}
		value("lab") { minutes[who] += field("minutes") }
		value("task") && field("result") != "unchecked" {
			task = field("task")
			lab = substr(task, 1, 1)
			points[who, lab] += field("points")
			sum[who] += field("points")
			had[who, lab] = 1
			if (!(task in tried))
				tasks[++different] = task
			tried[task]++
			done[task] += field("result") == "passed"
			helped[task] += field("hints") > 0 || field("solutionShown") == "true"
		}
		function line(who, minutes,    i) {
			printf "%-24.24s", who
			for (i = 1; i <= all; i++)
				printf " %4s", ((who, number[i]) in had) ? points[who, number[i]] : "-"
			printf " %6d %7s\n", sum[who], minutes
		}
		END {
			all = split(labs, number, " ")
			printf "%-24s", "lab"
			for (i = 1; i <= all; i++)
				printf " %4d", number[i]
			printf " %6s %7s\n", "points", "minutes"
			for (i = 1; i <= count; i++)
				line(learners[i], minutes[learners[i]] + 0)
			print "\ntask   passed  with help"
			for (i = 1; i <= different; i++)
				printf "%-6s %2d of %-2d  %d\n", tasks[i], done[tasks[i]], tried[tasks[i]], helped[tasks[i]]
		}' "${results[@]}"
}
