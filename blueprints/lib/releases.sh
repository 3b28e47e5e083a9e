# shellcheck shell=bash
#
# Programs that are published as archives or AppImages. Part of functions.sh.

# Brings a release into a folder, once: downloads it, checks it, unpacks it, and keeps what was in it only. An AppImage is
# unpacked as well: to be mounted it would need FUSE.
#   aikore_release URL DIR [SHA256]
aikore_release() {
  local url="${1:-}" dir="${2:-}" sum="${3:-}" path file
  [[ -n $url && -n $dir ]] || { aikore_error "aikore_release needs: URL DIR [SHA256]"; return 1; }
  path="${url%%[?#]*}"
  dir="$(_aikore_absolute "$dir")" || return 1
  if [[ -d $dir && -z ${_AIKORE_IS_REBUILDING:-} ]] && _aikore_knows_origin "$dir" "$url ${sum,,}"; then
    _aikore_note made "$dir"
    # Left when a start was ended while it removed this.
    rm -rf -- "$dir.release"
    return
  fi
  [[ -n $sum ]] || aikore_warn "no SHA-256 is known of \"${path##*/}\": it is not checked."
  # In a folder of its own, which says what it is when a start was interrupted, and goes when it has served.
  file="$dir.release/${path##*/}"
  mkdir -p -- "$dir.release" || return 1
  _AIKORE_IS_SETTING_UP="" aikore_download "$url" "$file" "$sum" || return 1
  if [[ ${path,,} == *.appimage ]]; then
    _aikore_unpack_appimage "$file" "$dir" || return 1
  else
    aikore_unpack "$file" "$dir" || return 1
  fi
  _aikore_keep_origin "$dir" "$url ${sum,,}" || return 1
  rm -rf -- "$dir.release" "$(_aikore_origin_file "$file")"
}

_aikore_unpack_appimage() {
  local image="$1" dir="$2"
  aikore_step "Unpacking ${image##*/}"
  rm -rf -- "$dir.partial" || return 1
  mkdir -p -- "$dir.partial" || return 1
  chmod 755 "$image" || return 1
  if ! (cd -- "$dir.partial" && "$image" --appimage-extract >/dev/null) || [[ ! -d $dir.partial/squashfs-root ]]; then
    aikore_error "\"${image##*/}\" does not unpack itself as an AppImage does."
    return 1
  fi
  _aikore_note made "$dir"
  _aikore_swap_in "$dir.partial/squashfs-root" "$dir" || return 1
  rm -rf -- "$dir.partial"
}

# Says which libraries a program lacks on this machine, one a line; nothing when it has all, or is a script.
#   aikore_missing_libraries PROGRAM
aikore_missing_libraries() {
  command -v ldd >/dev/null 2>&1 || return 0
  { ldd "$1" 2>/dev/null || true; } | awk '/not found/ { print $1 }' | sort -u
}
