#!/usr/bin/env bash
# Makes sure that what a command needs from the system is there: through apt-get on Debian as root, else it says in one
# line what is missing and what that costs.
#   setup.sh start|test
set -euo pipefail

readonly purpose=${1:?start or test}

# program  package  what its absence costs
required_start=(
  'cc|gcc libc6-dev|the runner cannot be compiled'
)
# For scripts/install-packages.sh where it has to compile SQLite.
required_for_sqlite=(
  'c++|g++|SQLite cannot be compiled for this version of Node.js'
  'make|make|SQLite cannot be compiled for this version of Node.js'
  'python3|python3|SQLite cannot be compiled for this version of Node.js, and Python blueprints cannot run'
)
wanted_start=(
  'python3|python3|Python blueprints cannot run'
)
wanted_test=(
  'chromium|chromium|the browser tests are skipped'
  'Xtigervnc|tigervnc-standalone-server|persistent desktops are not tested'
  'openbox|openbox|persistent desktops are not tested'
  'xsetroot|x11-xserver-utils|persistent desktops have no background in tests'
  'xprop|x11-utils|persistent desktops are not tested'
  'xauth|xauth|the secret of a display is not tested'
  'xdotool|xdotool|persistent desktops are not tested'
  'import|imagemagick|persistent desktops are not tested'
  'xterm|xterm|persistent desktops are not tested'
  'nginx|nginx-light|the tests of the NGINX engine are skipped'
  'git|git|the tests of blueprints fail'
  'curl|curl|the tests of blueprints that download fail'
  'zstd|zstd|the tests of blueprints that download fail'
  'shellcheck|shellcheck|the findings of ShellCheck are not tested'
  'vi|vim-tiny|what an editor shows in a terminal is not tested'
  'less|less|what a pager shows in a terminal is not tested'
  'faketime|faketime|the tests of a clock that is set are skipped'
  'unshare|util-linux|the tests of pids that are used again are skipped'
  'dockerd|docker.io|the tests of the container are skipped'
  'docker-compose|docker-compose|the container is not tested with compose'
  'iptables|iptables|the tests of the container are skipped'
  'slirp4netns|slirp4netns|the tests of the container are skipped'
  'debootstrap|debootstrap|the container is not tested where no image can be pulled'
)

can_install() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null && [ -f /etc/debian_version ]
}

# A daemon that the tests start for themselves is not wanted on the machine as well.
readonly policy=/usr/sbin/policy-rc.d
keep_daemons_off() {
  [ ! -e "$policy" ] || return 0
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
}

apt_updated=0
install_packages() {
  local log
  log=$(mktemp)
  keep_daemons_off
  if [ "$apt_updated" -eq 0 ]; then
    apt-get update >"$log" 2>&1 || true
    apt_updated=1
  fi
  # shellcheck disable=SC2086 # a list of packages
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $1 >>"$log" 2>&1 || { tail -n 5 "$log" >&2; }
  rm -f "$log"
}

need() {
  local program=$1 packages=$2 cost=$3
  command -v "$program" >/dev/null && return 0
  if can_install; then
    echo "Installing $packages"
    install_packages "$packages"
    command -v "$program" >/dev/null && return 0
  fi
  echo "Missing: $program (Debian: $packages): $cost." >&2
  return 1
}

# Debian keeps what puts pip into a new environment in a package of its own, which has no program to look for.
need_venv() {
  python3 -m ensurepip --version >/dev/null 2>&1 && return 0
  if can_install; then
    echo 'Installing python3-venv'
    install_packages python3-venv
    python3 -m ensurepip --version >/dev/null 2>&1 && return 0
  fi
  echo 'Missing: ensurepip (Debian: python3-venv): checks of environments with pip are not tested.' >&2
}

check_node() {
  if ! command -v node >/dev/null || ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
    echo 'AiKore needs Node.js 20.19 or newer, with npm.' >&2
    exit 1
  fi
}

needs_compiler() {
  [ ! -e dist/runner/aikore-runner ] || [ ! -e node_modules/.installed ]
}

compiles_sqlite() {
  [ "$(node -p 'Number(process.versions.napi) >= 10')" = false ]
}

require_all() {
  local entry program packages cost
  for entry in "$@"; do
    IFS='|' read -r program packages cost <<<"$entry"
    need "$program" "$packages" "$cost" || failed=1
  done
}

want_all() {
  local entry program packages cost
  for entry in "$@"; do
    IFS='|' read -r program packages cost <<<"$entry"
    need "$program" "$packages" "$cost" || true
  done
}

cd "$(dirname "$0")/.."
check_node
failed=0
if needs_compiler; then
  require_all "${required_start[@]}"
  if compiles_sqlite; then require_all "${required_for_sqlite[@]}"; else want_all "${wanted_start[@]}"; fi
fi
[ "$failed" -eq 0 ] || exit 1
if [ "$purpose" = test ]; then
  want_all "${wanted_test[@]}"
  need_venv
fi
