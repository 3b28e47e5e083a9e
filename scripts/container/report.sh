# shellcheck shell=bash disable=SC2034,SC2154 # variables of the other parts
# Figures of the image, as tables for docs/deploy/README.md.

report() {
  has_image || fail 'There is no image yet: make image.'
  choose_files
  report_layers
  echo
  echo '| What | Seconds |'
  echo '| --- | --- |'
  if [ "${BUILD:-0}" = 1 ]; then
    report_build 'Cold build' --no-cache
    report_build 'Build with nothing changed'
    report_source_build
  fi
  report_boot
}

# One row a layer that takes room, from the base up.
report_layers() {
  echo '| Layer | Size |'
  echo '| --- | --- |'
  docker history --no-trunc --human=false --format '{{.Size}}|{{.CreatedBy}}' "$(image_name)" | tac |
    awk -F '|' '$1 >= 1000000' | while IFS='|' read -r bytes made; do
    printf '| %s | %d MB |\n' "$(layer_name "$made")" $((bytes / 1000000))
  done
  printf '| Together | %d MB |\n' $(($(docker image inspect -f '{{.Size}}' "$(image_name)") / 1000000))
}

# $1 the instruction that made the layer
layer_name() {
  case $1 in
    *packages/system.txt*) echo 'Programs of the system, NGINX, Python, git' ;;
    *packages/applications.txt*) echo 'What applications compile and run with, ffmpeg' ;;
    *packages/fonts.txt*) echo 'Fonts' ;;
    *install-desktop.sh*) echo 'Display server, Openbox, browser' ;;
    *install-uv.sh*) echo 'uv' ;;
    *install-miniforge.sh*) echo 'Miniforge' ;;
    *'/usr/local/bin/node'*) echo 'Node.js' ;;
    *node_modules/npm*) echo 'npm' ;;
    *'/opt/sd-install'*) echo 'AiKore and its packages' ;;
    *prepare-system.sh*) echo 'Users and places' ;;
    *'/bin/sh -c '*) sed -E 's,.*/bin/sh -c (#\(nop\) )?,,; s/^(.{60}).*/\1…/' <<<"$1" ;;
    *) echo 'Debian' ;;
  esac
}

# $1 what is measured; the rest goes to the build
report_build() {
  local what=$1 began=$SECONDS
  shift
  run_compose build "$@" aikore >/dev/null 2>&1 || fail "$what failed: make image shows why."
  echo "| $what | $((SECONDS - began)) |"
}

# With one source file changed, as somebody who works on AiKore changes it.
report_source_build() {
  local file=src/main.ts kept
  kept=$(mktemp)
  cp -p "$file" "$kept"
  # shellcheck disable=SC2064 # of now
  trap "cp -p '$kept' '$PWD/$file'; rm -f '$kept'" EXIT
  echo '// measured' >>"$file"
  report_build 'Build after a change of one source file'
  cp -p "$kept" "$file"
  rm -f "$kept"
  trap - EXIT
}

# From `docker start` to healthy: the first time on an empty volume, then the median of three on one that is there.
report_boot() {
  local id times=() volume
  volume=$(docker volume create)
  id=$(docker create -v "$volume:/config" "$(image_name)")
  # shellcheck disable=SC2064 # of now
  trap "docker rm -f '$id' >/dev/null 2>&1; docker volume rm '$volume' >/dev/null 2>&1" EXIT
  for _ in 1 2 3 4; do
    times+=("$(boot_milliseconds "$id")")
    docker stop "$id" >/dev/null
  done
  printf '| Boot to healthy, empty volume | %s |\n' "$(in_seconds "${times[0]}")"
  printf '| Boot to healthy, warm volume (median of three) | %s |\n' \
    "$(in_seconds "$(printf '%s\n' "${times[@]:1}" | sort -n | sed -n 2p)")"
}

boot_milliseconds() {
  local began state
  began=$(date +%s%3N)
  docker start "$1" >/dev/null
  for _ in $(seq 600); do
    state=$(docker inspect -f '{{.State.Health.Status}}' "$1")
    if [ "$state" = healthy ]; then
      echo $(($(date +%s%3N) - began))
      return
    fi
    sleep 0.1
  done
  fail 'The container did not become healthy.'
}

in_seconds() { awk -v ms="$1" 'BEGIN { printf "%.1f", ms / 1000 }'; }
