#!/usr/bin/env bash
# The container's life, with whichever form of compose is on this machine. What is missing is said in one line.
#   container.sh up|dev-container|down|logs|shell|update|backup|restore|image [FILE]
#
# GPU=nvidia|amd|none   instead of what is found on this machine
# ROOT=1                with shell: as root, not as the applications' user
# PULL=0                with update: base images and sources as they are
set -euo pipefail
cd "$(dirname "$0")/.."

readonly HEALTHY_LIMIT_SECONDS=120

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

# Sets `compose`.
find_compose() {
  command -v docker >/dev/null ||
    fail 'Docker is not installed on this machine. Debian: apt-get install docker.io docker-compose; others: https://docs.docker.com/engine/install/. Without it: make start.'
  if docker compose version >/dev/null 2>&1; then
    compose=(docker compose)
  elif command -v docker-compose >/dev/null; then
    compose=(docker-compose)
  else
    fail 'Compose is not installed on this machine. Debian: apt-get install docker-compose; others: the package docker-compose-plugin.'
  fi
  docker info >/dev/null 2>&1 || fail "$(why_no_engine)"
}

why_no_engine() {
  local socket=/var/run/docker.sock
  if [ -z "${DOCKER_HOST:-}" ] && [ -S "$socket" ] && [ ! -w "$socket" ]; then
    echo 'You may not use the Docker Engine: run this as root, or become a member of the group docker and sign in again.'
  else
    echo 'The Docker Engine does not answer: start it (systemctl start docker), or check DOCKER_HOST.'
  fi
}

# Adds the file for the cards of this machine.
choose_gpu() {
  local gpu=${GPU:-}
  if [ -z "$gpu" ]; then
    gpu=none
    if [ -e /dev/kfd ]; then gpu=amd; fi
    if command -v nvidia-smi >/dev/null && nvidia-smi -L >/dev/null 2>&1; then
      if has_nvidia_toolkit; then
        gpu=nvidia
      else
        echo 'There is an NVIDIA card, but Docker cannot pass it on: the NVIDIA Container Toolkit is missing. Going on without it; GPU=nvidia insists.' >&2
      fi
    fi
  fi
  files=(-f docker-compose.yml)
  case $gpu in
    none) ;;
    nvidia | amd) files+=(-f "docker-compose.$gpu.yml") ;;
    *) fail 'GPU must be nvidia, amd or none.' ;;
  esac
}

has_nvidia_toolkit() {
  docker info --format '{{json .Runtimes}}' 2>/dev/null | grep -q nvidia || command -v nvidia-ctk >/dev/null
}

run_compose() { "${compose[@]}" "${files[@]}" "$@"; }

container_id() { run_compose ps -q aikore 2>/dev/null | head -n 1; }

require_running() {
  local id
  id=$(container_id)
  if [ -z "$id" ] || [ "$(docker inspect -f '{{.State.Running}}' "$id")" != true ]; then
    fail 'The container does not run: make up.'
  fi
}

build_image() {
  AIKORE_REVISION=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
  export AIKORE_REVISION
  run_compose build "$@"
}

has_image() { docker image inspect "${AIKORE_IMAGE:-aikore:latest}" >/dev/null 2>&1; }

wait_until_healthy() {
  local id state deadline=$((SECONDS + HEALTHY_LIMIT_SECONDS))
  id=$(container_id)
  [ -n "$id" ] || fail 'The container was not made; the reason stands above.'
  while [ "$SECONDS" -lt "$deadline" ]; do
    state=$(docker inspect -f '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}} {{.RestartCount}}' "$id")
    case $state in
      *' healthy '*) return 0 ;;
      exited* | dead* | restarting* | *[1-9]) break ;;
    esac
    sleep 0.5
  done
  docker logs --tail 15 "$id" >&2 || true
  fail 'AiKore did not get ready; what it said last stands above (make logs shows all).'
}

# The link of the log names the container's own address; from outside it is another.
tell_address() {
  local id port link
  id=$(container_id)
  port=$(docker port "$id" 9000/tcp | head -n 1 | sed 's/.*://')
  echo "AiKore serves at ${AIKORE_PUBLIC_URL:-http://localhost:$port}/"
  link=$(docker logs --since "$(docker inspect -f '{{.State.StartedAt}}' "$id")" "$id" 2>&1 |
    sed -nE 's,^ *Sign in: https?://[^/]+(/.+)$,\1,p' | tail -n 1)
  [ -z "$link" ] || echo "Sign in:  ${AIKORE_PUBLIC_URL:-http://localhost:$port}$link"
}

up() {
  has_image || build_image
  run_compose up -d
  wait_until_healthy
  tell_address
}

update() {
  local id pull=(--pull)
  [ "${PULL:-1}" = 1 ] || pull=()
  id=$(container_id)
  if [ -n "$id" ] && [ "$(docker inspect -f '{{.State.Running}}' "$id")" = true ]; then backup; fi
  if [ "${PULL:-1}" = 1 ] && [ -d .git ] && git rev-parse --abbrev-ref '@{upstream}' >/dev/null 2>&1; then
    git pull --ff-only || fail 'The sources could not be brought up to date; see above. PULL=0 builds them as they are.'
  fi
  build_image "${pull[@]}"
  up
}

backup() {
  local made
  require_running
  made=$(run_compose exec -T -u 0 aikore aikore-backup | tr -d '\r') || fail 'The backup failed; the reason stands above.'
  echo "Backup: ${AIKORE_DATA:-./data}${made#/config}"
}

restore() {
  [ -n "${1:-}" ] || fail 'Which backup? make restore FILE=aikore-….tar.gz (a name in the folder backups of the data)'
  run_compose stop aikore
  if ! run_compose run --rm --no-deps aikore aikore-restore "${1##*/}"; then
    fail 'Nothing was restored, and AiKore is stopped: make up starts it as it was.'
  fi
  up
}

shell() {
  require_running
  if [ "${ROOT:-0}" = 1 ]; then
    run_compose exec -u 0 aikore bash
  else
    # What applications see, as the user that they are.
    run_compose exec aikore aikore-shell
  fi
}

order=${1:-}
find_compose
choose_gpu
case $order in
  up | update | backup | shell) "$order" ;;
  restore) restore "${2:-}" ;;
  image) build_image ;;
  dev-container)
    files+=(-f docker-compose.dev.yml)
    run_compose up --build
    ;;
  down) run_compose down ;;
  logs) run_compose logs --tail 200 -f aikore ;;
  *) fail 'container.sh up|dev-container|down|logs|shell|update|backup|restore|image' ;;
esac
