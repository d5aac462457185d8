#!/bin/sh
# The welcome task: tells what a task on Berth sees of itself.

# Prints the first word of the first of these files that says a limit.
limit() {
  for file; do
    value=$(cut -d ' ' -f 1 "$file" 2>/dev/null)
    case $value in
      '' | max | -1) ;;
      *)
        echo "$value"
        return
        ;;
    esac
  done
}

quota=$(limit /sys/fs/cgroup/cpu.max /sys/fs/cgroup/cpu/cpu.cfs_quota_us)
bytes=$(awk '/^hierarchical_memory_limit/ { print $2 }' /sys/fs/cgroup/memory/memory.stat 2>/dev/null)
bytes=${bytes:-$(limit /sys/fs/cgroup/memory.max)}
address=$(ip -4 -o addr show scope global 2>/dev/null | awk '{ print $4; exit }')

echo 'Welcome aboard. This is a task on Berth, and this is what it sees:'
echo
echo "  host name   $(hostname)"
echo "  declared    ${TASK_CPU:-?} CPU units, ${TASK_MEMORY:-?} MiB of memory"
[ -z "$quota" ] || echo "  CPU limit   $quota of every 100000 microseconds"
[ -z "$bytes" ] || echo "  memory      at most $(awk "BEGIN { print int($bytes / 1048576) }") MiB"
echo "  process 1   $(tr '\000' ' ' </proc/1/cmdline | cut -c 1-60)"
echo "  address     ${address:-none}"
echo "  kernel      $(uname -sr)"
echo
