#!/usr/bin/env bash
# Installs the npm packages of the lock file. Native modules are compiled where no prebuilt binary can be fetched.
set -euo pipefail
cd "$(dirname "$0")/.."

echo 'Installing npm packages (native modules may take a few minutes to compile)'
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! npm ci --no-progress >"$log" 2>&1; then
  tail -n 30 "$log" >&2
  echo 'The npm packages could not be installed; the reason stands above.' >&2
  exit 1
fi
