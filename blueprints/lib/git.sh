# shellcheck shell=bash
#
# Checkouts that are brought up to date at every start. Part of functions.sh.

# Never asks for a password, and is not led to another repository by the environment.
_aikore_git() {
  env -u GIT_DIR -u GIT_WORK_TREE -u GIT_INDEX_FILE GIT_TERMINAL_PROMPT=0 git "$@"
}

# Brings the checkout in the current directory up to date.
#   sync_repo [VAR]      (also: check_remote [VAR])
# VAR is the NAME of a variable that may hold a tag, branch or commit; without a value the remote's default branch is
# meant. Local changes to tracked files are lost, untracked files stay. Offline, what was fetched before is used.
# Returns 1 without a repository, a remote or such a target.
sync_repo() {
  local var="${1:-}" ref="" remote is_offline=""
  if [[ -n $var ]]; then
    [[ $var =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] || { aikore_error "sync_repo: \"$var\" is not the name of a variable."; return 1; }
    ref="${!var:-}"
  fi
  _aikore_is_repo_root || return 1
  remote="$(_aikore_git remote)" && remote="${remote%%$'\n'*}"
  [[ -n $remote ]] || { aikore_error "sync_repo: \"$PWD\" has no remote."; return 1; }
  _aikore_unlock_repo
  if ! _aikore_git -c http.lowSpeedLimit=1 -c http.lowSpeedTime=60 fetch --prune --tags --force -- "$remote"; then
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

# Clones once, then keeps up to date.
#   aikore_clone URL DIR [VAR]     VAR as for sync_repo
aikore_clone() {
  local url="${1:-}" dir="${2:-}" var="${3:-}"
  [[ -n $url && -n $dir ]] || { aikore_error "aikore_clone needs: URL DIR [VAR]"; return 1; }
  if [[ ! -e $dir/.git ]]; then
    if [[ -e $dir ]]; then
      # An empty folder gives way; anything else is somebody's.
      rmdir -- "$dir" || return 1
    fi
    # The folder gets its name when the clone is whole.
    rm -rf -- "$dir.partial" || return 1
    _aikore_git clone -- "$url" "$dir.partial" || return 1
    mv -T -- "$dir.partial" "$dir" || return 1
  fi
  (cd -- "$dir" && sync_repo ${var:+"$var"})
}
