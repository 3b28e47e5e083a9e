# shellcheck shell=bash
#
# Which Python an environment gets, and where it comes from. Part of functions.sh.

# Prints "SOURCE PATH" for the first of the versions that can be had, best first: the machine's own, else one that uv
# has or fetches, else conda's. Nothing is fetched as long as the machine has one that is good enough.
#   _aikore_find_python [VERSION...]
_aikore_find_python() {
  local version path
  [[ $# -gt 0 ]] || set -- ""
  for version in "$@"; do
    if path="$(_aikore_machine_python "$version")"; then printf 'machine %s' "$path" && return; fi
  done
  if _aikore_has_uv; then
    for version in "$@"; do
      if path="$(_aikore_uv_python "$version")"; then printf 'uv %s' "$path" && return; fi
    done
  fi
  if path="$(_aikore_find_conda)"; then printf 'conda %s' "${1:-3.12}" && return; fi
  return 1
}

# A Python of the search path that really has this version: a name may lead to a launcher that has nothing to launch.
_aikore_machine_python() {
  local wanted="$1" name path found
  for name in ${wanted:+"python$(_aikore_minor_of "$wanted")"} python3 python; do
    path="$(type -P -- "$name")" || continue
    found="$("$path" -I -S -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null)" || continue
    if _aikore_is_version "$found" "$wanted" && _aikore_can_make_venv "$path"; then
      printf '%s' "$path"
      return
    fi
  done
  return 1
}

# Debian's Python makes environments only with the package python3-venv; uv needs no help.
_aikore_can_make_venv() {
  _aikore_has_uv || "$1" -I -c 'import venv, ensurepip' >/dev/null 2>&1
}

_aikore_uv_python() {
  local version="${1:-3.12}"
  export UV_PYTHON_PREFERENCE=only-managed
  if ! _aikore_uv python find "$version" 2>/dev/null; then
    aikore_step "Fetching Python $version" >&2
    _aikore_uv python install --quiet "$version" >&2 || return 1
    _aikore_uv python find "$version"
  fi
}

# 3.12.4 -> 3.12
_aikore_minor_of() {
  if [[ $1 =~ ^[0-9]+\.[0-9]+ ]]; then printf '%s' "${BASH_REMATCH[0]}"; else printf '%s' "$1"; fi
}

# _aikore_is_version 3.12.4 3.12
_aikore_is_version() { [[ -z $2 || $1 == "$2" || $1 == "$2".* ]]; }

# Says what there is, so that the next choice is a good one.
_aikore_explain_pythons() {
  local name path version have=""
  for name in python3 python3.{8..15}; do
    path="$(type -P -- "$name")" || continue
    version="$("$path" -I -S -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" || continue
    [[ " $have " == *" $version "* ]] || have="$have $version"
  done
  aikore_error "Python $1 is not there. This machine has:${have:- none that answers}. Install it (on Debian: apt install python3 python3-venv), or install uv (\"pipx install uv\") or conda, which bring any version; or choose another in the instance's settings."
}
