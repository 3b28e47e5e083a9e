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
  # A satellite shares its parent's files: the parent's links are right for both.
  if [[ -n ${AIKORE_SATELLITE:-} && -L $link ]]; then return 0; fi
  mkdir -p -- "$storage" "$(dirname -- "$link")" || return 1
  if [[ -d $link && ! -L $link ]]; then
    _aikore_move_into "$link" "$storage" || return 1
  elif [[ -e $link && ! -L $link ]]; then
    aikore_error "sl_folder: \"$link\" is a file; move it away first."
    return 1
  fi
  [[ -L $link && $(readlink -- "$link") == "$storage" ]] || ln -sfn -- "$storage" "$link"
}

# Replaces a folder of models by a link to the one that all instances share.
#   aikore_models APP_FOLDER STORE      aikore_models app/models/loras lora
aikore_models() {
  local folder="${1:-}" store="${2:-}"
  if [[ -z $folder || ! $store =~ ^[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*$ ]]; then
    aikore_error "aikore_models needs: APP_FOLDER STORE (in lower case)"
    return 1
  fi
  folder="$(_aikore_absolute "$folder")" || return 1
  sl_folder "${folder%/*}" "${folder##*/}" "${AIKORE_MODELS_DIR:?}" "$store"
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
# Within aikore_setup the flag stays until all is installed, so that an interrupted rebuild begins again.
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
  if [[ -n ${_AIKORE_IS_SETTING_UP:-} ]]; then
    if [[ -e $_AIKORE_STATE/setup.rebuilt ]] && grep -qxF -- "$venv" "$_AIKORE_STATE/setup.rebuilt"; then return 0; fi
    _aikore_remove_env "$venv" || return 1
    printf '%s\n' "$venv" >>"$_AIKORE_STATE/setup.rebuilt"
    return 0
  fi
  # The flag goes last: interrupted before that, the next start removes the rest.
  _aikore_remove_env "$venv" || return 1
  rm -f -- "$flag"
}

_aikore_remove_env() {
  [[ -e $1 || -L $1 ]] || return 0
  aikore_step "Removing the old environment"
  rm -rf -- "${1:?}"
}
