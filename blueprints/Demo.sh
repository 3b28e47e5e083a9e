#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Demo
# aikore.category = Getting started
# aikore.description = A small page that shows what an instance gets, echoes over a WebSocket, takes uploads and paints pictures. Needs nothing but Node.
# aikore.probe = http /health
# aikore.proxy.mode = strip
# aikore.proxy.shim = off
# aikore.var.DEMO_TITLE = string "Demo" Heading of the page
# aikore.var.DEMO_PALETTE = choice(dusk|ocean|forest) "dusk" Colours of the paintings
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"

# This script runs as a copy in the instance's directory; what belongs to it lies beside functions.sh.
demo_dir="$(dirname -- "$AIKORE_FUNCTIONS")/demo"
canvas="$INSTANCE_CONF_DIR/canvas"
grain="$canvas/grain.bin"
parts=64
part_bytes=65536

# A bar that is drawn over itself, as package managers do.
draw_progress() {
  local done_parts="$1" width=32 filled bar
  filled=$((done_parts * width / parts))
  printf -v bar '%*s' "$filled" ''
  printf '\r\033[36m[%-*s]\033[0m %3d %%  %d of %d KiB' "$width" "${bar// /#}" \
    "$((done_parts * 100 / parts))" "$((done_parts * part_bytes / 1024))" "$((parts * part_bytes / 1024))"
}

# The noise that gives the paintings their grain: made once, and under its name only when it is whole.
prepare_grain() {
  local part
  if [[ -f $grain ]]; then
    printf '\033[32mThe canvas is ready already.\033[0m\n'
    return
  fi
  : >"$grain.partial"
  for ((part = 1; part <= parts; part++)); do
    head -c "$part_bytes" /dev/urandom >>"$grain.partial"
    draw_progress "$part"
    sleep 0.01
  done
  printf '\n'
  mv -T -- "$grain.partial" "$grain"
}

aikore_step "Looking at the machine"
if ! command -v node >/dev/null 2>&1; then
  aikore_error "The demo needs \"node\" in the PATH."
  exit 1
fi
printf 'Node \033[1m%s\033[0m on %s, %s processors\n' "$(node --version)" "$(uname -sr)" "$(nproc)"

aikore_step "Preparing the canvas"
mkdir -p -- "$canvas" "$INSTANCE_OUTPUT_DIR"
prepare_grain

aikore_step "Starting the page"
export DEMO_GRAIN="$grain"
# exec: the signals that end an instance reach the application itself.
exec node "$demo_dir/server.mjs" "$@"
