#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = FramePack
# aikore.category = Video generation
# aikore.description = Long videos from one picture, on cards with 6 GB of memory or more. Needs an NVIDIA (RTX 30 or newer) or AMD card, 32 GB of RAM and, below models/huggingface, some 45 GB of models.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = auto
# aikore.repository = https://github.com/lllyasviel/FramePack
# aikore.vram = 6 GB
# aikore.disk = 9 GB
# aikore.var.FRAMEPACK_MODEL = choice(original|f1) "original" original starts from a picture and is steadier; F1 moves more
# aikore.var.FRAMEPACK_FETCH_MODELS = boolean "false" Let FramePack fetch its models (some 45 GB) when they are not there
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

if [[ $(aikore_accelerator) == cpu ]]; then
  aikore_error "FramePack does not run on the CPU, and no NVIDIA or AMD card answers here."
  exit 1
fi

case "${FRAMEPACK_MODEL:-original}" in
  original) program=demo_gradio.py model=models--lllyasviel--FramePackI2V_HY ;;
  f1) program=demo_gradio_f1.py model=models--lllyasviel--FramePack_F1_I2V_HY_20250503 ;;
  *)
    aikore_error "FRAMEPACK_MODEL is original or f1."
    exit 1
    ;;
esac

install() {
  aikore_clone https://github.com/lllyasviel/FramePack.git app GIT_REF
  aikore_venv ./env 3.10 3.11
  aikore_torch torch==2.7.1 torchvision==0.22.1 torchaudio==2.7.1
  aikore_requirements app/requirements.txt
}
aikore_setup install

mkdir -p -- "$INSTANCE_OUTPUT_DIR"
# It sets HF_HOME to this folder itself.
aikore_models app/hf_download huggingface
sl_folder app outputs "$INSTANCE_OUTPUT_DIR"

if [[ ${FRAMEPACK_FETCH_MODELS:-false} != true ]]; then
  if [[ ! -d app/hf_download/hub/$model ]]; then
    aikore_error "The models of FramePack are not there. Set FRAMEPACK_FETCH_MODELS to true, and it fetches them from huggingface.co (some 45 GB) at its next start."
    exit 1
  fi
  export HF_HUB_OFFLINE=1
fi

aikore_step "Starting FramePack"
cd app
exec python "$program" --server 127.0.0.1 --port "$WEBUI_PORT" "$@"
