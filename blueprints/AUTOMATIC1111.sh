#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = AUTOMATIC1111
# aikore.category = Image generation
# aikore.description = Stable Diffusion WebUI, the classic for SD 1.5 and SDXL with many extensions. Needs a model in the shared models folder.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = auto
# aikore.repository = https://github.com/AUTOMATIC1111/stable-diffusion-webui
# aikore.vram = 4 GB
# aikore.disk = 10 GB
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

# The commits that its own launcher takes (modules/launch_utils.py, version 1.10).
export A1111_ASSETS_REF="${A1111_ASSETS_REF:-6f7db241d2f8ba7457bac5ca9753331f0c266917}"
export A1111_SD_REF="${A1111_SD_REF:-cf1d67a6fd5ea1aa600c4df58e5b47da45f6bdbf}"
export A1111_SDXL_REF="${A1111_SDXL_REF:-45c443b316737a4ab6e40413d7794a7f5657c19f}"
export A1111_K_DIFFUSION_REF="${A1111_K_DIFFUSION_REF:-ab527a9a6d347f364e3d185ba6d714e22d80cb3c}"
export A1111_BLIP_REF="${A1111_BLIP_REF:-48211a1594f1321b00f14c9f7a5b4813144b2fb9}"
parts=(A1111_ASSETS_REF A1111_SD_REF A1111_SDXL_REF A1111_K_DIFFUSION_REF A1111_BLIP_REF)

install() {
  aikore_clone https://github.com/AUTOMATIC1111/stable-diffusion-webui.git app GIT_REF
  local folder=app/repositories
  aikore_clone https://github.com/AUTOMATIC1111/stable-diffusion-webui-assets.git "$folder/stable-diffusion-webui-assets" A1111_ASSETS_REF
  # Stability AI has taken its own away (stable-diffusion-webui issue 17213); this copy is a maintainer's.
  aikore_clone https://github.com/w-e-w/stablediffusion.git "$folder/stable-diffusion-stability-ai" A1111_SD_REF
  aikore_clone https://github.com/Stability-AI/generative-models.git "$folder/generative-models" A1111_SDXL_REF
  aikore_clone https://github.com/crowsonkb/k-diffusion.git "$folder/k-diffusion" A1111_K_DIFFUSION_REF
  aikore_clone https://github.com/salesforce/BLIP.git "$folder/BLIP" A1111_BLIP_REF
  aikore_venv ./env 3.10 3.11
  aikore_torch torch==2.1.2 torchvision==0.16.2
  aikore_requirements app/requirements_versions.txt
  # OpenAI's CLIP, packaged: the original has to be built with a setuptools that is no longer made.
  aikore_install clip-anytorch==2.6.0
}
aikore_setup install "${parts[@]}"

aikore_models app/models/Stable-diffusion stable-diffusion
aikore_models app/models/Lora lora
aikore_models app/models/VAE vae
aikore_models app/models/VAE-approx vae_approx
aikore_models app/models/ControlNet controlnet
aikore_models app/models/ESRGAN upscale
aikore_models app/models/GFPGAN gfpgan
aikore_models app/models/Codeformer codeformer
aikore_models app/models/LDSR ldsr
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
[[ $(aikore_accelerator) != cpu ]] || arguments+=(--use-cpu all --no-half --skip-torch-cuda-test)

aikore_step "Starting AUTOMATIC1111"
cd app
exec python launch.py "${arguments[@]}" "$@"
