#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = AI Toolkit
# aikore.category = Training
# aikore.description = Trains LoRAs of the newest picture and video models, with a page for jobs and datasets. Fetches the models that a job names. Needs an NVIDIA card for training.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = port
# aikore.repository = https://github.com/ostris/ai-toolkit
# aikore.vram = 16 GB
# aikore.disk = 14 GB
# aikore.var.HF_TOKEN = secret "" Token of huggingface.co, for models behind a licence
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"
aikore_need node npm

install() {
  aikore_clone https://github.com/ostris/ai-toolkit.git app GIT_REF
  aikore_venv ./env 3.12 3.11 3.10
  aikore_torch torch==2.9.1 torchvision==0.24.1 torchaudio==2.9.1
  cd app
  aikore_requirements requirements.txt
  [[ $(aikore_accelerator) != cuda ]] || aikore_install bitsandbytes
  cd ui
  aikore_step "Installing the page of AI Toolkit"
  npm install --no-save --no-audit --no-fund --loglevel=http
  npm run update_db
  aikore_step "Building the page of AI Toolkit"
  npm run build
  cd ../..
}
aikore_setup install

mkdir -p -- "$INSTANCE_OUTPUT_DIR"
sl_folder app output "$INSTANCE_OUTPUT_DIR"
sl_folder app datasets "$INSTANCE_OUTPUT_DIR" _datasets

export NEXT_TELEMETRY_DISABLED=1

aikore_step "Starting AI Toolkit"
cd app/ui
# As its own `start` does, but for its file server, which cannot be kept to this machine: Next.js serves files as well.
exec ./node_modules/.bin/concurrently --kill-others --passthrough-arguments --names WORKER,UI \
  "node dist/cron/worker.js" "node_modules/.bin/next start --hostname 127.0.0.1 --port $WEBUI_PORT {@}" -- "$@"
