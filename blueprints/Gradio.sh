#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Gradio
# aikore.category = Development
# aikore.description = A small Gradio application to start your own from: one tab for text, one for pictures. The code is app.py in the instance's folder.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = on
# aikore.repository = https://github.com/gradio-app/gradio
# aikore.var.GRADIO_VERSION = string "6.31.0" Version that is installed
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

aikore_venv ./env
aikore_install "gradio==${GRADIO_VERSION:-6.31.0}"

# The application is yours to change: it is written once and never touched again. Delete it to get it back.
if [[ ! -e app.py ]]; then
  aikore_step "Writing app.py"
  cp -- "$(dirname -- "$AIKORE_FUNCTIONS")/gradio/app.py" app.py.new
  mv -T -- app.py.new app.py
fi

mkdir -p -- "$INSTANCE_OUTPUT_DIR" cache
export GRADIO_SERVER_NAME=127.0.0.1
export GRADIO_SERVER_PORT="$WEBUI_PORT"
export GRADIO_TEMP_DIR="$INSTANCE_CONF_DIR/cache"
# No calls home, and no second server: rendering on the server would start a Node of its own.
export GRADIO_ANALYTICS_ENABLED=False
export GRADIO_SSR_MODE=False
export HF_HUB_OFFLINE=1 HF_HUB_DISABLE_TELEMETRY=1
# At its start Gradio asks itself whether it answers; an HTTP proxy of the machine must not stand in between.
export NO_PROXY="127.0.0.1,localhost${NO_PROXY:+,$NO_PROXY}"
export no_proxy="$NO_PROXY"

aikore_step "Starting Gradio"
exec python app.py "$@"
