#!/bin/bash
# The container's first process until the supervision takes its place. It prepares what only a start can know: users,
# folders, the groups of graphics cards. Every step costs the same on an empty volume and on one of a million files, and
# none needs the network.
#
#   entry.sh              runs AiKore
#   entry.sh COMMAND…     runs that instead (aikore-backup, aikore-restore, aikore-own, a shell)
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=docker/tools/users.sh
source "$here/tools/users.sh"
# shellcheck source=docker/tools/folders.sh
source "$here/tools/folders.sh"

# $1 name of a variable; its value may lie in the file that NAME_FILE names, as secrets do that are mounted
read_secret() {
  local name=$1 file_name="$1_FILE" file
  file=${!file_name:-}
  [ -n "$file" ] || return 0
  [ -r "$file" ] || refuse "$file_name names a file that cannot be read."
  export "$name=$(<"$file")"
  unset "$file_name"
}

prepare_places() {
  mkdir -p /run/aikore/state
  [ -d /tmp/.X11-unix ] || install -d -m 1777 /tmp/.X11-unix
  rm -rf /run/service
  cp -R /etc/aikore/service /run/service
}

umask 022
# Nobody's core goes onto the volume.
ulimit -c 0

if [ "$(id -u)" -eq 0 ]; then
  check_user_numbers
  make_users
else
  echo "The container runs as user $(id -u): applications are not kept apart from AiKore."
  mkdir -p "$APP_HOME" || refuse "$AIKORE_DATA_DIR cannot be written by user $(id -u)."
fi
# The users are there for whoever works in the container by hand.
[ $# -eq 0 ] || exec "$@"

read_secret AIKORE_PASSWORD
read_secret AIKORE_TOKEN
prepare_places
if [ "$(id -u)" -eq 0 ]; then
  chown "$AIKORE_UID:$AIKORE_UID" /run/aikore/state
  prepare_folders "$AIKORE_DATA_DIR"
  AIKORE_APP_USER=$(app_user)
  export AIKORE_APP_USER
fi
exec s6-svscan /run/service
