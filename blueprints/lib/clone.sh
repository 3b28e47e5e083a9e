# shellcheck shell=bash
#
# Checkouts that are made once and change only when asked to. Part of functions.sh.

# Clones once. Later it does nothing, unless VAR asks for another tag, branch or commit than before, the address changed,
# or an update is wanted.
#   aikore_clone URL DIR [VAR]     VAR as for sync_repo
aikore_clone() {
  local url="${1:-}" dir="${2:-}" var="${3:-}"
  [[ -n $url && -n $dir ]] || { aikore_error "aikore_clone needs: URL DIR [VAR]"; return 1; }
  _aikore_check_url "$url" || return 1
  _aikore_ref_of "$var" >/dev/null || return 1
  command -v git >/dev/null 2>&1 || aikore_need git
  dir="$(_aikore_absolute "$dir")" || return 1
  if [[ ! -e $dir/.git ]]; then
    _aikore_clone_anew "$url" "$dir" "$var" || return 1
  else
    _aikore_bring_to "$url" "$dir" "$var" || return 1
  fi
  _aikore_note repository "$dir"
}

# The folder gets its name when the clone is whole and stands where it should.
_aikore_clone_anew() {
  local url="$1" dir="$2" var="$3"
  if [[ -e $dir ]]; then
    # An empty folder gives way; anything else is somebody's.
    rmdir -- "$dir" || return 1
  fi
  aikore_step "Cloning $(_aikore_public_url "$url")"
  rm -rf -- "$dir.partial" || return 1
  mkdir -p -- "$(dirname -- "$dir")" || return 1
  _aikore_git_masked "$url" clone -- "$url" "$dir.partial" || return 1
  _aikore_sync_in "$dir.partial" "$url" "$var" 1 || return 1
  mv -T -- "$dir.partial" "$dir"
}

_aikore_bring_to() {
  local url="$1" dir="$2" var="$3" known="" ref
  ref="$(_aikore_ref_of "$var")" || return 1
  [[ ! -f $dir/.git/aikore-ref ]] || known="$(<"$dir/.git/aikore-ref")"
  if [[ -z ${_AIKORE_IS_UPDATING:-} ]]; then
    [[ $known != "$(_aikore_ref_memory "$url" "$ref")" ]] || return 0
    if [[ -z $known && -z $ref && $(_aikore_git -C "$dir" config --get remote.origin.url 2>/dev/null) == "$url" ]]; then
      # A checkout that somebody else made stays where it is.
      _aikore_is_whole "$dir" && return 0
    fi
  fi
  aikore_step "Updating ${dir##*/}"
  _aikore_sync_in "$dir" "$url" "$var"
}

_aikore_is_whole() { _aikore_git -C "$1" rev-parse --quiet --verify 'HEAD^{commit}' >/dev/null; }

# What was asked for when the checkout last moved. The address is kept as a sum: it may hold a password.
_aikore_ref_memory() { printf '%s %s' "$(printf '%s' "$1" | _aikore_sha256)" "$2"; }

# _aikore_sync_in DIR URL VAR [IS_FRESH]
_aikore_sync_in() (
  cd -- "$1" || return 1
  rm -f -- .git/aikore-ref || return 1
  _aikore_git remote set-url origin -- "$2" || return 1
  if [[ -n ${4:-} ]]; then
    _aikore_checkout origin "$(_aikore_ref_of "$3")" "" || return 1
  else
    sync_repo ${3:+"$3"} || return 1
  fi
  _aikore_sync_submodules "${4:-}" || return 1
  # An update that could not be fetched leaves another ref to be tried again.
  if [[ -z $(_aikore_ref_of "$3") || -n ${4:-} ]] || _aikore_stands_at "$(_aikore_ref_of "$3")"; then
    _aikore_write .git/aikore-ref "$(_aikore_ref_memory "$2" "$(_aikore_ref_of "$3")")"
  else
    _aikore_note incomplete "$1"
  fi
)

_aikore_stands_at() {
  local ref="$1" head name
  head="$(_aikore_git rev-parse HEAD)" || return 1
  for name in "refs/tags/$ref" "refs/remotes/origin/$ref" "refs/heads/$ref" "$ref"; do
    if [[ $(_aikore_git rev-parse --quiet --verify "$name^{commit}" 2>/dev/null) == "$head" ]]; then return 0; fi
  done
  return 1
}

# Parts that the application keeps in repositories of their own.
_aikore_sync_submodules() {
  [[ -f .gitmodules ]] || return 0
  _aikore_git submodule --quiet sync --recursive || return 1
  _aikore_git submodule update --init --recursive --force && return 0
  if [[ -n $1 ]]; then return 1; fi
  aikore_warn "the submodules of \"${PWD##*/}\" cannot be fetched; going on with what is here."
}

# Only what a checkout can come from: nothing that git would take for an option or a program.
_aikore_check_url() {
  local url="$1"
  if [[ ! $url =~ [[:cntrl:]] ]]; then
    if [[ $url =~ ^(https?|ssh)://([^/@]*@)?[A-Za-z0-9[] ]]; then return 0; fi
    if [[ $url =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[^:] ]]; then return 0; fi
    if [[ $url == file:///* || $url == /* ]]; then return 0; fi
  fi
  aikore_error "\"$(_aikore_public_url "$url")\" is not the address of a repository: https://…, http://…, ssh://…, git@host:…, file:///… or an absolute path."
  return 1
}
