#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = text-generation-webui
# aikore.category = Chat
# aikore.description = Chats with language models that it loads itself (GGUF, EXL3, Transformers). Models lie in models/llm; characters, chats and settings in the instance's output folder.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = auto
# aikore.repository = https://github.com/oobabooga/textgen
# aikore.vram = 8 GB
# aikore.disk = 12 GB
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

install() {
  local list=requirements_cpu_only.txt
  aikore_clone https://github.com/oobabooga/textgen.git app GIT_REF
  # Its wheels of ExLlama are built for 3.13; with the others only that loader is missing.
  aikore_venv ./env 3.13 3.12 3.11
  aikore_torch torch==2.9.1
  case "$(aikore_accelerator)" in
    cuda) list=requirements.txt ;;
    rocm) list=requirements_amd.txt ;;
  esac
  aikore_requirements "app/requirements/full/$list"
}
aikore_setup install

# What is the user's outlives the application. What it brings along of that kind is added where it is missing.
user_data="$INSTANCE_OUTPUT_DIR/user_data"
mkdir -p -- "$user_data" "$AIKORE_MODELS_DIR/llm" "$AIKORE_MODELS_DIR/llm_lora"
cp -R --update=none -- app/user_data/. "$user_data/" 2>/dev/null || cp -Rn -- app/user_data/. "$user_data/"

# Without --listen it asks Gradio, which listens where these variables say.
aikore_gradio
arguments=(
  --listen-port "$WEBUI_PORT"
  --user-data-dir "$user_data"
  --model-dir "$AIKORE_MODELS_DIR/llm"
  --lora-dir "$AIKORE_MODELS_DIR/llm_lora"
)
[[ $(aikore_accelerator) != cpu ]] || arguments+=(--cpu)

aikore_step "Starting text-generation-webui"
cd app
exec python server.py "${arguments[@]}" "$@"
