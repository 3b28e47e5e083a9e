# shellcheck shell=bash
# shellcheck disable=SC2154 # what session.sh sets
# Each part of the desktop has a worker: a subshell that runs the part's program and reports in lines to the helper's
# one queue, a pipe: `pid PART GENERATION PID`, `ready PART GENERATION`, `ended PART GENERATION STATUS`. A line is short,
# so the kernel writes it whole. The generation tells reports of an earlier worker from those of the present one.

readonly SERVER_LIMIT_SECONDS=10

report() { printf '%s\n' "$*" >&"$queue"; }

# Runs a program until it ends. $1 part, $2 generation
run_part() {
  local part=$1 generation=$2
  shift 2
  "$@" >&"$log" 2>&1 </dev/null {queue}>&- {log}>&- 3>&- &
  report pid "$part" "$generation" $!
  local status=0
  wait $! || status=$?
  report ended "$part" "$generation" "$status"
}

# The X server says when it is ready; socket files appear long before.
run_server() {
  local generation=$1 ready status=0
  exec {ready}< <(
    exec "${server[@]}" -displayfd 9 9>&1 >&"$log" 2>&1 </dev/null {queue}>&- {log}>&- 3>&-
  )
  local server_pid=$!
  report pid x "$generation" "$server_pid"
  if IFS= read -r -t "$SERVER_LIMIT_SECONDS" -u "$ready" _; then
    report ready x "$generation"
  else
    # Dead already, or deaf.
    kill -KILL "$server_pid" 2>/dev/null || true
  fi
  exec {ready}<&-
  wait "$server_pid" || status=$?
  report ended x "$generation" "$status"
}

# Without what concerns the browser, where there is none: a desktop program has all keys.
write_configuration() {
  local without=()
  [ ${#browser[@]} -gt 0 ] || without=(-e '/<!-- browser: -->/,/<!-- :browser -->/d')
  sed "${without[@]}" -e '' "$here/openbox.xml" >openbox.xml
}

# Ready when it has looked at the windows that are there: one that is opened before, while it starts, stays invisible for
# ever. It closes descriptors before it runs its startup command, hence the way through /proc.
run_window_manager() {
  local say="sh -c 'echo ready wm $1 >/proc/$$/fd/$queue'"
  xsetroot -solid '#20242c' -cursor_name left_ptr >&"$log" 2>&1 </dev/null {queue}>&- {log}>&- 3>&- || true
  write_configuration
  # The whole path: for another Openbox takes its own configuration, with a menu of terminals, and says nothing.
  run_part wm "$1" "$window_manager" --sm-disable --config-file "$PWD/openbox.xml" --startup "$say"
}

# Waits for a part's turn to be started again. $1 part, $2 generation, $3 seconds
run_timer() {
  pause "$3"
  report due "$1" "$2"
}
