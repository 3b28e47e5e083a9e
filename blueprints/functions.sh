# shellcheck shell=bash
#
# Helpers for blueprints:  source "$AIKORE_FUNCTIONS"
#
# Needs bash and coreutils; git and Python only where a function says so. Works under `set -euo pipefail` and changes no
# shell option. Everything may be interrupted at any point and run again: the next start finishes what this one began.

# Names the phase that the dashboard shows, and prints it.
#   aikore_step TEXT
# The output carries ESC ] 977 ; step=TEXT BEL, which terminals swallow and AiKore reads, and then the line "==> TEXT".
aikore_step() {
  local text="${*//[[:cntrl:]]/ }"
  text="${text:0:200}"
  printf '\033]977;step=%s\a\033[1m==> %s\033[0m\n' "$text" "$text"
}

aikore_warn() { printf '\033[33mwarning: %s\033[0m\n' "$*" >&2; }

aikore_error() { printf '\033[31merror: %s\033[0m\n' "$*" >&2; }

# Writes a small file whole or not at all.
_aikore_write() {
  printf '%s\n' "$2" >"$1.new" && mv -fT -- "$1.new" "$1"
}

# Absolute, without a slash at the end (behind which `rm` and `ln` would follow a link); links stay as they are.
_aikore_absolute() {
  local path="$1"
  [[ $path == /* ]] || path="$PWD/$path"
  realpath --no-symlinks --canonicalize-missing -- "$path"
}

_aikore_library="${BASH_SOURCE[0]%/*}"
[[ $_aikore_library != "${BASH_SOURCE[0]}" ]] || _aikore_library=.
# shellcheck source-path=SCRIPTDIR source=lib/folders.sh
source "$_aikore_library/lib/folders.sh"
# shellcheck source-path=SCRIPTDIR source=lib/git.sh
source "$_aikore_library/lib/git.sh"
# shellcheck source-path=SCRIPTDIR source=lib/python.sh
source "$_aikore_library/lib/python.sh"
unset _aikore_library
