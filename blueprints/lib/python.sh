# shellcheck shell=bash
#
# Python environments that are made once and checked quickly. Part of functions.sh.

_AIKORE_INSTALL_COUNT=0

# Makes a virtual environment, or takes the one that is there, and activates it.
#   aikore_venv DIR
# PYTHON_VERSION, when set, chooses the interpreter; another version than before makes a new environment, and so does
# `.rebuild-env`. Uses uv when it is there, else python3 -m venv. An environment whose folder was moved goes on working.
aikore_venv() {
  local dir
  [[ -n ${1:-} ]] || { aikore_error "aikore_venv needs: DIR"; return 1; }
  clean_env "$1" || return 1
  dir="$(_aikore_absolute "$1")" || return 1
  if ! _aikore_is_venv_usable "$dir"; then
    aikore_step "Creating the Python environment"
    rm -rf -- "${dir:?}" || return 1
    mkdir -p -- "$(dirname -- "$dir")" || return 1
    _aikore_create_venv "$dir" || return 1
    _aikore_write "$dir/.aikore-env" "${PYTHON_VERSION:-}"$'\n'"$(realpath -- "$dir")" || return 1
  fi
  _aikore_adopt_moved_venv "$dir" || return 1
  export VIRTUAL_ENV="$dir"
  export PATH="$dir/bin:$PATH"
  unset PYTHONHOME
  hash -r
  _AIKORE_INSTALL_COUNT=0
}

_aikore_is_venv_usable() {
  local dir="$1" version=""
  [[ -f $dir/.aikore-env && -x $dir/bin/python ]] || return 1
  IFS= read -r version <"$dir/.aikore-env" || true
  [[ $version == "${PYTHON_VERSION:-}" ]] && "$dir/bin/python" -c 'import encodings' >/dev/null 2>&1
}

_aikore_create_venv() {
  local dir="$1" python="python3"
  if _aikore_has_uv; then
    # --seed brings pip along, for whoever opens a terminal and for when uv fails.
    _aikore_uv venv --quiet --seed ${PYTHON_VERSION:+--python "$PYTHON_VERSION"} "$dir" && return 0
    _aikore_give_up_uv
    rm -rf -- "${dir:?}" || return 1
  fi
  [[ -z ${PYTHON_VERSION:-} ]] || python="python$PYTHON_VERSION"
  if ! command -v "$python" >/dev/null 2>&1; then
    aikore_error "\"$python\" is not installed on this machine. Install it (on Debian: apt install python3 python3-venv) or install uv, which brings its own."
    return 1
  fi
  "$python" -m venv "$dir" && return 0
  aikore_error "The environment could not be made. On Debian, \"apt install python3-venv\" brings what is missing."
  return 1
}

# Scripts of an environment begin with its absolute path. After a rename of the instance they would point nowhere.
_aikore_adopt_moved_venv() {
  local dir="$1" old="" new file content
  new="$(realpath -- "$dir")" || return 1
  { IFS= read -r _; IFS= read -r old; } <"$dir/.aikore-env" || true
  [[ -n $old && $old != "$new" ]] || return 0
  for file in "$new"/bin/*; do
    [[ -f $file && ! -L $file ]] || continue
    # -I passes over binaries, which a shell variable could not hold. A file with the new path is done already, and may
    # hold the old one as a part of it.
    if ! grep -qIF -- "$old" "$file" || grep -qF -- "$new" "$file"; then continue; fi
    content="$(<"$file")" || return 1
    [[ $new != *[[:space:]]* ]] || content="$(_aikore_shield_shebang "$content")"
    # The copy is there for the mode.
    cp -p -- "$file" "$file.new" && printf '%s\n' "${content//"$old"/"$new"}" >"$file.new" || return 1
    mv -fT -- "$file.new" "$file" || return 1
  done
  _aikore_write "$new/.aikore-env" "${PYTHON_VERSION:-}"$'\n'"$new"
}

# A path with a space cannot stand behind "#!". As pip does it: a line that starts Python for sh and is a string to Python.
_aikore_shield_shebang() {
  local content="$1" first="${1%%$'\n'*}"
  if [[ $first == '#!'*/bin/python* ]]; then
    content="#!/bin/sh"$'\n'"'''exec' \"${first#'#!'}\" \"\$0\" \"\$@\""$'\n'"' '''"$'\n'"${content#*$'\n'}"
  fi
  printf '%s\n' "$content"
}

# uv is quicker but does not read pip's configuration, so on a machine with an index of its own it may fail where pip does
# not. AIKORE_INSTALLER=pip in the instance's variables keeps to pip from the start.
_aikore_has_uv() { [[ ${AIKORE_INSTALLER:-} != pip ]] && command -v uv >/dev/null 2>&1; }

_aikore_uv() { UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}" uv "$@"; }

_aikore_give_up_uv() {
  aikore_warn "uv failed; going on with pip."
  AIKORE_INSTALLER=pip
}

# pip of the active environment, or uv in its place.
#   aikore_pip install torch
aikore_pip() {
  if [[ -n ${VIRTUAL_ENV:-} ]] && _aikore_has_uv; then
    _aikore_uv pip "$@" && return 0
    _aikore_give_up_uv
  fi
  python -m pip --disable-pip-version-check "$@"
}

# Installs packages unless exactly this was installed before, so that a warm start costs nothing.
#   aikore_install jupyterlab==4.4.1          aikore_install -r requirements.txt
# Takes what `pip install` takes. The content of files counts too. Calls are remembered in order: a change in one repeats
# it and those after it. Call it after aikore_venv, not in a subshell.
aikore_install() {
  local stamp wanted known=""
  [[ -n ${VIRTUAL_ENV:-} ]] || { aikore_error "aikore_install: call aikore_venv first."; return 1; }
  _AIKORE_INSTALL_COUNT=$((_AIKORE_INSTALL_COUNT + 1))
  stamp="$VIRTUAL_ENV/.aikore-install-$_AIKORE_INSTALL_COUNT"
  wanted="$(_aikore_fingerprint "$@")" || return 1
  [[ ! -f $stamp ]] || known="$(<"$stamp")"
  [[ $known != "$wanted" ]] || return 0
  aikore_step "Installing$(_aikore_package_names "$@")"
  _aikore_forget_installs "$_AIKORE_INSTALL_COUNT" || return 1
  aikore_pip install "$@" || return 1
  _aikore_write "$stamp" "$wanted"
}

# Neither options nor addresses: those may hold a password.
_aikore_package_names() {
  local argument
  for argument in "$@"; do
    [[ $argument == -* || $argument == *://* ]] || printf ' %s' "$argument"
  done
}

_aikore_forget_installs() {
  local number="$1" stamp="$VIRTUAL_ENV/.aikore-install-$1"
  while [[ -e $stamp ]]; do
    rm -f -- "$stamp" || return 1
    number=$((number + 1))
    stamp="$VIRTUAL_ENV/.aikore-install-$number"
  done
}

_aikore_fingerprint() {
  local argument
  for argument in "$@"; do
    printf '%q\n' "$argument"
    [[ ! -f $argument ]] || sha256sum <"$argument" || return 1
  done
}

# Installs requirements.txt of a folder and of the folders directly in it.
#   install_requirements DIR
# All of them are tried; returns 1 when one failed.
install_requirements() {
  local dir="${1:-.}" file status=0
  for file in "$dir"/requirements.txt "$dir"/*/requirements.txt; do
    [[ -f $file ]] || continue
    aikore_step "Installing $file"
    if ! aikore_pip install -r "$file"; then
      aikore_warn "\"$file\" could not be installed."
      status=1
    fi
  done
  return "$status"
}
