#!/bin/bash
# The container's first process until the supervision takes its place. It prepares what only a start can know: users,
# folders, the groups of graphics cards. Every step costs the same on an empty volume and on one of a million files, and
# none needs the network.
#
#   entry.sh              runs AiKore
#   entry.sh COMMAND…     runs that instead (aikore-backup, aikore-restore, aikore-own, a shell)
set -euo pipefail

tools=$(dirname "${BASH_SOURCE[0]}")/tools
# shellcheck source=docker/tools/users.sh
source "$tools/users.sh"
# shellcheck source=docker/tools/folders.sh
source "$tools/folders.sh"
# shellcheck source=docker/tools/settings.sh
source "$tools/settings.sh"

readonly run=/run/aikore

is_root() { [ "$(id -u)" -eq 0 ]; }

# Somebody who works in a living container may have called this by hand.
lives_already() { s6-svok "$run/service/aikore" 2>/dev/null; }

# A container that is started again may have kept what it wrote: what a former life said of itself is not true any more.
prepare_run() {
  mkdir -p "$run" 2>/dev/null || true
  [ -w "$run" ] ||
    refuse "$run cannot be written by user $(id -u). Where the root is read-only, mount a memory file system there, not at /run."
  rm -rf "${run:?}"/*
  chmod 755 "$run" 2>/dev/null || true
}

# Locks of X servers that ended with the container, unless the place is somebody else's too.
prepare_tmp() {
  local place
  for place in /tmp /tmp/.X11-unix; do ! mountpoint -q "$place" || return 0; done
  rm -rf /tmp/.X11-unix /tmp/.X*-lock
}

prepare_service() {
  local grace=${AIKORE_STOP_GRACE:-}
  cp -R /etc/aikore/service "$run/service"
  # An AiKore that does not stop is ended at last, so that its instances are asked all the same (.s6-svscan/finish).
  [[ $grace =~ ^[0-9]{1,4}$ ]] || grace=10
  echo $(((grace + 13) * 1000)) >"$run/service/aikore/timeout-kill"
}

umask 022
# Nobody's core goes onto the volume.
ulimit -c 0

if is_root; then
  check_user_numbers
else
  echo "The container runs as user $(id -u): applications are not kept apart from AiKore."
fi
if ! lives_already; then
  prepare_run
  make_users
fi
# The users are there for whoever works in the container by hand.
[ $# -eq 0 ] || exec "$@"
! lives_already || refuse 'AiKore runs in this container already.'

read_secret AIKORE_PASSWORD
read_secret AIKORE_TOKEN
check_watchdog
check_zone
check_writable "$AIKORE_DATA_DIR"
prepare_tmp
mkdir "$run/state"
# Of this container; the image has none (prepare-system.sh).
tr -d - </proc/sys/kernel/random/uuid >"$run/machine-id"
[ -d /tmp/.X11-unix ] || install -d -m 1777 /tmp/.X11-unix
if is_root; then
  # shellcheck source=docker/tools/as-aikore.sh
  source "$tools/as-aikore.sh"
  check_privileges
  chown "$AIKORE_UID:$AIKORE_UID" "$run/state"
  prepare_folders "$AIKORE_DATA_DIR"
  tell_foreign_owner "$AIKORE_DATA_DIR"
  # A memory volume of Kubernetes is everybody's to write: applications could put something else in the place of what lies here.
  chmod go-w /run 2>/dev/null || true
  chmod +t /tmp 2>/dev/null || true
  # On the host a mounted secret may belong to the very user that applications run as here.
  [ ! -d /run/secrets ] || chmod 700 /run/secrets 2>/dev/null || true
  AIKORE_APP_USER=$(app_user)
  export AIKORE_APP_USER
else
  make_folder "$APP_HOME"
fi
if [ -d "$AIKORE_DATA_DIR/backups/.restore" ]; then
  aikore-restore --finish || refuse 'A restore that was interrupted could not be finished; AiKore does not start on half of it.'
fi
prepare_service
exec s6-svscan "$run/service"
