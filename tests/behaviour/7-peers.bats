# Stage 7 beside its peers: one bundle, made by runc, under runc, crun and cooper.

# bats file_tags=root

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # the container's variables, and those of bats

load ../helpers
load ../bundle

teardown() {
	local id
	containers_remove
	for id in $([[ ! -d /run/runc ]] || runc list --quiet); do
		runc delete --force "$id"
	done
	removal /run/{runc,crun}
	test_teardown
}

# What a process can tell of the container it is in. (How a mask and /dev/console are mounted is the
# runtime's affair, and in what shape the hierarchies of a hybrid host show. /dev/core, a name for the
# masked /proc/kcore, is none of the specification's.)
readonly FACTS='
id; pwd; hostname; umask; env | sort; ulimit -a
grep -E "^(Cap|NoNewPrivs|Seccomp|Sig[BC])" /proc/self/status
for file in $(ls -d /dev/* | grep -vx /dev/core) /proc/sys /proc/kcore /etc; do stat -c "%n %F %a %u %g %t %T" "$file"; done
while read -r _ _ _ _ place options rest; do echo "$place $options ${rest##*- }"; done </proc/self/mountinfo |
	cut -d " " -f 1-3 | grep -v -e "^/proc/" -e "^/sys/" -e "^/dev/console " | sort
for file in /proc/keys /proc/timer_list /proc/latency_stats /sys/firmware/*; do head -c 10 "$file"; done
touch /x 2>&1; echo x 2>&1 >/proc/sys/kernel/hostname; mount -t tmpfs none /tmp 2>&1
readlink /proc/self/fd/0; ps -o comm
'

# facts_of RUNTIME: the same session on a terminal under that runtime.
facts_of() {
	rm -f keys
	pty_start "$1 run --bundle bundle one"
	pty_await '# '
	pty_type 'sh /facts >/dev/shm/facts 2>&1; cat /dev/shm/facts; echo the"-end"; exit 5\n'
	pty_await '^the-end'
	await_exit
	[[ $STATUS -eq 5 ]]
	sed -e 's/\r$//' -e '1,/cat .dev.shm.facts/d' -e '/^the-end/,$d' screen >"${1##*/}"
}

runc_bundle() {
	skip_unless_installed runc
	mkdir bundle
	rootfs_make bundle/rootfs
	echo "$FACTS" >bundle/rootfs/facts
	runc spec --bundle bundle
}

@test "a bundle made by runc spec gives the same under runc and cooper" {
	runc_bundle
	facts_of runc
	facts_of "$COOPER_BIN/cooper"
	[[ $(wc -l <cooper) -gt 40 ]]
	diff runc cooper
}

@test "a bundle made by runc spec gives the same under crun and cooper" {
	skip_unless_installed crun
	skip_unless "crun does not run on a hybrid host" crun_runs
	runc_bundle
	facts_of crun
	facts_of "$COOPER_BIN/cooper"
	diff crun cooper
}

crun_runs() {
	! on_v1 || [[ ! -d /sys/fs/cgroup/unified ]]
}

# idle_bundle: the same without a terminal, and doing nothing.
idle_bundle() {
	runc_bundle
	bundle_change bundle '.process.terminal = false | del(.process.capabilities.ambient)
		| .annotations = {colour: "blue"} | idle'
}

readonly LONG_ID=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef

# create_under RUNTIME ID
create_under() {
	"$1" create --bundle bundle "$2" </dev/null >out 2>&1 3>&- || {
		cat out
		return 1
	}
}

