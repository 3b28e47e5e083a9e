#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = FluxGym
# aikore.category = Training
# aikore.description = Trains FLUX LoRAs in three steps. Fetches the models that it trains when a training begins. Needs an NVIDIA or AMD card.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = auto
# aikore.repository = https://github.com/cocktailpeanut/fluxgym
# aikore.vram = 12 GB
# aikore.disk = 12 GB
# aikore.var.FLUXGYM_SCRIPTS_REF = string "sd3" Tag, branch or commit of kohya's scripts
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

export FLUXGYM_SCRIPTS_REF="${FLUXGYM_SCRIPTS_REF:-sd3}"

install() {
  aikore_clone https://github.com/cocktailpeanut/fluxgym.git app GIT_REF
  aikore_clone https://github.com/kohya-ss/sd-scripts.git app/sd-scripts FLUXGYM_SCRIPTS_REF
  aikore_venv ./env 3.10 3.11
  aikore_torch torch==2.7.1 torchvision==0.22.1 torchaudio==2.7.1
  # The scripts' requirements name the scripts themselves by a path that is seen from there. FluxGym's come last: they
  # want newer versions of the same.
  cd app/sd-scripts
  aikore_requirements requirements.txt
  cd ..
  aikore_requirements requirements.txt
  # Its optimizers of eight bits run on NVIDIA's cards.
  [[ $(aikore_accelerator) != cuda ]] || aikore_install bitsandbytes
  cd ..
}
aikore_setup install FLUXGYM_SCRIPTS_REF

mkdir -p -- "$INSTANCE_OUTPUT_DIR"
aikore_models app/models/unet unet
aikore_models app/models/vae vae
aikore_models app/models/clip clip
sl_folder app outputs "$INSTANCE_OUTPUT_DIR"
sl_folder app datasets "$INSTANCE_OUTPUT_DIR" _datasets

# It has no options.
export GRADIO_SERVER_NAME=127.0.0.1
export GRADIO_SERVER_PORT="$WEBUI_PORT"
export GRADIO_SSR_MODE=False

aikore_step "Starting FluxGym"
cd app
exec python app.py "$@"
