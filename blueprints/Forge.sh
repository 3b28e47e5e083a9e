#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Forge
# aikore.category = Image generation
# aikore.description = Stable Diffusion WebUI Forge: the interface of AUTOMATIC1111 with less memory use, and FLUX. Needs a model in the shared models folder.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = auto
# aikore.repository = https://github.com/lllyasviel/stable-diffusion-webui-forge
# aikore.vram = 6 GB
# aikore.disk = 10 GB
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

# The commits that Forge's own launcher takes (modules/launch_utils.py).
export FORGE_ASSETS_REF="${FORGE_ASSETS_REF:-6f7db241d2f8ba7457bac5ca9753331f0c266917}"
export FORGE_GUESS_REF="${FORGE_GUESS_REF:-84826248b49bb7ca754c73293299c4d4e23a548d}"
export FORGE_BLIP_REF="${FORGE_BLIP_REF:-48211a1594f1321b00f14c9f7a5b4813144b2fb9}"

install() {
  aikore_clone https://github.com/lllyasviel/stable-diffusion-webui-forge.git app GIT_REF
  local parts=app/repositories
  aikore_clone https://github.com/AUTOMATIC1111/stable-diffusion-webui-assets.git "$parts/stable-diffusion-webui-assets" FORGE_ASSETS_REF
  aikore_clone https://github.com/lllyasviel/huggingface_guess.git "$parts/huggingface_guess" FORGE_GUESS_REF
  aikore_clone https://github.com/salesforce/BLIP.git "$parts/BLIP" FORGE_BLIP_REF
  aikore_venv ./env 3.10 3.11
  aikore_torch torch==2.3.1 torchvision==0.18.1
  aikore_requirements app/requirements_versions.txt
  # OpenAI's CLIP, packaged: the original has to be built with a setuptools that is no longer made.
  aikore_install clip-anytorch==2.6.0
}
aikore_setup install FORGE_ASSETS_REF FORGE_GUESS_REF FORGE_BLIP_REF

aikore_models app/models/Stable-diffusion stable-diffusion
aikore_models app/models/Lora lora
aikore_models app/models/VAE vae
aikore_models app/models/VAE-approx vae_approx
aikore_models app/models/text_encoder clip
aikore_models app/models/ControlNet controlnet
aikore_models app/models/ESRGAN upscale
aikore_models app/models/GFPGAN gfpgan
aikore_models app/models/Codeformer codeformer
aikore_models app/models/hypernetworks hypernetwork
aikore_models app/models/BLIP blip
aikore_models app/embeddings embeddings
sl_folder app outputs "$INSTANCE_OUTPUT_DIR"

# Neither --listen nor --server-name: with them its settings of folders and extensions are closed.
export GRADIO_SERVER_NAME=127.0.0.1
export GRADIO_ANALYTICS_ENABLED=False
arguments=(
  --port "$WEBUI_PORT"
  # Everything that it would install is there.
  --skip-prepare-environment
  --no-download-sd-model
)
[[ -z ${GRADIO_ROOT_PATH:-} ]] || arguments+=(--subpath "${GRADIO_ROOT_PATH#/}")
[[ $(aikore_accelerator) != cpu ]] || arguments+=(--always-cpu --skip-torch-cuda-test)

aikore_step "Starting Forge"
cd app
exec python launch.py "${arguments[@]}" "$@"
