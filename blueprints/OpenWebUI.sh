#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Open WebUI
# aikore.category = Chat
# aikore.description = A chat with language models that an Ollama or any OpenAI-like server answers, with documents, search and accounts of its own. It needs a port or a hostname: its pages know no prefix.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /health
# aikore.proxy.mode = port
# aikore.proxy.shim = off
# aikore.repository = https://github.com/open-webui/open-webui
# aikore.disk = 6 GB
# aikore.package = pypi open-webui OPENWEBUI_VERSION
# aikore.var.OPENWEBUI_VERSION = string "0.12.4" Version that is installed
# aikore.var.WEBUI_AUTH = boolean "true" Open WebUI's own accounts, behind AiKore's sign-in. Can only be switched off before the first account is made
# aikore.var.OLLAMA_BASE_URL = string "" Address of an Ollama, such as http://127.0.0.1:11434
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

install() {
  aikore_venv ./env 3.12 3.11
  # Before the rest: the index of packages has none but the largest build of it, for CUDA.
  aikore_torch torch
  aikore_install "open-webui==${OPENWEBUI_VERSION:-0.12.4}"
}
aikore_setup install OPENWEBUI_VERSION

# Accounts, chats and documents. Two servers on one database would not do, and a satellite shares this folder.
data="$INSTANCE_CONF_DIR/data"
[[ ${AIKORE_SATELLITE:-} != 1 ]] || data="$INSTANCE_OUTPUT_DIR/data"
mkdir -p -- "$data" "$INSTANCE_OUTPUT_DIR"
export DATA_DIR="$data"
export WEBUI_AUTH="${WEBUI_AUTH:-true}"
[[ -n ${OLLAMA_BASE_URL:-} ]] || unset OLLAMA_BASE_URL
# No calls home.
export SCARF_NO_ANALYTICS=true DO_NOT_TRACK=true ANONYMIZED_TELEMETRY=false HF_HUB_DISABLE_TELEMETRY=1

aikore_step "Starting Open WebUI"
# It keeps the key that it signs sessions with in the folder where it is started.
cd -- "$data"
# The script `open-webui` does no more, but holds the environment's path.
exec python -c 'import sys; from open_webui import app; sys.argv[0] = "open-webui"; app()' \
  serve --host 127.0.0.1 --port "$WEBUI_PORT" "$@"
