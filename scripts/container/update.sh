# shellcheck shell=bash disable=SC2034,SC2154 # variables of the other parts
# A newer AiKore on the same data.

update() {
  local before after pull=()
  # Nobody waits for a build to be told that nobody was there to be asked.
  [ -t 0 ] || [ "${YES:-0}" = 1 ] || confirm_ending 'An update starts AiKore anew.'
  if [ "${PULL:-1}" = 1 ]; then
    pull_sources
    pull=(--pull)
  fi
  before=$(image_id)
  build_image "${pull[@]}"
  after=$(image_id)
  if [ -n "$before" ] && [ "$before" != "$after" ]; then docker tag "$before" "$(previous_name)"; fi
  if is_running; then
    if [ "$(docker inspect -f '{{.Image}}' "$container")" = "$after" ]; then
      echo 'There is nothing newer.'
    else
      confirm_ending 'The new image is ready; AiKore ends and begins anew with it.'
      backup
    fi
  fi
  YES=1 up
  [ -z "$before" ] || [ "$before" = "$after" ] || tell_way_back
}

# The newest sources, and then the newest form of this script.
pull_sources() {
  [ -z "${AIKORE_PULLED:-}" ] || return 0
  git rev-parse --abbrev-ref '@{upstream}' >/dev/null 2>&1 || return 0
  git pull --ff-only || fail 'The sources could not be brought up to date; the reason stands above. PULL=0 builds them as they are.'
  AIKORE_PULLED=1 exec scripts/container.sh update
}

previous_name() {
  local name
  name=$(image_name)
  case ${name##*/} in
    *:*) name=${name%:*} ;;
  esac
  echo "$name:previous"
}

tell_way_back() {
  echo "The image before this one is $(previous_name). To go back: docker tag $(previous_name) $(image_name), make up; where that refuses the database, make restore with the backup from before."
}
