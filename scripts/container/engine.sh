# shellcheck shell=bash disable=SC2034,SC2154 # variables of the other parts
# The engine and the form of compose that this machine has.

# What the base file says needs the unified format of compose files, and its devices, which came with 1.28.
readonly OLDEST_COMPOSE='1.28'

# Sets `compose` and `engine_name`.
find_engine() {
  local answer
  command -v docker >/dev/null ||
    fail 'Docker is not installed on this machine. Debian: apt-get install docker.io docker-compose; others: https://docs.docker.com/engine/install/. Without it: make start.'
  answer=$(docker version --format '{{.Server.Version}}' 2>&1) || fail "$(why_no_engine "$answer")"
  find_compose
  engine_name=$(docker info --format '{{.Name}}' 2>/dev/null || true)
}

# $1 what docker said
why_no_engine() {
  case $1 in
    *'ermission denied'*)
      echo "You may not use the Docker Engine: run this as root (sudo make …), or let root add you to the group (usermod -aG docker $(id -un)) and sign in again."
      ;;
    *'annot connect'* | *'o such file'* | *'onnection refused'* | *'s the docker daemon running'*)
      echo "The Docker Engine does not answer${DOCKER_HOST:+ at $DOCKER_HOST}: start it (systemctl start docker), or mend DOCKER_HOST."
      ;;
    *) echo "The Docker Engine cannot be used: $(tail -n 1 <<<"$1")" ;;
  esac
}

find_compose() {
  local version
  if docker compose version >/dev/null 2>&1; then
    compose=(docker compose)
    return
  fi
  command -v docker-compose >/dev/null ||
    fail 'Compose is not installed on this machine. Debian: apt-get install docker-compose; with the packages of docker.com: docker-compose-plugin.'
  compose=(docker-compose)
  version=$(docker-compose version --short 2>/dev/null) ||
    fail 'docker-compose does not work on this machine: try docker-compose version.'
  [ "$(printf '%s\n' "$OLDEST_COMPOSE" "${version#v}" | sort -V | head -n 1)" = "$OLDEST_COMPOSE" ] ||
    fail "docker-compose $version is too old: $OLDEST_COMPOSE or newer, or the plugin of Docker (docker compose)."
}

# Whether the engine works on this machine, so that its cards and addresses are this machine's.
is_engine_here() {
  case $(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null || echo "${DOCKER_HOST:-unix://}") in
    unix://*) return 0 ;;
    *) return 1 ;;
  esac
}
