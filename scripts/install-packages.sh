#!/usr/bin/env bash
# Installs the npm packages of the lock file. Native modules are compiled where no prebuilt binary can be fetched.
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT

run() {
  if ! "$@" >"$log" 2>&1; then
    grep -v EBADENGINE "$log" | tail -n 30 >&2
    echo "The npm packages could not be installed: \`$*\` failed; the reason stands above." >&2
    exit 1
  fi
}

echo 'Installing npm packages'
run npm ci --no-progress
echo 'Building better-sqlite3 (a few minutes where no prebuilt binary can be fetched)'
run npm rebuild --ignore-scripts=false better-sqlite3
