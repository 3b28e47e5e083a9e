# shellcheck shell=bash
#
# What an installation that was interrupted left, and the way back from an update. Part of functions.sh.

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
  # Steps that did not change stay remembered: to repeat them needs the very network that the update may have lacked.
  _aikore_mend
}
