# bash completion for cooper. Made by "make docs" from cooper's own tables.

_cooper() {
	local current=${COMP_WORDS[COMP_CWORD]} verb='' words='' i root=()
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--root|--rootless|--criu|--log|--log-format)
			[[ ${COMP_WORDS[i]} != --root ]] || root=(--root "${COMP_WORDS[i + 1]}")
			((i++)) ;;
		-*) ;;
		*) verb=${COMP_WORDS[i]} && break ;;
		esac
	done
	case $verb in
	'') words='--root --rootless --criu --systemd-cgroup --log --log-format --debug --explain --help --version run create start state exec ps kill pause resume update events checkpoint restore delete list spec features' ;;
	run) words='--bundle --no-pivot --no-new-keyring --console-socket --pid-file --pidfd-socket --preserve-fds --detach --no-subreaper --keep --explain --help --version' ;;
	create) words='--bundle --no-pivot --no-new-keyring --console-socket --pid-file --pidfd-socket --preserve-fds --explain --help --version' ;;
	start) words='--explain --help --version' ;;
	state) words='--explain --help --version' ;;
	exec) words='--process --tty --user --additional-gids --cwd --env --cap --no-new-privs --apparmor --process-label --console-socket --pid-file --pidfd-socket --preserve-fds --detach --cgroup --sub-cgroup --ignore-paused --explain --help --version' ;;
	ps) words='--format --explain --help --version' ;;
	kill) words='--all --explain --help --version' ;;
	pause) words='--explain --help --version' ;;
	resume) words='--explain --help --version' ;;
	update) words='--resources --blkio-weight --cpu-period --cpu-quota --cpu-burst --cpu-share --cpu-rt-period --cpu-rt-runtime --cpuset-cpus --cpuset-mems --cpu-idle --memory --memory-reservation --memory-swap --kernel-memory --kernel-memory-tcp --pids-limit --l3-cache-schema --mem-bw-schema --explain --help --version' ;;
	events) words='--stats --interval --explain --help --version' ;;
	checkpoint) words='--image-path --work-path --tcp-established --ext-unix-sk --shell-job --file-locks --manage-cgroups-mode --empty-ns --auto-dedup --lazy-pages --parent-path --leave-running --pre-dump --tcp-skip-in-flight --link-remap --page-server --status-fd --explain --help --version' ;;
	restore) words='--bundle --detach --console-socket --pid-file --image-path --work-path --tcp-established --ext-unix-sk --shell-job --file-locks --manage-cgroups-mode --empty-ns --auto-dedup --lazy-pages --lsm-profile --lsm-mount-context --no-pivot --no-subreaper --explain --help --version' ;;
	delete) words='--force --explain --help --version' ;;
	list) words='--format --quiet --explain --help --version' ;;
	spec) words='--bundle --rootless --explain --help --version' ;;
	features) words='--explain --help --version' ;;
	esac
	if [[ $verb && $current != -* ]]; then
		words=$(cooper "${root[@]}" list --quiet 2>/dev/null)
	fi
	# What an option may be followed by is often a file.
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -o bashdefault -o default -F _cooper cooper
