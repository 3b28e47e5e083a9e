#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Fooocus
# aikore.category = Image generation
# aikore.description = Pictures from a prompt with SDXL models and next to no settings. Fetches some 350 MB of helpers at its first start, and the models of its preset only where that is wanted.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = auto
# aikore.repository = https://github.com/lllyasviel/Fooocus
# aikore.vram = 4 GB
# aikore.disk = 9 GB
# aikore.var.FOOOCUS_PRESET = choice(default|anime|lcm|lightning|playground_v2.5|pony_v6|realistic|sai) "default" Preset that it starts with
# aikore.var.FOOOCUS_FETCH_MODELS = boolean "false" Let Fooocus fetch the models of its preset (6 GB and more) when they are not there
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

install() {
  aikore_clone https://github.com/lllyasviel/Fooocus.git app GIT_REF
  aikore_venv ./env 3.10 3.11
  aikore_torch torch==2.1.0 torchvision==0.16.0
  aikore_requirements app/requirements_versions.txt
}
aikore_setup install

aikore_models app/models/checkpoints stable-diffusion
aikore_models app/models/loras lora
aikore_models app/models/embeddings embeddings
aikore_models app/models/vae_approx vae_approx
aikore_models app/models/vae vae
aikore_models app/models/upscale_models upscale
aikore_models app/models/controlnet controlnet
aikore_models app/models/clip_vision clip_vision

mkdir -p -- "$INSTANCE_OUTPUT_DIR" cache
arguments=(
  --listen 127.0.0.1
  --port "$WEBUI_PORT"
  --output-path "$INSTANCE_OUTPUT_DIR"
  --temp-path "$INSTANCE_CONF_DIR/cache"
  --preset "${FOOOCUS_PRESET:-default}"
  --disable-in-browser
  --disable-analytics
)
[[ ${FOOOCUS_FETCH_MODELS:-false} == true ]] || arguments+=(--disable-preset-download)
[[ $(aikore_accelerator) != cpu ]] || arguments+=(--always-cpu)

aikore_step "Starting Fooocus"
cd app
# Not entry_with_update.py, which would move the checkout at every start.
exec python launch.py "${arguments[@]}" "$@"
