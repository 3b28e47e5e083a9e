#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = SD.Next
# aikore.category = Image generation
# aikore.description = Pictures and video with nearly every open model, on nearly every card. Models are loaded from the shared models folder or through its own interface.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = on
# aikore.repository = https://github.com/vladmandic/sdnext
# aikore.vram = 4 GB
# aikore.disk = 11 GB
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

install() {
  aikore_clone https://github.com/vladmandic/sdnext.git app GIT_REF
  aikore_venv ./env 3.12 3.11 3.13 3.10
  aikore_torch torch torchvision
  aikore_requirements app/requirements.txt
  # The rest depends on the card and on what it finds, so its own installer decides; only the server is left out.
  aikore_step "Letting SD.Next install the rest"
  (cd app && python -c 'import sys, launch; launch.start_server = lambda **_: sys.exit(0); launch.main()' --skip-torch)
}
aikore_setup install

aikore_models app/models/Stable-diffusion stable-diffusion
aikore_models app/models/Lora lora
aikore_models app/models/VAE vae
aikore_models app/models/UNET unet
aikore_models app/models/Text-encoder clip
aikore_models app/models/ESRGAN upscale
aikore_models app/models/GFPGAN gfpgan
aikore_models app/models/Codeformer codeformer
aikore_models app/models/embeddings embeddings
sl_folder app outputs "$INSTANCE_OUTPUT_DIR"

# Neither --listen nor --server-name: with them its tab of extensions is closed.
export GRADIO_SERVER_NAME=127.0.0.1
arguments=(
  --port "$WEBUI_PORT"
  # Everything that it would install or look for is there.
  --skip-all --skip-torch --skip-git
)
[[ -z ${GRADIO_ROOT_PATH:-} ]] || arguments+=(--subpath "${GRADIO_ROOT_PATH#/}")
case "$(aikore_accelerator)" in
  cuda) arguments+=(--use-cuda) ;;
  rocm) arguments+=(--use-rocm) ;;
esac

aikore_step "Starting SD.Next"
cd app
exec python launch.py "${arguments[@]}" "$@"
