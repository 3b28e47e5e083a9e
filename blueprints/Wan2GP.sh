#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Wan2GP
# aikore.category = Video generation
# aikore.description = Makes videos, pictures and sound with Wan, Hunyuan, LTX, Flux, Qwen and others, on cards with little memory. It needs a GPU, and fetches a model itself when it is first used.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = auto
# aikore.repository = https://github.com/deepbeepmeep/Wan2GP
# aikore.vram = 6 GB
# aikore.disk = 16 GB
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

install() {
  aikore_clone https://github.com/deepbeepmeep/Wan2GP.git app GIT_REF
  aikore_venv ./env 3.11 3.10
  aikore_torch torch==2.10.0 torchvision==0.25.0 torchaudio==2.10.0
  aikore_requirements app/requirements.txt
}
[[ $(aikore_accelerator) != cpu ]] || aikore_warn "Wan2GP asks for a GPU at its start, and none was found on this machine."
aikore_setup install

mkdir -p -- settings
sl_folder app outputs "$INSTANCE_OUTPUT_DIR"
aikore_models app/ckpts wan2gp
aikore_models app/loras wan2gp_lora

aikore_gradio
aikore_step "Starting Wan2GP"
cd app
exec python wgp.py --server-name 127.0.0.1 --server-port "$WEBUI_PORT" \
  --config "$INSTANCE_CONF_DIR/settings" --settings "$INSTANCE_CONF_DIR/settings" "$@"
