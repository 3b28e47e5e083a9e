# shellcheck shell=bash
#
# Installing and launching told apart: what was installed is remembered, and skipped at the next start. Part of functions.sh.

# A higher number makes every installation run again.
_AIKORE_SETUP_VERSION=1
# Not inherited by what is called: the redirection that closes it moves the shell's own out of reach.
_AIKORE_LOCK_FD=199

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
  _AIKORE_WHY=""
  if ! _aikore_is_set_up "$key"; then
    _aikore_lock_setup || return 1
    # Another one may have done it while this one waited.
    if ! _aikore_is_set_up "$key" 1; then
      [[ -z $_AIKORE_WHY ]] || printf '%s\n' "$_AIKORE_WHY"
      _aikore_run_setup "$function" "$key"
    fi
    exec 199>&-
  fi
  _aikore_use_what_is_set_up
}

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

# _aikore_is_set_up KEY [HOLDS_LOCK]: nothing is run but the environment's Python. Leaves the reason in _AIKORE_WHY.
_aikore_is_set_up() {
  local key="$1" line kind="" dir="" lines=() known="" facts="" accelerator="" path
  _AIKORE_WHY=""
  if [[ -e $_AIKORE_STATE/setup.begun ]]; then
    _AIKORE_WHY="The installation before was interrupted; going on with it."
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

_aikore_lock_setup() {
  exec 199>>"$_AIKORE_STATE/setup.lock" || return 1
  command -v flock >/dev/null 2>&1 || aikore_need flock
  flock --nonblock "$_AIKORE_LOCK_FD" && return
  aikore_step "Waiting for another start that installs"
  flock "$_AIKORE_LOCK_FD"
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

# In a shell of its own: a start that installs and one that does not leave the same behind.
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
  ) 199>&-
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

# Packages that pip or uv left half: they count as installed, and do not work. Leaves their names in _AIKORE_FORGOTTEN.
_aikore_mend() {
  local dir forgotten
  _AIKORE_FORGOTTEN=""
  [[ -f $_AIKORE_STATE/setup.env ]] || return 0
  dir="$(_aikore_to_home "$(<"$_AIKORE_STATE/setup.env")")"
  [[ -f $dir/.aikore-env && -x $dir/bin/python ]] || return 0
  aikore_step "Checking what the interrupted installation left"
  _aikore_adopt_moved_env "$dir" || return 0
  if ! forgotten="$("$dir/bin/python" -I "$_AIKORE_LIBRARY/mend-packages.py")"; then
    # Not even its Python is whole.
    rm -f -- "$dir/.aikore-env"
    return
  fi
  [[ -n $forgotten ]] || return 0
  _AIKORE_FORGOTTEN="$forgotten"
  printf 'Not whole, and installed again: %s\n' "${forgotten//$'\n'/, }"
  if [[ $'\n'"$forgotten" == *$'\n'pip-* ]]; then rm -f -- "$dir/.aikore-env" || return 1; fi
  rm -f -- "$dir"/.aikore-install-* "$dir/.aikore-constraints.txt"
}

# Where checkouts stand before an update, for the way back.
_aikore_remember_before() {
  local before="$_AIKORE_STATE/setup.before" path dir
  # Left by an update that was interrupted: still the state that worked.
  [[ ! -f $before ]] || return 0
  while IFS= read -r path; do
    dir="$(_aikore_to_home "$path")"
    printf '%s %s %s\n' "$(_aikore_git -C "$dir" rev-parse HEAD 2>/dev/null || printf -- -)" \
      "$(_aikore_git -C "$dir" symbolic-ref --quiet --short HEAD 2>/dev/null || printf -- -)" "$path"
  done < <(sed -n 's/^repository //p' -- "$_AIKORE_STATE/setup.done") >"$before.new"
  mv -fT -- "$before.new" "$before"
}

_aikore_go_back() {
  local commit branch path
  while read -r commit branch path; do
    [[ $commit =~ ^[0-9a-f]{40,64}$ ]] || continue
    [[ $branch != - ]] || branch=""
    (cd -- "$(_aikore_to_home "$path")" && _aikore_is_repo_root && _aikore_unlock_repo && _aikore_reset_to "$branch" "$commit")
  done <"$_AIKORE_STATE/setup.before"
  # Steps that did not change stay remembered: to repeat them needs the very network that the update may have lacked, and
  # torch is taken away before it is installed again.
  _aikore_mend
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
