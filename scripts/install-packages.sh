#!/usr/bin/env bash
# Installs the npm packages of the lock file. Nothing is compiled, unless SQLite's package has no binary for this system:
# it has those that Node 22.14 and newer take on x64 and arm64, with glibc 2.34 or newer where that is the C library.
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

# The same choice as in src/core/database/sqlite.ts, which is not built yet.
sqlite_package() {
  node -p "Number(process.versions.napi) >= 10 ? 'better-sqlite3' : 'better-sqlite3-node20'"
}

opens_a_database() {
  node -e "new (require('$1'))(':memory:').close()" >"$log" 2>&1
}

echo 'Installing npm packages'
run npm ci --no-progress
package=$(sqlite_package)
if ! opens_a_database "$package"; then
  echo "Building SQLite for Node.js $(node -p process.versions.node) (a few minutes where no binary of it can be fetched)"
  if [ -d "node_modules/$package/prebuilds" ]; then
    # These are for other systems, and would be taken before what is compiled.
    rm -r "node_modules/$package/prebuilds"
    run npm --prefix "node_modules/$package" run build-release
  else
    run npm rebuild --ignore-scripts=false "$package"
  fi
  run opens_a_database "$package"
fi
