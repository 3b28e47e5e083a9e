#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Voicebox
# aikore.category = Audio
# aikore.description = A studio for cloned voices: profiles, stories, transcription. It needs a port or a hostname: its pages know no prefix. Models are fetched from its page.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /health
# aikore.proxy.mode = port
# aikore.proxy.shim = off
# aikore.repository = https://github.com/jamiepine/voicebox
# aikore.vram = 4 GB
# aikore.disk = 12 GB
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

# Its pages, as its Dockerfile builds them: two of the workspaces are for the desktop program and its web site.
build_pages() {
  local commit
  commit="$(git -C app rev-parse HEAD)"
  [[ ! -f app/frontend/.made-from || $(<app/frontend/.made-from) != "$commit" ]] || return 0
  aikore_need node npm
  aikore_npm tools bun@1.3.8
  aikore_step "Building the pages"
  rm -rf -- pages.new app/frontend.new
  mkdir -- pages.new
  cp -a -- app/package.json app/bun.lock app/CHANGELOG.md app/app app/web pages.new/
  node -e '
    const { readFileSync, writeFileSync } = require("node:fs");
    const file = "pages.new/package.json";
    const described = JSON.parse(readFileSync(file, "utf8"));
    described.workspaces = ["app", "web"];
    writeFileSync(file, JSON.stringify(described, null, 2));
  '
  (
    PATH="$INSTANCE_CONF_DIR/tools/node_modules/.bin:$PATH"
    cd pages.new
    bun install --no-save
    cd web
    bunx --bun vite build
  )
  printf '%s\n' "$commit" >pages.new/web/dist/.made-from
  mv -T -- pages.new/web/dist app/frontend.new
  rm -rf -- app/frontend pages.new
  mv -T -- app/frontend.new app/frontend
}

install() {
  aikore_clone https://github.com/jamiepine/voicebox.git app GIT_REF
  aikore_venv ./env 3.12 3.11 3.13
  aikore_torch torch torchaudio
  aikore_requirements app/backend/requirements.txt
  # Their own lists ask for versions that contradict the rest; what they need is in the list above.
  aikore_install --no-deps chatterbox-tts hume-tada
  build_pages
}
aikore_setup install

mkdir -p -- "$INSTANCE_OUTPUT_DIR"
aikore_step "Starting Voicebox"
cd app
exec python -m backend.main --host 127.0.0.1 --port "$WEBUI_PORT" --data-dir "$INSTANCE_OUTPUT_DIR" "$@"
