# shellcheck shell=bash disable=SC2034,SC2119,SC2120,SC2154 # variables of the other parts; arguments that may be none
# Building the image.

# What the layers of a build take at its height, together with the image.
readonly NEEDED_BYTES=$((10 * 1024 * 1024 * 1024))

has_image() { docker image inspect "$(image_name)" >/dev/null 2>&1; }

image_id() { docker image inspect -f '{{.Id}}' "$(image_name)" 2>/dev/null || true; }

# $@ what compose's build is told besides
build_image() {
  local revision log
  revision=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
  choose_files
  tell_room
  log=$(mktemp)
  if ! run_compose build "$@" --build-arg "AIKORE_REVISION=$revision" aikore 2>&1 | tee "$log"; then
    explain "$(tail -n 40 "$log")" >&2
    rm -f "$log"
    fail 'The image could not be built; the reason stands above.'
  fi
  rm -f "$log"
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
