# shellcheck shell=bash
#
# What is installed into an environment, and remembered. Part of functions.sh.

# uv is quicker but does not read pip's configuration, so on a machine with an index of its own it may fail where pip does
# not. PYTHON_INSTALLER=pip in the instance's variables keeps to pip from the start.
_aikore_has_uv() {
  [[ ${PYTHON_INSTALLER:-${AIKORE_INSTALLER:-uv}} != pip ]] && command -v uv >/dev/null 2>&1
}

_aikore_uv() {
  UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}" UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-30}" uv "$@"
}

_aikore_give_up_uv() {
  aikore_warn "uv failed; going on with pip."
  PYTHON_INSTALLER=pip
}

# pip of the active environment, or uv in its place. torch, once aikore_torch chose it, stays as it is.
#   aikore_pip install transformers
aikore_pip() {
  local arguments=("$@") file="$_AIKORE_ENV/.aikore-constraints.txt"
  if [[ ${1:-} == install && -n $_AIKORE_ENV && -s $file ]]; then
    arguments=(install --constraint "$file" "${@:2}")
  fi
  if [[ -n $_AIKORE_ENV ]] && _aikore_has_uv && _aikore_is_for_uv "${arguments[@]}"; then
    _aikore_uv_pip "${arguments[@]}" && return
    _aikore_give_up_uv
  fi
  _aikore_plain_pip "${arguments[@]}"
}

_aikore_uv_pip() {
  (unset UV_CONSTRAINT && UV_PYTHON="$_AIKORE_ENV/bin/python" _aikore_uv pip "$@") && _aikore_note installer uv
}

_aikore_plain_pip() {
  _aikore_note installer pip
  env -u PIP_CONSTRAINT PIP_DEFAULT_TIMEOUT="${PIP_DEFAULT_TIMEOUT:-30}" PIP_RETRIES="${PIP_RETRIES:-3}" \
    python -m pip --disable-pip-version-check --no-input "$@"
}

# With --upgrade, uv looks for torch anew, in an index that does not have the build that was chosen.
_aikore_is_for_uv() { [[ "$*" != *--constraint*--upgrade* ]]; }

# Every pip in here, the application's own included, leaves torch as it is.
_aikore_apply_constraints() {
  local file="$_AIKORE_ENV/.aikore-constraints.txt"
  unset PIP_CONSTRAINT UV_CONSTRAINT
  [[ -s $file ]] || return 0
  # Both split what they are given at spaces.
  export PIP_CONSTRAINT="file://${file// /%20}"
  [[ $file == *[[:space:]]* ]] || export UV_CONSTRAINT="$file"
}

# Installs packages unless exactly this was installed before, so that a warm start costs nothing.
#   aikore_install jupyterlab==4.4.1          aikore_install -r requirements.txt
# Takes what `pip install` takes. The content of files counts too. Calls are remembered in order: a change in one repeats
# it and those after it. Call it after aikore_venv, not in a subshell.
aikore_install() {
  local wanted
  [[ -n $_AIKORE_ENV ]] || { aikore_error "aikore_install: call aikore_venv first."; return 1; }
  wanted="$(_aikore_fingerprint "$@")" || return 1
  _aikore_is_installed "$wanted" && return 0
  _aikore_forget_from_here || return 1
  aikore_step "Installing$(_aikore_package_names "$@")"
  _aikore_pip_install "$@" || return 1
  _aikore_remember_install "$wanted"
}

