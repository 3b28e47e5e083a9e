# shellcheck shell=bash disable=SC2034,SC2154 # variables of the other parts
# Building the image.

# What the layers of a build take at its height, together with the image.
readonly NEEDED_BYTES=$((10 * 1024 * 1024 * 1024))

has_image() { docker image inspect "$(image_name)" >/dev/null 2>&1; }

image_id() { docker image inspect -f '{{.Id}}' "$(image_name)" 2>/dev/null || true; }

# $@ what compose's build is told besides
build_image() {
  local log given
  mapfile -t given < <(list_build_arguments)
  choose_files
  tell_room
  log=$(mktemp)
  if ! run_compose build "$@" "${given[@]}" aikore 2>&1 | tee "$log"; then
    explain "$(tail -n 40 "$log")" >&2
    rm -f "$log"
    fail 'The image could not be built; the reason stands above.'
  fi
  rm -f "$log"
}

# Whatever the Dockerfile asks for and the environment or .env says, a word a line.
list_build_arguments() {
  local name value
  printf '%s\n' --build-arg "AIKORE_REVISION=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)"
  for name in $(sed -nE 's/^ARG ([A-Z0-9_]+).*/\1/p' Dockerfile | sort -u); do
    value=$(setting "$name")
    if [ -n "$value" ] && [ "$name" != AIKORE_REVISION ]; then printf '%s\n' --build-arg "$name=$value"; fi
  done
}

build_first_image() {
  echo "There is no image $(image_name) yet: building it, which takes some minutes and needs the network. Later starts take seconds."
  build_image
}

tell_room() {
  local root free
  is_engine_here || return 0
  root=$(docker info --format '{{.DockerRootDir}}' 2>/dev/null) || return 0
  free=$(df -B1 --output=avail "$root" 2>/dev/null | tail -n 1 | tr -d ' ') || return 0
  if [ -n "$free" ] && [ "$free" -lt "$NEEDED_BYTES" ]; then
    warn "There are $((free / 1024 / 1024 / 1024)) GiB left at $root; a build may need $((NEEDED_BYTES / 1024 / 1024 / 1024))."
  fi
}
