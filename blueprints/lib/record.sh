# shellcheck shell=bash
#
# The record of what an installation was made from: .aikore/install.json. Part of functions.sh.

_AIKORE_HISTORY_LENGTH=10

# What the helpers do during a setup, a line each: "KIND VALUE".
_aikore_note() {
  [[ -n ${_AIKORE_IS_SETTING_UP:-} ]] || return 0
  local value="$2"
  if [[ $1 == repository || $1 == made ]]; then
    value="$(_aikore_from_home "$value")"
    # A line each: such a name cannot be watched.
    [[ $value != *$'\n'* ]] || return 0
  fi
  printf '%s %s\n' "$1" "${value//$'\n'/ }" >>"$_AIKORE_STATE/setup.notes"
}

# A path relative to the instance's folder, where it lies inside.
_aikore_from_home() {
  local home
  home="$(_aikore_absolute "$_AIKORE_HOME")"
  if [[ $1 == "$home"/* ]]; then printf '%s' "${1#"$home"/}"; else printf '%s' "$1"; fi
}

_aikore_to_home() { if [[ $1 == /* ]]; then printf '%s' "$1"; else printf '%s/%s' "$(_aikore_absolute "$_AIKORE_HOME")" "$1"; fi; }

# The last note of a kind, or all of them.
_aikore_noted() { sed -n "s/^$1 //p" -- "$_AIKORE_STATE/setup.notes" 2>/dev/null | tail -n 1; }
_aikore_all_noted() { sed -n "s/^$1 //p" -- "$_AIKORE_STATE/setup.notes" 2>/dev/null | awk '!seen[$0]++'; }

# _aikore_write_record SECONDS SCRIPT_DIGEST: a new record; the former one goes into the history.
_aikore_write_record() {
  local file="$_AIKORE_STATE/install.json" record history="$_AIKORE_STATE/history" name old=()
  record="$(_aikore_record "$1" "$2")" || return 1
  if [[ -f $file ]]; then
    mkdir -p -- "$history" || return 1
    name="$(date -u -r "$file" +%Y%m%dT%H%M%S.%3NZ)" || return 1
    cp -p -- "$file" "$history/.new" && mv -fT -- "$history/.new" "$history/$name.json" || return 1
    mapfile -t old < <(cd -- "$history" && printf '%s\n' *.json | sort -r)
    for name in "${old[@]:_AIKORE_HISTORY_LENGTH}"; do rm -f -- "$history/$name" || return 1; done
  fi
  _aikore_write "$file" "$record"
}

_aikore_record() {
  local seconds="$1" digest="$2" accelerator installer
  accelerator="$(_aikore_noted accelerator)"
  installer="$(_aikore_record_installer)"
  printf '{\n  "finished_at": "%s",\n  "took_seconds": %d,\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$seconds"
  printf '  "blueprint": %s,\n  "script_digest": "%s",\n' "$(_aikore_json "${BLUEPRINT_ID:-}")" "$digest"
  printf '  "pins": {"git_ref": %s, "python_version": %s, "cuda_version": %s, "torch_version": %s, "extra_requirements": %s},\n' \
    "$(_aikore_json_or_null "${GIT_REF:-}")" "$(_aikore_json_or_null "${PYTHON_VERSION:-}")" \
    "$(_aikore_json_or_null "${CUDA_VERSION:-}")" "$(_aikore_json_or_null "${TORCH_VERSION:-}")" \
    "$(_aikore_json "${AIKORE_EXTRA_REQUIREMENTS:-}")"
  printf '  "python": %s,\n  "installer": %s,\n' "$(_aikore_record_python)" "$(_aikore_json_or_null "$installer")"
  printf '  "accelerator": %s,\n' "$(_aikore_json_or_null "$accelerator")"
  printf '  "repositories": [%s],\n  "packages": {%s}\n}' "$(_aikore_record_repositories)" "$(_aikore_record_packages)"
}

_aikore_record_installer() {
  local kind name
  kind="$(_aikore_noted environment)"
  if [[ ${kind%% *} == conda ]]; then
    printf conda
    return
  fi
  for name in uv pip npm; do
    if [[ $'\n'"$(_aikore_all_noted installer)"$'\n' == *$'\n'"$name"$'\n'* ]]; then printf '%s' "$name" && return; fi
  done
}

_aikore_record_python() {
  if [[ -z $_AIKORE_ENV ]]; then
    printf null
    return
  fi
  printf '{"version": %s, "source": %s}' "$(_aikore_json "$(_aikore_env_fact "$_AIKORE_ENV" 3)")" \
    "$(_aikore_json "$(_aikore_env_fact "$_AIKORE_ENV" 2)")"
}

_aikore_record_repositories() {
  local path separator="" dir facts=()
  while IFS= read -r path; do
    dir="$(_aikore_to_home "$path")"
    mapfile -t facts < <(_aikore_git -C "$dir" log -1 --no-show-signature --format='%H%n%cI%n%s' --encoding=UTF-8 2>/dev/null)
    [[ -n ${facts[0]:-} ]] || continue
    printf '%s\n    {"path": %s, "url": %s, "ref": %s, "commit": "%s", "subject": %s, "committed_at": %s}' "$separator" \
      "$(_aikore_json "$path")" \
      "$(_aikore_json "$(_aikore_public_url "$(_aikore_git -C "$dir" config --get remote.origin.url 2>/dev/null)")")" \
      "$(_aikore_json_or_null "$(_aikore_followed_ref "$dir")")" "${facts[0]}" "$(_aikore_json "${facts[2]:0:200}")" \
      "$(_aikore_json_or_null "${facts[1]:-}")"
    separator=,
  done < <(_aikore_all_noted repository)
  [[ -z $separator ]] || printf '\n  '
}

# The branch that a checkout follows, or the tag at which it was told to stand; nothing for a commit.
_aikore_followed_ref() {
  local memory="" ref
  _aikore_git -C "$1" symbolic-ref --quiet --short HEAD 2>/dev/null && return
  [[ ! -f $1/.git/aikore-ref ]] || memory="$(<"$1/.git/aikore-ref")"
  ref="${memory#* }"
  if [[ -n $ref && $ref != "$memory" ]] && _aikore_git -C "$1" rev-parse --quiet --verify "refs/tags/$ref" >/dev/null; then
    printf '%s' "$ref"
  fi
}

_aikore_record_packages() {
  local line separator=""
  while IFS= read -r line; do
    [[ -n $line ]] || continue
    printf '%s\n    %s' "$separator" "$line"
    separator=,
  done < <(
    [[ -z $_AIKORE_ENV ]] || "$_AIKORE_ENV/bin/python" -I "$_AIKORE_LIBRARY/list-packages.py"
    while IFS= read -r line; do
      printf '%s: %s\n' "$(_aikore_json "${line% *}")" "$(_aikore_json "${line##* }")"
    done < <(_aikore_all_noted package)
  )
  [[ -z $separator ]] || printf '\n  '
}

_aikore_json_or_null() { if [[ -n $1 ]]; then _aikore_json "$1"; else printf null; fi; }

# A string of JSON. What is no UTF-8 is left out where iconv is there.
_aikore_json() {
  local LC_ALL=C text="$1" result="" char code i
  if [[ $text == *[$'\x80'-$'\xff']* ]] && command -v iconv >/dev/null 2>&1; then
    text="$(printf '%s' "$text" | iconv -c -f UTF-8 -t UTF-8)" || text="$1"
  fi
  text="${text//\\/\\\\}"
  text="${text//\"/\\\"}"
  if [[ $text == *[$'\x01'-$'\x1f'$'\x7f']* ]]; then
    for ((i = 0; i < ${#text}; i++)); do
      char="${text:i:1}"
      if [[ $char == [$'\x01'-$'\x1f'$'\x7f'] ]]; then
        printf -v code '%d' "'$char"
        printf -v char '\\u%04x' "$code"
      fi
      result+="$char"
    done
    text="$result"
  fi
  printf '"%s"' "$text"
}
