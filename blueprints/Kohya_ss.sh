#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Kohya_ss
# aikore.category = Training
# aikore.description = Trains LoRAs and whole models with kohya's scripts, through a form. Needs a base model and pictures with captions.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = auto
# aikore.repository = https://github.com/bmaltais/kohya_ss
# aikore.vram = 8 GB
# aikore.disk = 13 GB
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

install() {
  # With kohya's scripts, which are a submodule.
  aikore_clone https://github.com/bmaltais/kohya_ss.git app GIT_REF
  aikore_venv ./env 3.11 3.10
  local torch=(torch==2.7.1 torchvision==0.22.1)
  [[ $(aikore_accelerator) != cuda ]] || torch+=(xformers==0.0.31)
  aikore_torch "${torch[@]}"
  # Its requirements name the scripts by a path that is seen from here.
  cd app
  aikore_requirements requirements.txt
  aikore_install tensorboard onnxruntime
  # Its optimizers of eight bits run on NVIDIA's cards.
  [[ $(aikore_accelerator) != cuda ]] || aikore_install "bitsandbytes>=0.45.0"
  cd ..
}
aikore_setup install

mkdir -p -- "$INSTANCE_OUTPUT_DIR"
sl_folder app outputs "$INSTANCE_OUTPUT_DIR"
aikore_models app/models stable-diffusion

arguments=(
  --listen 127.0.0.1
  --server_port "$WEBUI_PORT"
  --headless
  # Everything that it would check and install is there.
  --noverify
)
[[ -z ${GRADIO_ROOT_PATH:-} ]] || arguments+=(--root_path "$GRADIO_ROOT_PATH")
[[ $(aikore_accelerator) != rocm ]] || arguments+=(--use-rocm)

aikore_step "Starting Kohya_ss"
cd app
exec python kohya_gui.py "${arguments[@]}" "$@"
