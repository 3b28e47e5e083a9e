#!/usr/bin/env bash
# Runs a command in a room of its own with a Docker Engine of its own: network, mounts and processes are namespaces of this
# run. So published ports meet nobody else's, no rule, bridge or mount is made on the machine itself, an engine that runs
# there notices nothing, and whatever way the run ends, the kernel ends all of it.
#
#   room.sh COMMAND…
#
# The command finds the engine in AIKORE_TEST_DOCKER_HOST. Where none can be had, AIKORE_TEST_NO_ENGINE says why and the
# command runs all the same. An AIKORE_TEST_DOCKER_HOST that is set already is taken as it is.
set -euo pipefail

# An image, its bases and what builds it.
readonly needed_kilobytes=$((8 * 1024 * 1024))
readonly start_seconds=30
# On a disk: /tmp may be memory, and the engine's file system wants a real one.
readonly parent=${AIKORE_TEST_ENGINE_DIR:-/var/tmp}
readonly prefix=aikore-engine-

# --- outside the room --------------------------------------------------------------------------------------------------

why_not() {
  local program
  [ "$(id -u)" -eq 0 ] || { echo 'only root can start one'; return; }
  for program in docker dockerd containerd iptables slirp4netns unshare ip; do
    command -v "$program" >/dev/null || { echo "$program is not installed"; return; }
  done
  [ -c /dev/net/tun ] || { echo '/dev/net/tun is missing'; return; }
  mkdir -p "$parent"
  [ "$(df --output=avail "$parent" | tail -n 1)" -ge "$needed_kilobytes" ] || { echo "$parent has less than 8 GB free"; return; }
  unshare --mount --net --pid --fork true 2>/dev/null || echo 'namespaces cannot be made here'
}

without_engine() {
  export AIKORE_TEST_NO_ENGINE=$1
  shift
  exec "$@"
}

# $1 folder of a run that is over
remove() {
  local group
  for group in /sys/fs/cgroup/"${1##*/}" /sys/fs/cgroup/*/"${1##*/}"; do
    [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
  rm -rf "$1"
}

# Runs that were killed left their files; who lives holds the lock of his.
remove_leftovers() {
  local folder
  for folder in "$parent/$prefix"*/; do
    [ -e "${folder}lock" ] || continue
    if flock --nonblock "${folder}lock" true; then remove "${folder%/}"; fi
  done
}

# The way out of the room, by a program without rights on the machine's own network: it lasts as long as somebody in the
# room holds the other end of `life`.
connect() {
  local room
  read -r _ <"$folder/waiting"
  room=$(pgrep --full --newest -- "--inside $folder ") || return
  exec slirp4netns --configure --mtu=65520 --disable-host-loopback --exit-fd=3 --ready-fd=4 "$room" tap0 \
    3<"$folder/life" 4>"$folder/connected" >"$folder/network.log" 2>&1
}

# --- inside ------------------------------------------------------------------------------------------------------------

give_up() {
  without_engine "no Docker Engine could be started: $1" "${command[@]}"
}

start_engine() {
  local tries=0
  # What the machine's own files say may be an address of its own network.
  echo 'nameserver 10.0.2.3' >"$folder/resolv.conf"
  mount --bind "$folder/resolv.conf" "$(readlink -f /etc/resolv.conf)"
  dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/pid" --host "$DOCKER_HOST" \
    --cgroup-parent "/${folder##*/}" --exec-opt native.cgroupdriver=cgroupfs >"$folder/engine.log" 2>&1 &
  engine=$!
  until docker version >/dev/null 2>&1; do
    kill -0 "$engine" 2>/dev/null || give_up "$(grep -v '^time=.*level=info' "$folder/engine.log" | tail -n 1)"
    tries=$((tries + 1))
    [ "$tries" -lt $((start_seconds * 10)) ] || give_up "it did not answer within $start_seconds seconds"
    sleep 0.1
  done
  [ "$(docker info --format '{{.Driver}}' 2>/dev/null)" = overlay2 ] || give_up "$parent cannot hold its layers (overlay2)"
}

inside() {
  export DOCKER_HOST=unix://$folder/engine.sock
  ip link set lo up
  exec 5<>"$folder/life"
  echo >"$folder/waiting"
  read -r -t "$start_seconds" -n 1 _ <"$folder/connected" || give_up 'its network could not be connected'
  start_engine
  local status=0
  mkdir "$folder/run"
  AIKORE_TEST_DOCKER_HOST=$DOCKER_HOST AIKORE_TEST_RUN=$folder/run "${command[@]}" 5>&- || status=$?
  kill "$engine"
  wait "$engine" || true
  exit "$status"
}

if [ "${1:-}" = --inside ]; then
  folder=$2
  shift 2
  command=("$@")
  inside
fi

[ -z "${AIKORE_TEST_DOCKER_HOST:-}" ] || exec "$@"
reason=$(why_not)
[ -z "$reason" ] || without_engine "$reason" "$@"
remove_leftovers
folder=$(mktemp -d "$parent/${prefix}XXXXXX")
chmod 755 "$folder"
exec 9>"$folder/lock"
flock 9
mkfifo "$folder/waiting" "$folder/connected" "$folder/life"
connect 9>&- &
status=0
unshare --mount --propagation slave --net --pid --fork --kill-child --mount-proc \
  bash "${BASH_SOURCE[0]}" --inside "$folder" "$@" || status=$?
wait
remove "$folder"
exit "$status"
