#!/usr/bin/env bash
# Runs test suites and closes with one line of totals.
#   test.sh unit|integration|browser ...
# Suites of real processes and browsers share this machine with whatever else it does: a few that fail are
# run once more by themselves, and one that passes only then is named as unsteady, with what it said first
# above. AIKORE_TEST_ONCE=1 takes the first answer.
set -uo pipefail
cd "$(dirname "$0")/.."

export NODE_OPTIONS="--experimental-vm-modules --no-warnings${NODE_OPTIONS:+ $NODE_OPTIONS}"
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

run() {
  local output=$1
  shift
  node_modules/.bin/jest --selectProjects "${projects[@]}" --json --outputFile "$results/$output.json" \
    --workerThreads=false "$@"
}

projects=("$@")
run first --maxWorkers=2
status=$?

mapfile -t failed < <(node scripts/test-results.mjs failed "$results/first.json")
if [[ $status -ne 0 && -z ${AIKORE_TEST_ONCE:-} && ${#failed[@]} -ge 1 && ${#failed[@]} -le 5 ]]; then
  echo "Once more, by themselves: ${failed[*]}"
  run again --maxWorkers=1 --runTestsByPath "${failed[@]}"
  status=$?
fi
node scripts/test-results.mjs totals "$results"/*.json || status=1
exit "$status"
