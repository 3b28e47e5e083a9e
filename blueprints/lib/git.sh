# shellcheck shell=bash
#
# Checkouts that are brought up to date. Part of functions.sh.

# Never asks for a password, is not led to another repository by the environment, speaks only protocols of which nobody
# can make a program, does not wait for a server that says nothing, and leaves nothing working behind.
_aikore_git() {
  env -u GIT_DIR -u GIT_WORK_TREE -u GIT_INDEX_FILE GIT_TERMINAL_PROMPT=0 GIT_ALLOW_PROTOCOL=http:https:ssh:file \
    GIT_SSH_COMMAND="${GIT_SSH_COMMAND:-ssh -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=15}" \
    git -c http.lowSpeedLimit=1 -c "http.lowSpeedTime=${AIKORE_NETWORK_TIMEOUT:-30}" -c gc.autoDetach=false \
    -c maintenance.autoDetach=false -c protocol.ext.allow=never "$@"
}

# _aikore_git_masked URL ARGUMENTS: where the address holds a password, git's own words are not passed on as they are.
_aikore_git_masked() {
  local url="$1" output status=0
  shift
  if [[ $(_aikore_public_url "$url") == "$url" ]]; then
    _aikore_git "$@"
    return
  fi
  output="$(_aikore_git "$@" 2>&1)" || status=$?
  [[ -z $output ]] || printf '%s\n' "$output" | sed -E 's#://[^/@[:space:]]*@#://***@#g' >&2
  return "$status"
}

# The tag, branch or commit that a variable holds, given its NAME.
_aikore_ref_of() {
  local var="$1" ref
  [[ -n $var ]] || return 0
  [[ $var =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] || { aikore_error "\"$var\" is not the name of a variable."; return 1; }
  ref="${!var:-}"
  if [[ $ref == -* || $ref =~ [[:cntrl:][:space:]] ]]; then
    aikore_error "$var is not a tag, branch or commit."
    return 1
  fi
  printf '%s' "$ref"
}

# Brings the checkout in the current directory up to date.
#   sync_repo [VAR]      (also: check_remote [VAR])
# VAR is the NAME of a variable that may hold a tag, branch or commit; without a value the remote's default branch is
# meant. Local changes to tracked files are lost, untracked files stay. Offline, what was fetched before is used.
# Returns 1 without a repository, a remote or such a target.
sync_repo() {
  local ref remote url is_offline=""
  ref="$(_aikore_ref_of "${1:-}")" || return 1
  _aikore_is_repo_root || return 1
  remote="$(_aikore_git remote)" && remote="${remote%%$'\n'*}"
  [[ -n $remote ]] || { aikore_error "sync_repo: \"$PWD\" has no remote."; return 1; }
  _aikore_unlock_repo
  url="$(_aikore_git remote get-url "$remote")" || return 1
  if ! _aikore_git_masked "$url" fetch --prune --tags --force -- "$remote"; then
    if ! _aikore_git rev-parse --quiet --verify 'HEAD^{commit}' >/dev/null; then
      aikore_error "sync_repo: \"$remote\" cannot be reached and there is no usable checkout in \"$PWD\"."
      return 1
    fi
    is_offline=1
    aikore_warn "\"$remote\" cannot be reached; going on with what is here."
  fi
  _aikore_checkout "$remote" "$ref" "$is_offline"
}

check_remote() { sync_repo "$@"; }

# Git looks for a repository upwards. A folder whose clone failed must not end in a reset of whatever repository the data
# directory happens to lie in.
_aikore_is_repo_root() {
  local top
  if top="$(_aikore_git rev-parse --show-toplevel)" && [[ $top -ef $PWD ]]; then return 0; fi
  aikore_error "sync_repo: \"$PWD\" is not the root of a git checkout."
  return 1
}

# A git that was killed leaves its locks, and every later one refuses to work.
_aikore_unlock_repo() {
  local name file
  for name in index.lock HEAD.lock config.lock shallow.lock packed-refs.lock; do
    file="$(_aikore_git rev-parse --git-path "$name")" || continue
    if [[ -e $file ]]; then
      aikore_warn "removing \"$file\", which an interrupted git left behind."
      rm -f -- "$file"
    fi
  done
}

_aikore_checkout() {
  local remote="$1" ref="$2" is_offline="$3" branch
  if [[ -n $ref ]]; then
    if _aikore_has_commit "refs/tags/$ref"; then
      _aikore_reset_to "" "refs/tags/$ref"
    elif _aikore_has_commit "refs/remotes/$remote/$ref"; then
      _aikore_reset_to "$ref" "refs/remotes/$remote/$ref"
    elif _aikore_has_commit "refs/heads/$ref"; then
      _aikore_reset_to "$ref" "refs/heads/$ref"
    elif [[ $ref != -* ]] && _aikore_has_commit "$ref"; then
      _aikore_reset_to "" "$ref"
    else
      _aikore_no_target "\"$ref\" is no tag, branch or commit of \"$remote\"." "$is_offline"
    fi
    return
  fi
  if branch="$(_aikore_default_branch "$remote" "$is_offline")"; then
    _aikore_reset_to "$branch" "refs/remotes/$remote/$branch"
  elif _aikore_has_commit '@{upstream}'; then
    branch="$(_aikore_git symbolic-ref --short HEAD)" || return 1
    _aikore_reset_to "$branch" '@{upstream}'
  else
    _aikore_no_target "\"$remote\" names no branch to follow." "$is_offline"
  fi
}

_aikore_no_target() {
  if [[ -n $2 ]]; then
    aikore_warn "$1 Staying at $(_aikore_git rev-parse --short HEAD)."
    return 0
  fi
  aikore_error "sync_repo: $1"
  return 1
}

_aikore_has_commit() { _aikore_git rev-parse --quiet --verify "$1^{commit}" >/dev/null; }

# The branch that the remote's HEAD names, else main, else master.
_aikore_default_branch() {
  local remote="$1" is_offline="$2" head branch
  [[ -n $is_offline ]] || _aikore_git remote set-head "$remote" --auto >/dev/null 2>&1 || true
  head="$(_aikore_git symbolic-ref --quiet --short "refs/remotes/$remote/HEAD" 2>/dev/null)" || head=""
  for branch in "${head#"$remote"/}" main master; do
    if [[ -n $branch ]] && _aikore_has_commit "refs/remotes/$remote/$branch"; then
      printf '%s\n' "$branch"
      return 0
    fi
  done
  return 1
}

# Resets before the checkout, because a merge or rebase that was left half done refuses any other way out.
_aikore_reset_to() {
  local branch="$1" target="$2"
  target="$(_aikore_git rev-parse --verify "$target^{commit}")" || return 1
  _aikore_git reset --quiet --hard || return 1
  if [[ -n $branch ]]; then
    _aikore_git checkout --quiet --force -B "$branch" "$target" -- || return 1
  else
    _aikore_git checkout --quiet --force --detach "$target" -- || return 1
  fi
  _aikore_git reset --quiet --hard "$target" || return 1
  _aikore_git --no-pager log -1 --format='%h %s (%cs)'
}
