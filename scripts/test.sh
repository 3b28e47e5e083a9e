#!/usr/bin/env bash
# Runs test suites and closes with one line of totals.
#   test.sh unit|integration|browser ...
set -uo pipefail
cd "$(dirname "$0")/.."

export NODE_OPTIONS="--experimental-vm-modules --no-warnings${NODE_OPTIONS:+ $NODE_OPTIONS}"
results=$(mktemp)
trap 'rm -f "$results"' EXIT

projects=()
for suite in "$@"; do projects+=("$suite"); done

node_modules/.bin/jest --selectProjects "${projects[@]}" --json --outputFile "$results" --workerThreads=false --maxWorkers=2
status=$?
node -e '
  const result = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped, numRuntimeErrorTestSuites: broken } = result;
  console.log(`${passed} passed, ${failed + broken} failed, ${skipped} skipped`);
' "$results" || echo '0 passed, 1 failed, 0 skipped'
exit "$status"
