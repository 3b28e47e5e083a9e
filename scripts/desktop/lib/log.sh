# shellcheck shell=bash
# What the X server, the window manager and the browser print.

readonly MAX_LOG_BYTES=$((256 * 1024))

# Copies its input to a file of bounded size; what is older than the last MAX_LOG_BYTES to twice that is forgotten.
bounded_log() {
  local file=$1 piece bytes=0
  local LC_ALL=C
  # The last words of those that are ended are wanted: it ends when nobody can write any more.
  trap '' TERM
  : >"$file"
  while IFS= read -r -n 4096 piece || [ -n "$piece" ]; do
    printf '%s\n' "$piece" >>"$file" 2>/dev/null || true
    bytes=$((bytes + ${#piece} + 1))
    if [ "$bytes" -gt "$MAX_LOG_BYTES" ]; then
      mv -f "$file" "$file.old" || : >"$file"
      bytes=0
    fi
  done
}