# forms_of RUNTIME: what its commands print, without what is another container's, or moment's; and without what only
# newer versions of runc tell on v2, pressure and the peak of memory.
forms_of() {
	local verb
	"$1" list
	for verb in 'create_under RUNTIME' 'RUNTIME start' 'RUNTIME pause' 'RUNTIME resume' 'stop RUNTIME'; do
		${verb/RUNTIME/$1} $LONG_ID
		"$1" list | sed -E 's/ [1-9][0-9]* +/ PID /; s/20[0-9-]*T[0-9:.]*Z +/WHEN /; s/CREATED +/CREATED /'
		"$1" list --quiet
		"$1" list --format json | sed -E 's/": /":/g; s/"pid":[1-9][0-9]*/"pid":PID/
			s/"(created|ociVersion)":"[^"]*"/"\1":""/g'
		"$1" state $LONG_ID | grep -vE '"owner"|^}' | sed -E 's/("pid":) [1-9][0-9]*/\1 PID/
			s/("(created|ociVersion)":) ".*"/\1/'
		echo
	done
	create_under "$1" two
	"$1" start two
	wait_until eval "$1 ps two | grep -qw sleep"
	"$1" ps two | sed 's/^UID.*/heading/; s/^root .* sleep 1000$/line/'
	"$1" ps two -o args || echo "$?"
	"$1" ps --format json two | sed 's/[1-9][0-9]*/PID/'
	"$1" events --stats two | jq '[paths | map(select(type == "string")) | join(".")] | unique
		| map(select(test("^data.(hugetlb|blkio|memory.raw)[.]|[.]psi([.]|$)|^data.memory.usage.max$") | not))'
}

# stop RUNTIME ID
stop() {
	"$1" kill "$2" KILL
	wait_until eval "$1 state $2 | grep -q stopped"
}

@test "list, state, ps and events print the same under runc and cooper" {
	idle_bundle
	forms_of runc >theirs
	forms_of "$COOPER_BIN/cooper" >ours 2>/dev/null
	[[ $(wc -l <ours) -gt 100 ]]
	diff theirs ours
	runc delete $LONG_ID
	runc delete --force two
}

# statuses_of RUNTIME: what each command ends with in each state of a container.
statuses_of() {
	local before command status
	while read -r before; do
		eval "${before//RUNTIME/$1}" </dev/null &>/dev/null || true
		while read -r command; do
			status=0
			eval "$1 $command" </dev/null &>/dev/null 3>&- || status=$?
			echo "$before: $command: $status"
		done <<-'END'
			state one
			kill one 0
			kill one 999
			kill one NOSUCH
			exec one true
			exec one
			exec one sh -c "exit 7"
			exec one sh -c "kill -9 \$\$"
			exec one nosuch
			exec one /etc
			exec one --tty true
			exec --cwd /nosuch one true
			exec --user nobody one true
			exec --process nosuch one
			ps one
			ps one -o comm
			update --pids-limit 20 one
			update one --memory many
			events --stats one
			delete two --force
			create --bundle bundle one
			run one --bundle bundle
			create --bundle /nosuch two
			run --bundle . two
			checkpoint --image-path /nosuch/there other
			list one
			list --format yaml
			-debug list -q=true
			--log-format=xml list
			spec more
			state --help
			state
			help state
			--nosuch list
		END
	done <<-'END'
		true
		create_under RUNTIME one
		RUNTIME start one
		RUNTIME pause one
		RUNTIME resume one
		stop RUNTIME one
		RUNTIME delete one
	END
}

@test "each command ends with the same status under runc and cooper, in each state" {
	idle_bundle
	statuses_of runc >theirs
	statuses_of "$COOPER_BIN/cooper" >ours
	[[ $(wc -l <ours) -gt 200 ]]
	diff theirs ours
}

@test "every option that runc's help has is an option of cooper's" {
	local verb option options
	skip_unless_installed runc
	for verb in "" $(runc help | sed -n '/^COMMANDS:/,/^$/s/^   \([a-z]*\) .*/\1/p'); do
		# shellcheck disable=SC2086 # nothing is no word
		options=$(runc $verb --help | sed -n '/OPTIONS:$/,$p' | sed -nE 's/^   (--?[a-z].*)/\1/p' | grep -oE '^--?[^ ,]+( value)?, -[a-z]|^--?[^ ]+' | grep -oE -- '--?[a-z][a-z0-9-]*' |
			grep -vxE -- '--help|-h|--version|-v' || true)
		for option in $options; do
			# shellcheck disable=SC2086
			run cooper $verb "$option=true" --nosuch
			echo "$verb $option: $output"
			[[ $output != *"$option=true: no such option"* ]]
		done
	done
}
