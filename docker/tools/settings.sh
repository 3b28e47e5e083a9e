# shellcheck shell=bash
# Settings that are the container's own: what AiKore itself reads, it checks itself.

# $1 name of a variable; its value may lie in the file that NAME_FILE names, as secrets do that are mounted
read_secret() {
  local name=$1 file_name="$1_FILE" file
  file=${!file_name:-}
  [ -n "$file" ] || return 0
  if [ ! -f "$file" ] || [ ! -r "$file" ]; then refuse "$file_name names a file that cannot be read."; fi
  export "$name=$(<"$file")"
  unset "$file_name"
}

check_watchdog() {
  local seconds=${AIKORE_WATCHDOG_SECONDS:-60}
  [[ $seconds =~ ^(0|[1-9][0-9]{0,4})$ && ($seconds -eq 0 || $seconds -ge 12) ]] ||
    refuse 'AIKORE_WATCHDOG_SECONDS must be 0 (off) or a number from 12 to 99999.'
}

# Programs take a zone that they do not know for UTC, and say nothing.
check_zone() {
  case ${TZ:-UTC} in
    *[0-9]* | :*) ;; # a rule such as CET-1CEST, not a name
    *) [ -f "/usr/share/zoneinfo/${TZ:-UTC}" ] || echo "aikore: there is no time zone of the name in TZ; times are in UTC." >&2 ;;
  esac
}
