# shellcheck shell=bash
#
# Whether what is wanted is what was installed. Part of functions.sh.

# A higher number makes every installation run again.
_AIKORE_SETUP_VERSION=1

# What decides whether an installation is the one that is wanted, a line each: "key NAME VALUE".
_aikore_setup_key() {
  local function="$1" name digest
  shift
  digest="$(_aikore_script_digest "$function")" || return 1
  printf 'key library %s\nkey script %s\n' "$_AIKORE_SETUP_VERSION" "$digest"
  printf 'key blueprint %q\nkey PYTHON_VERSION %q\nkey CUDA_VERSION %q\nkey TORCH_VERSION %q\nkey GIT_REF %q\nkey ACCELERATOR %q\n' \
    "${BLUEPRINT_ID:-}" "${PYTHON_VERSION:-}" "${CUDA_VERSION:-}" "${TORCH_VERSION:-}" "${GIT_REF:-}" "${ACCELERATOR:-}"
  printf 'key requirements %s\n' "$(_aikore_wishes_digest)"
  for name in "$@" PYTORCH_INDEX_URL; do
    name="${name%\?}"
    if [[ ! $name =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]]; then
      aikore_error "aikore_setup: \"$name\" is not the name of a variable."
      return 1
    fi
    # Values may be secrets, and long.
    printf 'key variable %s %s\n' "$name" "$([[ -z ${!name:-} ]] || printf '%s' "${!name}" | _aikore_sha256)"
  done
}

_aikore_script_digest() {
  if [[ -f $_AIKORE_SCRIPT ]]; then _aikore_sha256 <"$_AIKORE_SCRIPT"; else declare -f -- "$1" | _aikore_sha256; fi
}

_aikore_wishes_digest() {
  local file="$_AIKORE_HOME/requirements.txt"
  [[ -n ${AIKORE_EXTRA_REQUIREMENTS:-} || -f $file ]] || return 0
  { printf '%s\n' "${AIKORE_EXTRA_REQUIREMENTS:-}" && if [[ -f $file ]]; then cat -- "$file"; fi; } | _aikore_sha256
}

# _aikore_is_set_up KEY [HOLDS_LOCK]: nothing is run but the environment's Python. Leaves the reason in _AIKORE_WHY, and in
# _AIKORE_IS_BROKEN whether what is there does not run.
_aikore_is_set_up() {
  local key="$1" line kind="" dir="" lines=() known="" facts="" accelerator="" path
  _AIKORE_WHY="" _AIKORE_IS_BROKEN=""
  if [[ -e $_AIKORE_STATE/setup.begun ]]; then
    _AIKORE_WHY="The installation before was interrupted; going on with it."
    _AIKORE_IS_BROKEN=1
    return 1
  fi
  [[ -f $_AIKORE_STATE/setup.done ]] || return 1
  if [[ -e $_AIKORE_STATE/update ]]; then
    _AIKORE_WHY="An update is wanted."
    return 1
  fi
  mapfile -t lines <"$_AIKORE_STATE/setup.done" || return 1
  for line in "${lines[@]}"; do
    case "$line" in
      "key "*) known+="$line"$'\n' ;;
      "environment "*) kind="${line#* }" ;;
      "machine "*) facts="${line#* }" ;;
      "accelerator "*) accelerator="${line#* }" ;;
      "repository "* | "made "*)
        path="${line#* }"
        [[ $path == /* ]] || path="$_AIKORE_HOME/$path"
        if [[ ! -e $path ]]; then
          _AIKORE_WHY="\"${line#* }\" is gone; installing it again."
          _AIKORE_IS_BROKEN=1
          return 1
        fi
        ;;
    esac
  done
  _aikore_is_same_key "$known" "$key"$'\n' || return 1
  _aikore_is_same_machine "$facts" "$accelerator" || return 1
  if [[ -z $kind ]]; then
    [[ -e $_AIKORE_HOME/.rebuild-env ]] || return 0
    _AIKORE_WHY="A rebuild is wanted."
    return 1
  fi
  dir="$(_aikore_to_home "${kind#* }")"
  _aikore_is_env_ready "$dir" "${2:-}"
}

_aikore_is_env_ready() {
  local dir="$1" holds_lock="$2"
  if [[ -e ${dir%/*}/.rebuild-env ]]; then
    _AIKORE_WHY="A rebuild is wanted."
    return 1
  fi
  if _aikore_is_elsewhere "$dir"; then
    # Rewriting is for one at a time.
    [[ -n $holds_lock ]] || return 1
    _aikore_adopt_moved_env "$dir" || return 1
  fi
  if [[ -f $dir/.aikore-env && -x $dir/bin/python ]] && _aikore_python_of "$dir" >/dev/null; then return 0; fi
  _AIKORE_WHY="The Python environment does not start; making it anew."
  _AIKORE_IS_BROKEN=1
  return 1
}

# A satellite's own variables do not change what its parent installed.
_aikore_is_same_key() {
  local known="$1" wanted="$2" line name
  [[ $known != "$wanted" ]] || return 0
  while IFS= read -r line; do
    [[ -n $line && $'\n'"$known" != *$'\n'"$line"$'\n'* ]] || continue
    name="${line#key }"
    case "$name" in
      "variable "*)
        [[ -z ${AIKORE_SATELLITE:-} ]] || continue
        name="${name#variable }"
        name="${name%% *}"
        ;;
      *) name="${name%% *}" ;;
    esac
    case "$name" in
      script) _AIKORE_WHY="The script changed; installing what it asks for now." ;;
      requirements) _AIKORE_WHY="The extra requirements changed; installing again." ;;
      library | blueprint) _AIKORE_WHY="Installing again." ;;
      *) _AIKORE_WHY="$name changed; installing again." ;;
    esac
    return 1
  done <<<"$wanted"
  # A variable fewer than before: the script says so, too.
  [[ -n ${AIKORE_SATELLITE:-} ]] || [[ $(wc -l <<<"$known") -eq $(wc -l <<<"$wanted") ]]
}

# Cards come and go. What was made for a card stays when none answers any more: that is mostly a driver in trouble, and
# gigabytes would be exchanged for nothing.
_aikore_is_same_machine() {
  local facts="$1" accelerator="$2" now
  [[ -n $accelerator && -z ${ACCELERATOR:-} ]] || return 0
  [[ $facts != "$(_aikore_machine_facts)" ]] || return 0
  now="$(_aikore_detect_accelerator)"
  if [[ $now == "$accelerator" ]]; then return 0; fi
  if [[ $now == cpu ]]; then
    aikore_warn "this environment was made for $accelerator, and no such card answers. Set ACCELERATOR=cpu to have it made for the processor."
    return 0
  fi
  _AIKORE_WHY="This machine has another accelerator now ($now instead of $accelerator); installing again."
  return 1
}
