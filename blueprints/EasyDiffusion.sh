#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Easy Diffusion
# aikore.category = Image generation
# aikore.description = Pictures with a simple page and a queue. Fetches Stable Diffusion 1.5 by itself when the shared models folder holds no model.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /ping
# aikore.proxy.mode = strip
# aikore.proxy.shim = on
# aikore.repository = https://github.com/easydiffusion/easydiffusion
# aikore.vram = 4 GB
# aikore.disk = 9 GB
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

install() {
  aikore_clone https://github.com/easydiffusion/easydiffusion.git app GIT_REF
  aikore_venv ./env 3.10 3.11 3.9
  aikore_torch torch==2.7.1 torchvision==0.22.1
  aikore_install "torchruntime~=2.4.0"
  # Its requirements are a list inside this script, which ends well even where a package could not be had.
  aikore_step "Letting Easy Diffusion install the rest"
  (cd app && python scripts/check_modules.py)
  python -c 'import fastapi, sdkit, uvicorn'
}
aikore_setup install

aikore_models app/models/stable-diffusion stable-diffusion
aikore_models app/models/vae vae
aikore_models app/models/hypernetwork hypernetwork
aikore_models app/models/lora lora
aikore_models app/models/embeddings embeddings
aikore_models app/models/controlnet controlnet
aikore_models app/models/gfpgan gfpgan
aikore_models app/models/codeformer codeformer
aikore_models app/models/realesrgan upscale

# Written once: from then on its settings dialogue keeps this file.
mkdir -p -- "$INSTANCE_OUTPUT_DIR" app/stable-diffusion
if [[ ! -e app/config.yaml ]]; then
  # JSON is YAML, too.
  python -c 'import json, sys; print(json.dumps({"ui": {"open_browser_on_start": False}, "force_save_path": sys.argv[1]}))' \
    "$INSTANCE_OUTPUT_DIR" >app/config.yaml.new
  mv -T -- app/config.yaml.new app/config.yaml
fi

export SD_UI_PATH="$INSTANCE_CONF_DIR/app/ui"
export SD_UI_BIND_IP=127.0.0.1
export SD_UI_BIND_PORT="$WEBUI_PORT"

aikore_step "Starting Easy Diffusion"
# It takes the folder above the current one for its root.
cd app/stable-diffusion
exec python -m uvicorn main:server_api --app-dir "$SD_UI_PATH" --host 127.0.0.1 --port "$WEBUI_PORT" \
  --log-level error --no-access-log "$@"
