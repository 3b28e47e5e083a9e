# shellcheck shell=bash
# Tools that root has started touch AiKore's files as AiKore, and those of applications as applications: nothing on the
# volume comes to belong to root, and a link that an application planted leads only where that user may go anyway.

become() {
  local uid=$1 gid=$2
  shift 2
  if [ "$(id -u)" -ne 0 ]; then
    "$@"
  else
    setpriv --reuid "$uid" --regid "$gid" --clear-groups --no-new-privs --inh-caps=-all --ambient-caps=-all --bounding-set=-all "$@"
  fi
}

as_bare_aikore() { become "$AIKORE_UID" "$AIKORE_UID" "$@"; }

as_apps() { become "$PUID" "$PGID" "$@"; }
