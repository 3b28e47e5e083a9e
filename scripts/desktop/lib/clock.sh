# shellcheck shell=bash
# Time that nobody can set, without a process for each look at it.

# Milliseconds since boot, in `now_ms`.
read_clock() {
  local uptime
  read -r uptime _ </proc/uptime
  uptime=${uptime/./}
  # shellcheck disable=SC2034 # the result
  now_ms=$((10#$uptime * 10))
}

# Waits without a process. $1: seconds. A pipe that nobody writes to.
exec {silence}<> <(:)
pause() {
  read -r -t "$1" -u "$silence" || true
}
