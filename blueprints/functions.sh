# shellcheck shell=bash
#
# Helpers for blueprints:  source "$AIKORE_FUNCTIONS"
#
# Needs bash and coreutils; git, curl and Python only where a function says so. Works under `set -euo pipefail` and changes
# no shell option. Everything may be interrupted at any point and run again: the next start finishes what this one began.

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

# Ends the script with a sentence when a program is missing.
#   aikore_need PROGRAM...
aikore_need() {
  local program is_missing=""
  for program in "$@"; do
    command -v -- "$program" >/dev/null 2>&1 && continue
    aikore_error "\"$program\" is missing on this machine. $(_aikore_remedy "$program")"
    is_missing=1
  done
  [[ -z $is_missing ]] || exit 1
}

# How to get a program on Debian.
_aikore_remedy() {
  local package="$1"
  case "$1" in
    node) package="nodejs (20 or newer)" ;;
    gcc | g++ | make | cc | c++) package="build-essential" ;;
    ninja) package=ninja-build ;;
    7z | 7za) package=p7zip-full ;;
    xz) package=xz-utils ;;
    python3) package="python3 python3-venv" ;;
    ssh) package=openssh-client ;;
    Xvfb) package=xvfb ;;
    flock) package=util-linux ;;
    bun) printf 'It is not part of Debian; https://bun.sh says how to install it.' && return ;;
    dotnet) printf 'It is not part of Debian; https://dotnet.microsoft.com says how to install it.' && return ;;
    uv) printf 'It is not part of Debian: "pipx install uv" brings it.' && return ;;
    conda) printf 'Miniforge brings it: https://conda-forge.org/download.' && return ;;
    nvcc) printf "It comes with NVIDIA's CUDA toolkit (on Debian: apt install nvidia-cuda-toolkit)." && return ;;
  esac
  printf 'On Debian: apt install %s' "$package"
}

# Writes a small file whole or not at all.
_aikore_write() {
  printf '%s\n' "$2" >"$1.new" && mv -fT -- "$1.new" "$1"
}

# Absolute, without a slash at the end (behind which `rm` and `ln` would follow a link); links stay as they are.
_aikore_absolute() {
  local path="$1"
  [[ $path == /* ]] || path="$PWD/$path"
  # The dot keeps what would be lost of a name that ends in a line break.
  path="$(realpath --no-symlinks --canonicalize-missing -- "$path" && printf .)" || return 1
  printf '%s' "${path%$'\n.'}"
}

# An address without the user and password in it.
_aikore_public_url() {
  local url="$1" rest
  if [[ $url == *://* ]]; then
    rest="${url#*://}"
    if [[ ${rest%%/*} == *@* ]]; then url="${url%%://*}://***@${rest#*@}"; fi
  fi
  printf '%s' "${url//[[:cntrl:]]/?}"
}

_aikore_sha256() {
  local sum
  sum="$(sha256sum)" || return 1
  printf '%s' "${sum%% *}"
}

# The script that sources this, wherever it goes afterwards.
_AIKORE_SCRIPT="${BASH_SOURCE[-1]}"
[[ $_AIKORE_SCRIPT == /* ]] || _AIKORE_SCRIPT="$PWD/$_AIKORE_SCRIPT"
_AIKORE_HOME="${INSTANCE_CONF_DIR:-$PWD}"
_AIKORE_STATE="$_AIKORE_HOME/.aikore"
_AIKORE_LIBRARY="${BASH_SOURCE[0]%/*}"
[[ $_AIKORE_LIBRARY != "${BASH_SOURCE[0]}" ]] || _AIKORE_LIBRARY=.
[[ $_AIKORE_LIBRARY == /* ]] || _AIKORE_LIBRARY="$PWD/$_AIKORE_LIBRARY"
_AIKORE_LIBRARY="$_AIKORE_LIBRARY/lib"

# shellcheck source-path=SCRIPTDIR source=lib/folders.sh
source "$_AIKORE_LIBRARY/folders.sh"
# shellcheck source-path=SCRIPTDIR source=lib/git.sh
source "$_AIKORE_LIBRARY/git.sh"
# shellcheck source-path=SCRIPTDIR source=lib/clone.sh
source "$_AIKORE_LIBRARY/clone.sh"
# shellcheck source-path=SCRIPTDIR source=lib/interpreters.sh
source "$_AIKORE_LIBRARY/interpreters.sh"
# shellcheck source-path=SCRIPTDIR source=lib/python.sh
source "$_AIKORE_LIBRARY/python.sh"
# shellcheck source-path=SCRIPTDIR source=lib/conda.sh
source "$_AIKORE_LIBRARY/conda.sh"
# shellcheck source-path=SCRIPTDIR source=lib/packages.sh
source "$_AIKORE_LIBRARY/packages.sh"
# shellcheck source-path=SCRIPTDIR source=lib/accelerator.sh
source "$_AIKORE_LIBRARY/accelerator.sh"
# shellcheck source-path=SCRIPTDIR source=lib/torch.sh
source "$_AIKORE_LIBRARY/torch.sh"
# shellcheck source-path=SCRIPTDIR source=lib/downloads.sh
source "$_AIKORE_LIBRARY/downloads.sh"
# shellcheck source-path=SCRIPTDIR source=lib/releases.sh
source "$_AIKORE_LIBRARY/releases.sh"
# shellcheck source-path=SCRIPTDIR source=lib/gradio.sh
source "$_AIKORE_LIBRARY/gradio.sh"
# shellcheck source-path=SCRIPTDIR source=lib/record.sh
source "$_AIKORE_LIBRARY/record.sh"
# shellcheck source-path=SCRIPTDIR source=lib/setup-key.sh
source "$_AIKORE_LIBRARY/setup-key.sh"
# shellcheck source-path=SCRIPTDIR source=lib/setup-locks.sh
source "$_AIKORE_LIBRARY/setup-locks.sh"
# shellcheck source-path=SCRIPTDIR source=lib/setup-repair.sh
source "$_AIKORE_LIBRARY/setup-repair.sh"
# shellcheck source-path=SCRIPTDIR source=lib/setup.sh
source "$_AIKORE_LIBRARY/setup.sh"