# Installs requirements without those that belong to the accelerator: torch, torchvision, torchaudio, xformers,
# bitsandbytes, flash-attn, sageattention, triton, nvidia-*. aikore_torch brings the first three.
#   aikore_requirements FILE...
aikore_requirements() {
  local wanted folder arguments
  [[ -n $_AIKORE_ENV ]] || { aikore_error "aikore_requirements: call aikore_venv first."; return 1; }
  [[ $# -gt 0 ]] || { aikore_error "aikore_requirements needs: FILE..."; return 1; }
  folder="$_AIKORE_ENV/.aikore-requirements"
  mkdir -p -- "$folder" || return 1
  python -I "$_AIKORE_LIBRARY/filter-requirements.py" "$(_aikore_made_for)" "$folder" "$@" || return 1
  wanted="$(_aikore_fingerprint filtered -r "$folder/requirements.txt" -c "$folder/constraints.txt")" || return 1
  _aikore_is_installed "$wanted" && return 0
  _aikore_forget_from_here || return 1
  aikore_step "Installing the requirements of ${1#"$PWD"/}"
  if [[ -s $folder/requirements.txt ]]; then
    arguments=(-r "$folder/requirements.txt")
    [[ ! -s $folder/constraints.txt ]] || arguments+=(-c "$folder/constraints.txt")
    _aikore_pip_install "${arguments[@]}" || return 1
  fi
  _aikore_remember_install "$wanted"
}

# In an update what can be newer becomes newer; without a network, what is there has to do.
_aikore_pip_install() {
  if [[ -n ${_AIKORE_IS_UPDATING:-} ]]; then
    aikore_pip install --upgrade "$@" && return 0
    aikore_warn "newer packages cannot be had; going on with what is here."
    # Installed once more in order, requirements that overrule each other would be fetched again.
    if [[ -n $_AIKORE_WAS_INSTALLED ]]; then return 0; fi
  fi
  aikore_pip install "$@" && return 0
  aikore_error "The installation of$(_aikore_package_names "$@") failed; what is written above says why."
  return 1
}

# Whether the next call is the one that is remembered. Counts the calls. In an update none is; what was installed before is
# then told by _AIKORE_WAS_INSTALLED.
_aikore_is_installed() {
  local known="" stamp
  _AIKORE_WAS_INSTALLED=""
  _AIKORE_INSTALL_COUNT=$((_AIKORE_INSTALL_COUNT + 1))
  stamp="$_AIKORE_ENV/.aikore-install-$_AIKORE_INSTALL_COUNT"
  [[ ! -f $stamp ]] || known="$(<"$stamp")"
  [[ $known == "$1" ]] || return 1
  [[ -n ${_AIKORE_IS_UPDATING:-} ]] || return 0
  _AIKORE_WAS_INSTALLED=1
  return 1
}

# Said before anything is changed: interrupted, this call and those after it are made again.
_aikore_forget_from_here() {
  local number="$_AIKORE_INSTALL_COUNT" stamp
  [[ -z $_AIKORE_WAS_INSTALLED ]] || return 0
  stamp="$_AIKORE_ENV/.aikore-install-$number"
  while [[ -e $stamp ]]; do
    rm -f -- "$stamp" || return 1
    number=$((number + 1))
    stamp="$_AIKORE_ENV/.aikore-install-$number"
  done
}

_aikore_remember_install() { _aikore_write "$_AIKORE_ENV/.aikore-install-$_AIKORE_INSTALL_COUNT" "$1"; }

# Neither options nor addresses: those may hold a password.
_aikore_package_names() {
  local argument
  for argument in "$@"; do
    if [[ $argument == "$_AIKORE_ENV"/* ]]; then
      argument="the requirements"
    elif [[ $argument == -* || $argument == *://* ]]; then
      continue
    fi
    printf ' %s' "$argument"
  done
}

# What is named in absolute terms counts as the same after a rename.
_aikore_fingerprint() {
  local argument home
  home="$(realpath -- "$_AIKORE_HOME")" || return 1
  for argument in "$@"; do
    printf '%q\n' "${argument//"$_AIKORE_HOME"/INSTANCE}"
    if [[ -f $argument ]]; then
      sed "s|${home//[^A-Za-z0-9\/]/.}|INSTANCE|g" -- "$argument" | sha256sum || return 1
    fi
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
