# shellcheck shell=bash
# shellcheck disable=SC2154 # what session.sh sets
# The lock of a display number, by the protocol of X servers (Xserver(1), os/utils.c): a file with a pid. A server that
# is asked to tell when it is ready (-displayfd) makes none, and another one would take its socket away. The holder is
# this helper, so that the number stays ours while a server is replaced.

lock_file() { printf '/tmp/.X%s-lock' "$display"; }
x_socket() { printf '/tmp/.X11-unix/X%s' "$display"; }

holder_of_lock() {
  local pid=''
  read -r pid 2>/dev/null <"$(lock_file)" || true
  [[ $pid =~ ^[0-9]{1,10}$ ]] && printf '%s' "$pid"
}

is_lock_ours() { [ "$(holder_of_lock)" = $$ ]; }

# A pid that another process got meanwhile keeps the number taken: there are others.
is_lock_stale() {
  local pid
  pid=$(holder_of_lock) || true
  [ -O "$(lock_file)" ] && { [ -z "$pid" ] || [ ! -e "/proc/$pid" ]; }
}

write_fresh_lock() {
  fresh=$(lock_file).$$
  rm -f "$fresh"
  (set -C && printf '%10d\n' $$ >"$fresh") 2>/dev/null && chmod 0444 "$fresh"
}

# Who started this helper holds the number for it.
inherit_lock() {
  local fresh
  [ -n "$reserved_by" ] && [ "$(holder_of_lock)" = "$reserved_by" ] || return 1
  write_fresh_lock && mv -f "$fresh" "$(lock_file)"
}

try_lock() {
  local fresh
  write_fresh_lock || return 1
  # A link either appears whole or not at all, and never replaces.
  ln "$fresh" "$(lock_file)" 2>/dev/null
  local result=$?
  rm -f "$fresh"
  return "$result"
}

# Takes the number, also from a dead helper of this user.
take_lock() {
  is_lock_ours && return 0
  inherit_lock && return 0
  try_lock && return 0
  is_lock_stale || return 1
  rm -f "$(lock_file)"
  try_lock
}

release_lock() {
  is_lock_ours || return 0
  # The lock last: while it is there no other server takes the number.
  rm -f "$(x_socket)" "$(lock_file)"
}
