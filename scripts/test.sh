#!/usr/bin/env bash
# Runs test suites and closes with one line of totals.
#   test.sh unit|integration|browser|container ...
# Suites of real processes and browsers share this machine with whatever else it does: a few that fail are
# run once more by themselves, and one that passes only then is named as unsteady, with what it said first
# above. AIKORE_TEST_ONCE=1 takes the first answer.
# The container's suites come last and by themselves, one after the other, beside an engine of their own.
set -uo pipefail
cd "$(dirname "$0")/.."

export NODE_OPTIONS="--experimental-vm-modules --no-warnings${NODE_OPTIONS:+ $NODE_OPTIONS}"
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

projects=() wants_container=
for project; do
  if [ "$project" = container ]; then wants_container=1; else projects+=("$project"); fi
done

# $1 name of the result file, $2 project…; -- then Jest's options
run() {
  local output=$1 selected=()
  shift
  while [ "$1" != -- ]; do
    selected+=("$1")
    shift
  done
  shift
  "${beside[@]}" node_modules/.bin/jest --selectProjects "${selected[@]}" --json --outputFile "$results/$output.json" \
    --workerThreads=false "$@"
}

status=0 beside=()
if [ ${#projects[@]} -gt 0 ]; then
  run first "${projects[@]}" -- --maxWorkers=2
  status=$?
  mapfile -t failed < <(node scripts/test-results.mjs failed "$results/first.json")
  if [[ $status -ne 0 && -z ${AIKORE_TEST_ONCE:-} && ${#failed[@]} -ge 1 && ${#failed[@]} -le 5 ]]; then
    echo "Once more, by themselves: ${failed[*]}"
    run again "${projects[@]}" -- --maxWorkers=1 --runTestsByPath "${failed[@]}"
    status=$?
  fi
fi
if [ -n "$wants_container" ]; then
  beside=(test/support/docker/room.sh)
  run container container -- --runInBand || status=1
fi
node scripts/test-results.mjs totals "$results"/*.json || status=1
exit "$status"
