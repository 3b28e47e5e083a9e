# shellcheck shell=bash disable=SC2034,SC2154 # variables of the other parts
# Instances end with their container: nobody loses a run of two days unasked.

# One name a line; nothing where the container does not run, or ends while it is asked, as one does that AiKore refuses to
# run in again and again: no instance outlives its container.
running_instances() {
  local names status
  is_running || return 0
  names=$(docker exec -u 0 "$container" node /opt/sd-install/tools/backup-database.mjs running /config/aikore.db 2>/dev/null) && status=0 || status=$?
  [ "$status" -ne 137 ] || return 0
  [ -z "$names" ] || printable <<<"$names"
  return "$status"
}

names_of_running() { running_instances | paste -sd ',' | sed 's/,/, /g'; }

# $1 what is going to happen. Asks where somebody sits there, and refuses where nobody does.
confirm_ending() {
  local names answer
  names=$(names_of_running) || names='(the container does not say which)'
  [ -n "$names" ] || return 0
  echo "$1 Instances that run end with it, and those with autostart begin anew: $names"
  [ "${YES:-0}" != 1 ] || return 0
  [ -t 0 ] || fail 'Nothing was done. YES=1 goes on without asking.'
  read -r -p 'Go on? [y/N] ' answer
  case $answer in
    [yY]*) ;;
    *) fail 'Nothing was done.' ;;
  esac
}

tell_ending() {
  local names
  names=$(names_of_running) || names=''
  [ -z "$names" ] || echo "Instances that end: $names"
}
