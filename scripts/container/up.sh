# shellcheck shell=bash disable=SC2034,SC2154 # variables of the other parts
# Starting the container, and waiting until AiKore serves.

readonly HEALTHY_LIMIT_SECONDS=120
readonly PATIENCE_SECONDS=5

up() {
  require_free_name
  choose_gpu
  choose_files
  has_image || build_first_image
  if ! is_running; then
    start_container
  elif is_outdated; then
    confirm_ending 'Settings or the image have changed, so the container is made anew.'
    start_container
  fi
  wait_until_healthy
  tell_addresses
}

# Whether compose would put another container in the place of this one. A needless question is all that a wrong answer costs.
is_outdated() {
  local wanted
  [ "$(docker inspect -f '{{.Image}}' "$container")" = "$(image_id)" ] || return 0
  wanted=$(run_compose config --hash aikore 2>/dev/null | sed -nE 's/^aikore +//p')
  [ -n "$wanted" ] && [ "$wanted" != "$(label_of com.docker.compose.config-hash)" ]
}

start_container() {
  local said
  require_gpu
  echo 'Starting AiKore'
  if ! said=$(run_compose up -d --no-build aikore 2>&1); then fail_plainly "$said"; fi
  find_container
  [ -n "$container" ] || fail 'The container was not made.'
  mend_name
}

wait_until_healthy() {
  local state began=$SECONDS restarts told=0
  restarts=$(docker inspect -f '{{.RestartCount}}' "$container")
  while [ $((SECONDS - began)) -lt "$HEALTHY_LIMIT_SECONDS" ]; do
    state=$(docker inspect -f '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}healthy{{end}} {{.RestartCount}}' "$container")
    case $state in
      'running healthy '*) return 0 ;;
      running*" $restarts" | created*) ;;
      *) give_up 'AiKore did not start; what it said stands above.' ;;
    esac
    if [ "$told" -eq 0 ] && [ $((SECONDS - began)) -ge "$PATIENCE_SECONDS" ]; then
      told=1
      echo 'Waiting for AiKore: taking over a large database may take minutes.'
    fi
    sleep 0.3
  done
  give_up "AiKore is not ready after $HEALTHY_LIMIT_SECONDS seconds; it goes on trying (make logs)."
}

give_up() {
  docker logs --tail 15 "$container" 2>&1 | printable >&2 || true
  [ "$(docker inspect -f '{{.State.Status}}' "$container")" != restarting ] || warn 'Docker goes on trying; make down ends that.'
  fail "$1"
}
