# shellcheck shell=bash
#
# Installing and launching told apart: what was installed is remembered, and skipped at the next start. Part of functions.sh.

# Runs FUNCTION, unless exactly this was installed before; then only activates the environment that it made.
#   aikore_setup FUNCTION [VAR...]
# VARs: NAMES of variables that change what is installed; "?" at the end of a name is allowed. FUNCTION runs in a shell of
# its own, with `set -e`: what it sets or where it goes is not seen afterwards, whether it ran or not. Call it plainly, not
# in a condition. Afterwards what the user wants beyond is installed: AIKORE_EXTRA_REQUIREMENTS and requirements.txt in the
# instance's folder.
aikore_setup() {
  local function="${1:-}" key
  if ! declare -F -- "$function" >/dev/null; then
    aikore_error "aikore_setup needs: FUNCTION [VAR...]"
    return 1
  fi
  shift
  mkdir -p -- "$_AIKORE_STATE" || return 1
  key="$(_aikore_setup_key "$function" "$@")" || return 1
  _AIKORE_WHY="" _AIKORE_IS_BROKEN=""
  _aikore_hold_files
  if ! _aikore_is_set_up "$key"; then
    _aikore_release_files
    _aikore_lock_setup || return 1
    # Another one may have done it while this one waited.
    if ! _aikore_is_set_up "$key" 1; then
      if _aikore_has_files_alone; then
        [[ -z $_AIKORE_WHY ]] || printf '%s\n' "$_AIKORE_WHY"
        _aikore_run_setup "$function" "$key"
      else
        _aikore_put_off_setup || return 1
      fi
    fi
    _aikore_hold_files
    _aikore_unlock_setup
  fi
  _aikore_use_what_is_set_up
}

# Called plainly, so that the shell's own way of ending at an error holds inside.
_aikore_run_setup() {
  local function="$1" key="$2" options="$-" status began="$SECONDS" is_update="" rebuild="" digest
  digest="$(_aikore_script_digest "$function")" || return 1
  [[ ! -e $_AIKORE_STATE/update ]] || is_update=1
  rebuild="$(_aikore_rebuild_wish)"
  _aikore_begin_setup "$is_update" || return 1
  set +e
  (
    set -e
    false
    true
  )
  status=$?
  if [[ $status -eq 0 ]]; then
    aikore_error "aikore_setup: call it on a line of its own, without if, && or ||; errors would be passed over."
    exit 1
  fi
  _aikore_run_function "$function" "$is_update" "$rebuild"
  status=$?
  if [[ $status -eq 0 && -n $_AIKORE_FORGOTTEN ]]; then
    _aikore_mend
    # What comes broken out of the cache a second time is broken in there: its files are shared with the environment.
    if [[ -n $_AIKORE_FORGOTTEN ]]; then
      _aikore_run_function "$function" "$is_update" fresh
      status=$?
    fi
  fi
  if [[ $status -ne 0 && -n $is_update && -f $_AIKORE_STATE/setup.before ]]; then
    aikore_warn "the update failed; going back to what was there before."
    _aikore_go_back
    _aikore_run_function "$function" "" "$rebuild"
    status=$?
  fi
  if [[ $status -ne 0 ]]; then
    aikore_error "The installation did not finish. The next start goes on where it ended."
    exit "$status"
  fi
  _aikore_finish_setup "$key" "$((SECONDS - began))" "$digest"
  status=$?
  [[ $options != *e* ]] || set -e
  return "$status"
}

# In a shell of its own: a start that installs and one that does not leave the same behind. What it leaves running has none
# of the locks.
_aikore_run_function() {
  rm -f -- "$_AIKORE_STATE/setup.notes" "$_AIKORE_STATE/setup.rebuilt"
  (
    set -e
    _AIKORE_IS_SETTING_UP=1
    _AIKORE_IS_UPDATING="$2"
    _AIKORE_IS_REBUILDING="$3"
    [[ $3 != fresh ]] || _AIKORE_IS_REBUILDING=""
    if [[ $3 == clean || $3 == fresh ]]; then
      export PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1 npm_config_prefer_online=true
    fi
    if [[ $3 == clean ]]; then
      _AIKORE_IS_CLEAN=1
      rm -rf -- "$_AIKORE_HOME/cache"
    fi
    "$1"
    _aikore_install_wishes
  ) 198>&- 199>&-
}

