# shellcheck shell=bash
# shellcheck disable=SC2154 # what session.sh sets
# What the helper knows of the parts of the desktop (`x`, `wm`, `kiosk`), for AiKore to read.
# States: off, starting, running, restarting, failed. Sentences are this program's own and hold nothing from outside.

declare -A state=([x]=off [wm]=off [kiosk]=off)
declare -A sentence=([x]='' [wm]='' [kiosk]='')
declare -A pid=([x]=0 [wm]=0 [kiosk]=0)
declare -A restarts=([x]=0 [wm]=0 [kiosk]=0)

part_json() {
  local part=$1
  printf '{"state":"%s","sentence":"%s","pid":%d,"restarts":%d}' \
    "${state[$part]}" "${sentence[$part]}" "${pid[$part]}" "${restarts[$part]}"
}

# Whole or not at all: written beside and put into place.
write_state() {
  {
    printf '{"version":1,"driver":"%s","display":%d,"helper_pid":%d,"x":%s,"wm":%s,"kiosk":%s}\n' \
      "$driver" "$display" $$ "$(part_json x)" "$(part_json wm)" "$(part_json kiosk)"
  } >state.new 2>/dev/null && mv -f state.new state
}

# $1 part, $2 state, $3 sentence
tell() {
  state[$1]=$2
  sentence[$1]=${3:-}
  write_state || true
}
