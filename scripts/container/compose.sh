# shellcheck shell=bash disable=SC2034,SC2154 # variables of the other parts
# Which files compose reads, and which container is ours.

# Sets `files`. More of them may be named.
choose_files() {
  files=()
  if [ -n "$(setting COMPOSE_FILE)" ] && [ $# -eq 0 ]; then return; fi
  files=(-f docker-compose.yml)
  case ${gpu:-none} in
    nvidia | amd) files+=(-f "docker-compose.$gpu.yml") ;;
  esac
  if [ -n "$(setting AIKORE_PASSWORD_FILE)" ]; then
    require_password_file
    files+=(-f docker-compose.secrets.yml)
  fi
  local name
  for name in docker-compose.override.yml docker-compose.override.yaml "$@"; do
    [ ! -e "$name" ] || files+=(-f "$name")
  done
}

require_password_file() {
  local file
  file=$(setting AIKORE_PASSWORD_FILE)
  if is_engine_here && [ ! -f "$file" ]; then fail "AIKORE_PASSWORD_FILE names $file, which is not a file of this machine."; fi
}

run_compose() {
  AIKORE_HOSTNAME=$(setting AIKORE_HOSTNAME "$engine_name") "${compose[@]}" "${files[@]}" "$@"
}

# Sets `container`: the id of this folder's container, empty where there is none. Not by its name: a start that failed may
# have left it under another.
find_container() {
  local -a found
  mapfile -t found < <(docker ps -aq --no-trunc --filter "label=com.docker.compose.project.working_dir=$PWD" \
    --filter label=com.docker.compose.service=aikore --filter label=com.docker.compose.oneoff=False)
  container=${found[0]:-}
  if [ ${#found[@]} -gt 1 ]; then
    container=$(docker ps -q --no-trunc --filter "id=${found[0]}" --filter "id=${found[1]}" | head -n 1)
    container=${container:-${found[0]}}
  fi
}

# docker-compose gives the old container a name of its own while it makes a new one.
mend_name() {
  local name
  name=$(docker inspect -f '{{.Name}}' "$container")
  [ "$name" = "/$(container_name)" ] || docker rename "$container" "$(container_name)" 2>/dev/null || true
}

# $1 label of the container
label_of() { docker inspect -f "{{index .Config.Labels \"$1\"}}" "$container" 2>/dev/null; }

# One that starts again and again runs, too, as Docker sees it; nothing can be done in it.
is_running() { [ -n "$container" ] && [ "$(docker inspect -f '{{.State.Status}}' "$container" 2>/dev/null)" = running ]; }

require_running() { is_running || fail 'The container does not run: make up.'; }

# Two folders of one name are one project to compose, which would put its own container in the place of the other's.
require_free_name() {
  local other place
  [ -z "$container" ] || return 0
  other=$(docker ps -aq --filter "name=^/$(container_name)\$" | head -n 1)
  [ -n "$other" ] || return 0
  place=$(docker inspect -f '{{index .Config.Labels "com.docker.compose.project.working_dir"}}' "$other")
  fail "There is a container named $(container_name) already${place:+, made in $place}: remove it there, or give this one another name, ports and data (AIKORE_CONTAINER, COMPOSE_PROJECT_NAME, AIKORE_PORT… in .env)."
}

# The service that builds while AiKore is worked on.
has_watcher() {
  [ -n "$(docker ps -aq --filter label=com.docker.compose.service=watch --filter "label=com.docker.compose.project.working_dir=$PWD")" ]
}
