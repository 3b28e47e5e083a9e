# shellcheck shell=bash
#
# What comes from elsewhere than a repository or an index of Python packages. Part of functions.sh.

# Downloads a file once, under its name only when it is whole and right; an interrupted download goes on where it ended.
#   aikore_download URL FILE [SHA256]
# DOWNLOAD_MIRRORS holds mirrors: "https://github.com/=https://mirror.lan/ …".
aikore_download() {
  local url="${1:-}" file="${2:-}" sum="${3:-}"
  [[ -n $url && -n $file ]] || { aikore_error "aikore_download needs: URL FILE [SHA256]"; return 1; }
  sum="${sum,,}"
  [[ -z $sum || $sum =~ ^[0-9a-f]{64}$ ]] || { aikore_error "\"$sum\" is not a SHA-256."; return 1; }
  if [[ ! $url =~ ^(https?|file)://[^[:cntrl:][:space:]]+$ ]]; then
    aikore_error "\"$(_aikore_public_url "$url")\" is not an address: https://…, http://… or file:///…"
    return 1
  fi
  file="$(_aikore_absolute "$file")" || return 1
  _aikore_note made "$file"
  if [[ -f $file && -z ${_AIKORE_IS_CLEAN:-} ]] && _aikore_knows_origin "$file" "$url $sum"; then return 0; fi
  if [[ -f $file && -n $sum && $(_aikore_sha256 <"$file") == "$sum" ]]; then
    _aikore_keep_origin "$file" "$url $sum"
    return
  fi
  command -v curl >/dev/null 2>&1 || aikore_need curl
  aikore_step "Downloading ${file##*/}"
  mkdir -p -- "$(dirname -- "$file")" || return 1
  _aikore_fetch "$(_aikore_mirrored "$url")" "$file.partial" "$sum" || return 1
  mv -fT -- "$file.partial" "$file" && _aikore_keep_origin "$file" "$url $sum"
}

_aikore_mirrored() {
  local url="$1" pair mirrors=()
  IFS=$' \t\n' read -r -d '' -a mirrors <<<"${DOWNLOAD_MIRRORS:-}" || true
  for pair in "${mirrors[@]}"; do
    if [[ $pair == *=* && $url == "${pair%%=*}"* ]]; then
      printf '%s' "${pair#*=}${url#"${pair%%=*}"}"
      return
    fi
  done
  printf '%s' "$url"
}

# _aikore_fetch URL PARTIAL SHA256: goes on with what is left of another try; where that cannot be, begins anew, once.
_aikore_fetch() {
  local url="$1" partial="$2" sum="$3" origin status
  origin="$(printf '%s' "$url" | _aikore_sha256)" || return 1
  if [[ -s $partial && "$(cat -- "$partial.origin" 2>/dev/null)" == "$origin" ]]; then
    if _aikore_curl "$url" "$partial"; then status=0; else status=$?; fi
    if ((status == 0)) && _aikore_is_right "$partial" "$sum"; then
      rm -f -- "$partial.origin"
      return 0
    fi
    # curl's words for "no such part of it" (22, 33, 36); any other failure leaves what is there for the next start.
    if ((status != 0 && status != 22 && status != 33 && status != 36)); then
      aikore_error "\"$(_aikore_public_url "$url")\" could not be downloaded to its end; the next start goes on with it."
      return 1
    fi
  fi
  rm -f -- "$partial" || return 1
  _aikore_write "$partial.origin" "$origin" || return 1
  if _aikore_curl "$url" "$partial" && _aikore_is_right "$partial" "$sum"; then
    rm -f -- "$partial.origin"
    return 0
  fi
  aikore_error "\"$(_aikore_public_url "$url")\" could not be downloaded; what is written above says why."
  return 1
}

_aikore_curl() {
  curl --fail --location --globoff --proto '=https,http,file' --proto-redir '=https,http' --retry 3 --retry-delay 2 \
    --connect-timeout "${AIKORE_NETWORK_TIMEOUT:-30}" --speed-limit 1 --speed-time "${AIKORE_NETWORK_TIMEOUT:-30}" \
    --progress-bar --continue-at - --output "$2" --url "$1"
}

_aikore_is_right() {
  [[ -n $2 ]] || return 0
  local sum
  sum="$(_aikore_sha256 <"$1")" || return 1
  [[ $sum != "$2" ]] || return 0
  aikore_error "What was downloaded is not what was expected: its SHA-256 is $sum, and should be $2."
  rm -f -- "$1"
  return 1
}

# Unpacks a tar archive of any kind, or a zip file, once. A single leading folder is left out.
#   aikore_unpack ARCHIVE DIR
aikore_unpack() {
  local archive="${1:-}" dir="${2:-}" magic origin entries=()
  [[ -f $archive && -n $dir ]] || { aikore_error "aikore_unpack needs: ARCHIVE DIR"; return 1; }
  dir="$(_aikore_absolute "$dir")" || return 1
  archive="$(_aikore_absolute "$archive")" || return 1
  _aikore_note made "$dir"
  origin="$(stat -c '%s %Y' -- "$archive") ${archive##*/}"
  if [[ -d $dir && -z ${_AIKORE_IS_REBUILDING:-} ]] && _aikore_knows_origin "$dir" "$origin"; then return 0; fi
  aikore_step "Unpacking ${archive##*/}"
  rm -rf -- "$dir.partial" || return 1
  mkdir -p -- "$dir.partial/content" || return 1
  magic="$(head -c 2 -- "$archive" | tr -d '\0')"
  if [[ $magic == PK ]]; then
    command -v unzip >/dev/null 2>&1 || aikore_need unzip
    unzip -q -o "$archive" -d "$dir.partial/content" || return 1
  else
    # Neither owners nor modes of the machine on which it was packed.
    tar --extract --no-same-owner --no-same-permissions --file "$archive" --directory "$dir.partial/content" || return 1
  fi
  mapfile -t -d '' entries < <(find "$dir.partial/content" -mindepth 1 -maxdepth 1 -print0)
  if [[ ${#entries[@]} -eq 1 && -d ${entries[0]} && ! -L ${entries[0]} ]]; then
    _aikore_swap_in "${entries[0]}" "$dir" || return 1
  else
    _aikore_swap_in "$dir.partial/content" "$dir" || return 1
  fi
  rm -rf -- "$dir.partial"
  _aikore_keep_origin "$dir" "$origin"
}

# Installs a package of npm with what it needs, once, under the folder's name only when it is whole.
#   aikore_npm DIR PACKAGE@VERSION
aikore_npm() {
  local dir="${1:-}" package="${2:-}" timeout
  if [[ -z $dir || ! $package =~ ^(@[a-z0-9._-]+/)?[A-Za-z0-9._-]+@[A-Za-z0-9][A-Za-z0-9.+_-]*$ ]]; then
    aikore_error "aikore_npm needs: DIR PACKAGE@VERSION"
    return 1
  fi
  aikore_need node npm
  dir="$(_aikore_absolute "$dir")" || return 1
  timeout=$((${AIKORE_NETWORK_TIMEOUT:-30} * 1000))
  _aikore_note made "$dir"
  _aikore_note package "${package%@*} ${package##*@}"
  _aikore_note installer npm
  if [[ -d $dir/node_modules/${package%@*} && -z ${_AIKORE_IS_REBUILDING:-} ]] && _aikore_knows_origin "$dir" "$package"; then
    return 0
  fi
  aikore_step "Installing $package"
  rm -rf -- "$dir.new" || return 1
  mkdir -p -- "$dir.new" || return 1
  npm install --prefix "$dir.new" --no-audit --no-fund --loglevel=http --fetch-timeout="$timeout" --fetch-retries=3 \
    -- "$package" || return 1
  _aikore_swap_in "$dir.new" "$dir" && _aikore_keep_origin "$dir" "$package"
}

# Puts a whole folder in the place of another. Interrupted in between, the next start makes it again.
_aikore_swap_in() {
  rm -rf -- "$2.old" || return 1
  if [[ -e $2 ]]; then mv -T -- "$2" "$2.old" || return 1; fi
  mv -T -- "$1" "$2" && rm -rf -- "$2.old"
}

# What something was made from lies in .aikore/made, named after the path: no file is added to the application's own.
_aikore_origin_file() { printf '%s/made/%s' "$_AIKORE_STATE" "$(_aikore_from_home "$1" | _aikore_sha256)"; }

_aikore_knows_origin() {
  local file
  file="$(_aikore_origin_file "$1")" || return 1
  [[ -f $file && $(<"$file") == "$(printf '%s' "$2" | _aikore_sha256)" ]]
}

_aikore_keep_origin() {
  mkdir -p -- "$_AIKORE_STATE/made" || return 1
  _aikore_write "$(_aikore_origin_file "$1")" "$(printf '%s' "$2" | _aikore_sha256)"
}
