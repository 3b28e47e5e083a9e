#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = ACE-Step
# aikore.category = Audio
# aikore.description = Makes songs from a description and lyrics (ACE-Step 1.5). Models are fetched from its page, with "Initialize Service".
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = auto
# aikore.repository = https://github.com/ace-step/ACE-Step-1.5
# aikore.vram = 6 GB
# aikore.disk = 14 GB
# aikore.var.ACESTEP_LANGUAGE = choice(en|zh|he|ja) "en" Language of its page
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

install() {
  local list=requirements.txt
  aikore_clone https://github.com/ace-step/ACE-Step-1.5.git app GIT_REF
  aikore_venv ./env 3.11 3.12
  aikore_torch torch==2.10.0 torchvision==0.25.0 torchaudio==2.10.0
  [[ $(aikore_accelerator) != rocm ]] || list=requirements-rocm-linux.txt
  aikore_requirements "app/$list"
}
aikore_setup install

sl_folder app gradio_outputs "$INSTANCE_OUTPUT_DIR"
aikore_models app/checkpoints ace_step

arguments=(
  --server-name 127.0.0.1
  --port "$WEBUI_PORT"
  --language "${ACESTEP_LANGUAGE:-en}"
  # Its pages may show what lies there, besides the link to it.
  --allowed-path "$INSTANCE_OUTPUT_DIR"
)
# Its quicker engine is made for CUDA.
[[ $(aikore_accelerator) == cuda ]] || arguments+=(--backend pt)

aikore_gradio
# Comes with the application, and is found there without being installed.
export PYTHONPATH="$INSTANCE_CONF_DIR/app/acestep/third_parts/nano-vllm${PYTHONPATH:+:$PYTHONPATH}"

aikore_step "Starting ACE-Step"
cd app
exec python -m acestep.acestep_v15_pipeline "${arguments[@]}" "$@"
