#!/usr/bin/env bash
# Runs test suites and closes with one line of totals.
#   test.sh unit|integration|browser|container ...
# Suites of real processes and browsers share this machine with whatever else it does: a few that fail are
# run once more by themselves, and one that passes only then is named as unsteady, with what it said first
# above. AIKORE_TEST_ONCE=1 takes the first answer.
# The container's suites come last, one after the other, in a room with an engine of their own.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

export NODE_OPTIONS="--experimental-vm-modules --no-warnings${NODE_OPTIONS:+ $NODE_OPTIONS}"

jest() {
  local output=$1
  shift
  node_modules/.bin/jest --selectProjects "${projects[@]}" --json --outputFile "$output" --workerThreads=false "$@"
}

# $1 results as files of this beginning, $2 processes at a time
run_projects() {
  local begin=$1 status failed
  jest "$begin-first.json" --maxWorkers="$2"
  status=$?
  mapfile -t failed < <(node scripts/test-results.mjs failed "$begin-first.json")
  if [[ $status -ne 0 && -z ${AIKORE_TEST_ONCE:-} && ${#failed[@]} -ge 1 && ${#failed[@]} -le 5 ]]; then
    echo "Once more, by themselves: ${failed[*]}"
    jest "$begin-again.json" --maxWorkers=1 --runTestsByPath "${failed[@]}"
    status=$?
  fi
  return "$status"
}

if [ "${1:-}" = --in-room ]; then
  projects=(container)
  run_projects "$2" 1
  exit
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
projects=() has_container=
for project; do
  if [ "$project" = container ]; then has_container=1; else projects+=("$project"); fi
done

status=0
if [ ${#projects[@]} -gt 0 ]; then run_projects "$results/here" 2 || status=1; fi
if [ -n "$has_container" ]; then
  test/support/docker/room.sh scripts/test.sh --in-room "$results/container" || status=1
fi
node scripts/test-results.mjs totals "$results"/*.json || status=1
exit "$status"