# Prints `clean` or `plain` when a rebuild is wanted.
_aikore_rebuild_wish() {
  local flag dir="$_AIKORE_HOME/env" line=""
  [[ ! -f $_AIKORE_STATE/setup.env ]] || dir="$(_aikore_to_home "$(<"$_AIKORE_STATE/setup.env")")"
  for flag in "${dir%/*}/.rebuild-env" "$_AIKORE_HOME/.rebuild-env"; do
    [[ -e $flag ]] || continue
    IFS= read -r -n 64 line <"$flag" || true
    if [[ " $line " == *" clean "* ]]; then printf clean; else printf plain; fi
    return
  done
}

_aikore_begin_setup() {
  local is_update="$1"
  _AIKORE_FORGOTTEN=""
  if [[ -e $_AIKORE_STATE/setup.begun ]]; then
    _aikore_mend || return 1
  fi
  _aikore_write "$_AIKORE_STATE/setup.begun" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" || return 1
  if [[ -f $_AIKORE_STATE/setup.done ]]; then
    if [[ -n $is_update ]]; then _aikore_remember_before || return 1; fi
    rm -f -- "$_AIKORE_STATE/setup.done"
  fi
}

# What the user wants beyond what the script installs.
_aikore_install_wishes() {
  local file="$_AIKORE_HOME/requirements.txt"
  if [[ -z $_AIKORE_ENV ]]; then
    [[ -z ${AIKORE_EXTRA_REQUIREMENTS:-} ]] ||
      aikore_warn "the extra requirements are passed over: this application has no Python environment."
    return 0
  fi
  if [[ -n ${AIKORE_EXTRA_REQUIREMENTS:-} ]]; then
    _aikore_write "$_AIKORE_ENV/.aikore-extra.txt" "$AIKORE_EXTRA_REQUIREMENTS" || return 1
    aikore_install -r "$_AIKORE_ENV/.aikore-extra.txt"
  fi
  if [[ -f $file ]]; then aikore_install -r "$file"; fi
}

# The flags go before it counts as done, and the mark of the beginning last: killed in between, the next start runs
# through once more and finds everything there.
_aikore_finish_setup() {
  local key="$1" seconds="$2" digest="$3" notes="" kind
  local _AIKORE_ENV=""
  kind="$(_aikore_noted environment)"
  [[ -z $kind ]] || _AIKORE_ENV="$(_aikore_to_home "${kind#* }")"
  _aikore_write_record "$seconds" "$digest" || return 1
  # Once: what was installed must be on the disk before it is called installed.
  timeout 120 sync --file-system -- "$_AIKORE_STATE" 2>/dev/null || true
  rm -f -- "$_AIKORE_STATE/update" "$_AIKORE_HOME/.rebuild-env" "$_AIKORE_STATE/setup.before" || return 1
  [[ -z $_AIKORE_ENV ]] || rm -f -- "${_AIKORE_ENV%/*}/.rebuild-env" || return 1
  [[ ! -f $_AIKORE_STATE/setup.notes ]] || notes="$(awk '!seen[$0]++' "$_AIKORE_STATE/setup.notes")"
  if [[ $'\n'"$notes"$'\n' == *$'\n'"incomplete "* ]]; then
    # It runs with what is there, and the next start tries again.
    rm -f -- "$_AIKORE_STATE/setup.done"
  else
    _aikore_write "$_AIKORE_STATE/setup.done" "$key"$'\n'"machine $(_aikore_machine_facts)"$'\n'"$notes" || return 1
  fi
  rm -f -- "$_AIKORE_STATE/setup.begun" "$_AIKORE_STATE/setup.rebuilt"
}

# Nothing but the environment and where models are kept: the same at every start.
_aikore_use_what_is_set_up() {
  local source="$_AIKORE_STATE/setup.done" kind accelerator
  [[ -f $source ]] || source="$_AIKORE_STATE/setup.notes"
  kind="$(sed -n 's/^environment //p' -- "$source" | tail -n 1)"
  if [[ -n $kind ]]; then _aikore_activate "${kind%% *}" "$(_aikore_to_home "${kind#* }")" || return 1; fi
  if [[ -n ${AIKORE_MODELS_DIR:-} ]]; then
    export HF_HOME="${HF_HOME:-$AIKORE_MODELS_DIR/huggingface}" TORCH_HOME="${TORCH_HOME:-$AIKORE_MODELS_DIR/torch}"
  fi
  accelerator="$(sed -n 's/^accelerator //p' -- "$source" | tail -n 1)"
  if [[ $accelerator == rocm && -n ${CUDA_VISIBLE_DEVICES+set} ]]; then
    export HIP_VISIBLE_DEVICES="${HIP_VISIBLE_DEVICES:-$CUDA_VISIBLE_DEVICES}"
  fi
}
