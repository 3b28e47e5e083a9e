#!/usr/bin/env bash
# The container's life, with whichever form of compose is on this machine. What is missing is said in one line.
#   container.sh up|down|logs|shell|update|image|report|dev-container
#   container.sh backup|restore [FILE]
#
# GPU=nvidia|amd|none   instead of what is found on this machine
# YES=1                 ends running instances without asking
# ROOT=1                with shell: as root, not as the applications' user
# PULL=0                with update: sources and base images as they are
# BUILD=1               with report: measures builds as well, which takes minutes
# Settings of the container: .env.example.
set -euo pipefail
cd -P "$(dirname "$0")/.."
# What they set is used in each other: they are one program in parts.
source scripts/container/say.sh
source scripts/container/settings.sh
source scripts/container/engine.sh
source scripts/container/gpu.sh
source scripts/container/compose.sh
source scripts/container/addresses.sh
source scripts/container/trouble.sh
source scripts/container/instances.sh
source scripts/container/build.sh
source scripts/container/up.sh
source scripts/container/data.sh
source scripts/container/update.sh
source scripts/container/report.sh

down() {
  tell_ending
  choose_files
  ! has_watcher || files+=(-f docker-compose.dev.yml)
  run_compose down
}

logs() {
  choose_files
  # Ctrl+C is how one leaves.
  trap 'exit 0' INT
  run_compose logs --tail 200 -f aikore
}

shell() {
  local how=(-i) program=(aikore-shell)
  require_running
  [ ! -t 0 ] || how=(-it)
  # Otherwise as applications run: their user, what they see.
  [ "${ROOT:-0}" != 1 ] || program=(bash)
  exec docker exec "${how[@]}" -u 0 "$container" "${program[@]}"
}

dev_container() {
  require_free_name
  choose_gpu
  choose_files docker-compose.dev.yml
  confirm_ending 'Starting it for work on AiKore makes the container anew.'
  run_compose up --build
}

main() {
  find_engine
  find_container
  case ${1:-} in
    up) up ;;
    down) down ;;
    logs) logs ;;
    shell) shell ;;
    update) update ;;
    backup) backup "${2:-}" ;;
    restore) restore "${2:-}" ;;
    image) build_image ;;
    report) report ;;
    dev-container) dev_container ;;
    *) fail 'container.sh up|down|logs|shell|update|backup|restore|image|report|dev-container' ;;
  esac
}

# In one piece, because an update changes this file while it is at work.
{
  main "$@"
  exit
}
