# shellcheck shell=bash
#
# Python environments that are made once and checked quickly. Part of functions.sh.

_AIKORE_ENV=""
_AIKORE_INSTALL_COUNT=0

# Makes a virtual environment, or takes the one that is there, and activates it.
#   aikore_venv DIR [VERSION...]
# VERSIONs: the Pythons that the application runs on, best first. PYTHON_VERSION, when set, wins; another version than
# before makes a new environment, and so does `.rebuild-env`. An environment whose folder was moved goes on working.
aikore_venv() {
  local dir
  [[ -n ${1:-} ]] || { aikore_error "aikore_venv needs: DIR [VERSION...]"; return 1; }
  clean_env "$1" || return 1
  dir="$(_aikore_absolute "$1")" || return 1
  shift
  if ! _aikore_adopt_moved_env "$dir" || ! _aikore_is_env_usable "$dir" "$@"; then
    aikore_step "Creating the Python environment"
    rm -rf -- "${dir:?}" || return 1
    mkdir -p -- "$(dirname -- "$dir")" || return 1
    _aikore_create_venv "$dir" "$@" || return 1
  fi
  _aikore_activate venv "$dir"
}

# Makes a conda environment, or takes the one that is there, and activates it. Its packages come from conda-forge.
#   aikore_conda DIR [VERSION] [PACKAGE...]       aikore_conda ./env 3.10 ffmpeg
aikore_conda() {
  local dir version="" packages
  [[ -n ${1:-} ]] || { aikore_error "aikore_conda needs: DIR [VERSION] [PACKAGE...]"; return 1; }
  clean_env "$1" || return 1
  dir="$(_aikore_absolute "$1")" || return 1
  shift
  if [[ ${1:-} =~ ^[0-9]+(\.[0-9]+)*$ ]]; then
    version="$1"
    shift
  fi
  packages="$(printf '%q ' "$@")"
  if ! _aikore_adopt_moved_env "$dir" || ! _aikore_is_env_usable "$dir" ${version:+"$version"} || [[ $(_aikore_env_fact "$dir" 4) != "$packages" ]]; then
    aikore_step "Creating the conda environment"
    rm -rf -- "${dir:?}" || return 1
    mkdir -p -- "$(dirname -- "$dir")" || return 1
    _aikore_create_conda "$dir" "${PYTHON_VERSION:-${version:-3.12}}" "$@" || return 1
    _aikore_finish_env "$dir" conda "$packages" || return 1
  fi
  _aikore_activate conda "$dir"
}

# The file `.aikore-env` is written when an environment is whole: the PYTHON_VERSION that it was made for, where its
# Python comes from, its version, and what else decides. `.aikore-place` holds where it lies.
_aikore_env_fact() {
  local lines=()
  mapfile -t lines <"$1/.aikore-env" 2>/dev/null
  printf '%s' "${lines[$2 - 1]:-}"
}

