#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = ComfyUI
# aikore.category = Image generation
# aikore.description = Pictures, video and sound from graphs of nodes, with ComfyUI-Manager for further nodes. Needs at least one model, in the shared models folder or through the Manager.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /system_stats
# aikore.proxy.mode = strip
# aikore.proxy.shim = auto
# aikore.repository = https://github.com/Comfy-Org/ComfyUI
# aikore.vram = 6 GB
# aikore.disk = 9 GB
# aikore.var.COMFYUI_MANAGER = boolean "true" Install ComfyUI-Manager
# aikore.var.COMFYUI_MANAGER_REF = string "" Tag, branch or commit of ComfyUI-Manager; empty for its default branch
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

manager=app/custom_nodes/ComfyUI-Manager

install() {
  aikore_clone https://github.com/Comfy-Org/ComfyUI.git app GIT_REF
  aikore_venv ./env 3.12 3.13 3.11 3.10
  aikore_torch torch torchvision torchaudio
  aikore_requirements app/requirements.txt
  if [[ ${COMFYUI_MANAGER:-true} == true ]]; then
    aikore_clone https://github.com/Comfy-Org/ComfyUI-Manager.git "$manager" COMFYUI_MANAGER_REF
    aikore_requirements "$manager/requirements.txt"
  fi
  # A new environment has lost what the nodes need that were added since.
  local file
  for file in app/custom_nodes/*/requirements.txt; do
    [[ -f $file && $file != "$manager"/* ]] || continue
    aikore_requirements "$file" || aikore_warn "\"$file\" could not be installed; its nodes may be missing."
  done
}
aikore_setup install COMFYUI_MANAGER COMFYUI_MANAGER_REF

aikore_models app/models/checkpoints stable-diffusion
aikore_models app/models/hypernetworks hypernetwork
aikore_models app/models/loras lora
aikore_models app/models/vae vae
aikore_models app/models/vae_approx vae_approx
aikore_models app/models/embeddings embeddings
aikore_models app/models/upscale_models upscale
aikore_models app/models/clip_vision clip_vision
aikore_models app/models/clip clip
aikore_models app/models/text_encoders t5
aikore_models app/models/controlnet controlnet
aikore_models app/models/unet unet

mkdir -p -- "$INSTANCE_OUTPUT_DIR" "$TMPDIR" user input
arguments=(
  --listen 127.0.0.1
  --port "$WEBUI_PORT"
  --output-directory "$INSTANCE_OUTPUT_DIR"
  --user-directory "$INSTANCE_CONF_DIR/user"
  --input-directory "$INSTANCE_CONF_DIR/input"
  --temp-directory "$TMPDIR"
  --disable-auto-launch
)
# Older versions have no database.
if grep -qs -e --database-url app/comfy/cli_args.py; then
  database="$INSTANCE_CONF_DIR/user/comfyui.db"
  # One process at a time can have it; a satellite's is forgotten with it.
  [[ -z ${AIKORE_SATELLITE:-} ]] || database=":memory:"
  arguments+=(--database-url "sqlite:///$database")
fi
[[ $(aikore_accelerator) != cpu ]] || arguments+=(--cpu)

aikore_step "Starting ComfyUI"
cd app
exec python main.py "${arguments[@]}" "$@"
