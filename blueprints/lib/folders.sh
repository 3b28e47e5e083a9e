# shellcheck shell=bash
#
# Folders that outlive the application, and environments made anew. Part of functions.sh.

# Replaces a folder of the application by a link to a folder that outlives it.
#   sl_folder LINK_PARENT LINK_NAME STORAGE_PARENT [STORAGE_NAME]
# What the folder held is merged into the storage first: it replaces files of the same name and touches nothing else.
sl_folder() {
  local link_parent="${1:-}" link_name="${2:-}" storage_parent="${3:-}" storage_name="${4:-}"
  if [[ -z $link_parent || -z $link_name || -z $storage_parent ]]; then
    aikore_error "sl_folder needs: LINK_PARENT LINK_NAME STORAGE_PARENT [STORAGE_NAME]"
    return 1
  fi
  local link storage
  link="$(_aikore_absolute "$link_parent/$link_name")"
  storage="$(_aikore_absolute "$storage_parent${storage_name:+/$storage_name}")"
  mkdir -p -- "$storage" "$(dirname -- "$link")" || return 1
  if [[ -d $link && ! -L $link ]]; then
    _aikore_move_into "$link" "$storage" || return 1
  elif [[ -e $link && ! -L $link ]]; then
    aikore_error "sl_folder: \"$link\" is a file; move it away first."
    return 1
  fi
  [[ -L $link && $(readlink -- "$link") == "$storage" ]] || ln -sfn -- "$storage" "$link"
}

# Copies first and removes only what arrived, so that an interruption loses nothing.
_aikore_move_into() {
  local folder="$1" storage="$2" inner outer
  inner="$(realpath -- "$folder")" || return 1
  outer="$(realpath -- "$storage")" || return 1
  if [[ $inner == "$outer" || $outer == "$inner"/* || $inner == "$outer"/* ]]; then
    aikore_error "sl_folder: \"$folder\" and \"$storage\" are the same folder, or one lies inside the other."
    return 1
  fi
  if command -v rsync >/dev/null 2>&1; then
    rsync -a --keep-dirlinks -- "$inner/" "$outer/" || return 1
  else
    cp -a -- "$inner/." "$outer/" || return 1
  fi
  rm -rf -- "$folder"
}

# Removes an environment when a rebuild was asked for: when `.rebuild-env` lies beside it.
#   clean_env VENV_DIR
clean_env() {
  local venv
  if [[ -z ${1:-} ]]; then
    aikore_error "clean_env needs: VENV_DIR"
    return 1
  fi
  venv="$(_aikore_absolute "$1")" || return 1
  if [[ "$PWD/" == "${venv%/}/"* ]]; then
    aikore_error "clean_env: \"$1\" is the instance's own folder, or holds it; give the environment a folder of its own."
    return 1
  fi
  local flag="${venv%/*}/.rebuild-env"
  [[ -e $flag ]] || return 0
  aikore_step "Removing the old environment"
  # The flag goes last: interrupted before that, the next start removes the rest.
  rm -rf -- "$venv" || return 1
  rm -f -- "$flag"
}