_aikore_is_env_usable() {
  local dir="$1" version known wanted
  shift
  [[ -f $dir/.aikore-env && -x $dir/bin/python ]] || return 1
  version="$(_aikore_python_of "$dir")" || return 1
  known="$(_aikore_env_fact "$dir" 3)"
  # The machine's Python may have become another one, for which nothing in here was installed.
  [[ -z $known || $(_aikore_minor_of "$known") == "$(_aikore_minor_of "$version")" ]] || return 1
  if [[ -n ${PYTHON_VERSION:-} ]]; then
    _aikore_is_version "$version" "$PYTHON_VERSION"
    return
  fi
  [[ -z $(_aikore_env_fact "$dir" 1) ]] || return 1
  [[ $# -gt 0 ]] || return 0
  for wanted in "$@"; do
    if _aikore_is_version "$version" "$wanted"; then return 0; fi
  done
  return 1
}

# Prints the version of an environment's Python, when that starts.
_aikore_python_of() {
  "$1/bin/python" -I -S -c 'import encodings, sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null
}

_aikore_create_venv() {
  local dir="$1" python source
  shift
  if [[ -n ${PYTHON_VERSION:-} ]]; then
    _aikore_is_one_of "$PYTHON_VERSION" "$@" ||
      aikore_warn "Python $PYTHON_VERSION was chosen; this application is known to run on $*."
    set -- "$PYTHON_VERSION"
  fi
  if ! python="$(_aikore_find_python "$@")"; then
    _aikore_explain_pythons "${*:-3}"
    return 1
  fi
  source="${python%% *}"
  python="${python#* }"
  if [[ $source == conda ]]; then
    # Below the environment, so that both go, and move, together.
    _aikore_create_conda "$dir/.python" "$python" || return 1
    python="$dir/.python/bin/python"
  fi
  _aikore_fill_venv "$dir" "$python" && _aikore_finish_env "$dir" "$source" ""
}

_aikore_is_one_of() {
  local version="$1" known
  shift
  [[ $# -gt 0 ]] || return 0
  for known in "$@"; do
    if _aikore_is_version "$version" "$known" || _aikore_is_version "$known" "$version"; then return 0; fi
  done
  return 1
}

_aikore_fill_venv() {
  local dir="$1" python="$2"
  if _aikore_has_uv; then
    # pip comes along, for applications that call it, terminals, and for when uv fails: the newest, else Python's own.
    _aikore_uv venv --quiet --seed --allow-existing --python "$python" "$dir" 2>/dev/null && return 0
    if _aikore_uv venv --quiet --allow-existing --python "$python" "$dir"; then
      "$dir/bin/python" -I -m ensurepip >/dev/null || aikore_warn "the environment has no pip; it works with uv alone."
      return 0
    fi
    _aikore_give_up_uv
  fi
  "$python" -m venv "$dir" && return 0
  aikore_error "The environment could not be made. On Debian, \"apt install python3-venv\" brings what is missing."
  return 1
}

_aikore_finish_env() {
  local dir="$1" source="$2" extra="$3" version
  version="$(_aikore_python_of "$dir")" || { aikore_error "The Python of \"$dir\" does not start."; return 1; }
  printf '%s' "$(realpath -- "$dir" && printf .)" >"$dir/.aikore-place" || return 1
  _aikore_write "$dir/.aikore-env" "${PYTHON_VERSION:-}"$'\n'"$source"$'\n'"$version"$'\n'"$extra"
}

# _aikore_activate KIND DIR: brings its paths up to date, and makes it the one that `python` and `pip` mean.
_aikore_activate() {
  local kind="$1" dir="$2"
  _aikore_adopt_moved_env "$dir" || return 1
  _AIKORE_ENV="$dir"
  unset PYTHONHOME
  if [[ $kind == conda ]]; then
    unset VIRTUAL_ENV
    export CONDA_PREFIX="$dir" CONDA_DEFAULT_ENV="$dir" CONDA_SHLVL=1
  else
    export VIRTUAL_ENV="$dir"
  fi
  [[ $PATH == "$dir/bin:"* ]] || export PATH="$dir/bin:$PATH"
  hash -r
  [[ $kind != conda ]] || _aikore_run_conda_hooks "$dir"
  _AIKORE_INSTALL_COUNT=0
  _aikore_apply_constraints
  if [[ -n ${_AIKORE_IS_SETTING_UP:-} ]]; then
    _aikore_note environment "$kind $(_aikore_from_home "$dir")"
    _aikore_write "$_AIKORE_STATE/setup.env" "$(_aikore_from_home "$dir")" || return 1
  fi
}

# Whether an environment was moved since its paths were written.
_aikore_is_elsewhere() {
  local old=""
  [[ -f $1/.aikore-place ]] || return 0
  IFS= read -r -d '' old <"$1/.aikore-place" || true
  [[ $old != "$(realpath -- "$1" && printf .)" ]]
}

# Scripts of an environment begin with its absolute path. After a rename of the instance they would point nowhere.
_aikore_adopt_moved_env() {
  local dir="$1" old="" new helper
  [[ -f $dir/.aikore-env ]] || return 0
  new="$(realpath -- "$dir" && printf .)" || return 1
  if [[ -f $dir/.aikore-place ]]; then
    IFS= read -r -d '' old <"$dir/.aikore-place" || true
  elif [[ $(_aikore_env_fact "$dir" 2) == /* ]]; then
    # As older versions of this file wrote it.
    old="$(_aikore_env_fact "$dir" 2)"$'\n.'
  fi
  [[ $old != "$new" ]] || return 0
  if [[ -n $old ]]; then
    helper="$dir/bin/python"
    _aikore_python_of "$dir" >/dev/null || helper="$(type -P python3)" || return 1
    aikore_step "Adapting the environment to its new place"
    "$helper" -I -S "$_AIKORE_LIBRARY/relocate-env.py" "${old%$'\n.'}" "${new%$'\n.'}" || {
      aikore_warn "the environment could not be adapted; it is made anew."
      return 1
    }
  fi
  printf '%s' "$new" >"$dir/.aikore-place"
}
