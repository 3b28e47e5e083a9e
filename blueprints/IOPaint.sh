#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = IOPaint
# aikore.category = Image editing
# aikore.description = Removes and replaces parts of pictures by painting over them. It fetches its model (LaMa: 200 MB) itself at its first start.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = on
# aikore.repository = https://github.com/Sanster/IOPaint
# aikore.vram = 4 GB
# aikore.disk = 7 GB
# aikore.package = pypi iopaint IOPAINT_VERSION
# aikore.var.IOPAINT_VERSION = string "1.6.0" Version that is installed
# aikore.var.IOPAINT_MODEL = string "lama" Model that it starts with: lama, ldm, zits, mat, fcf, manga, migan, cv2 (needs no download), or one of Hugging Face's by its name
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

install() {
  # Its release of Pillow is not built for later ones.
  aikore_venv ./env 3.11 3.10
  aikore_torch torch torchvision
  aikore_install "iopaint==${IOPAINT_VERSION:-1.6.0}"
}
aikore_setup install IOPAINT_VERSION

mkdir -p -- "$INSTANCE_OUTPUT_DIR" "$AIKORE_MODELS_DIR/iopaint"
# ROCm's build of torch answers to the name of the other one, too.
device=cuda
[[ $(aikore_accelerator) != cpu ]] || device=cpu

aikore_step "Starting IOPaint"
exec python -m iopaint start --host 127.0.0.1 --port "$WEBUI_PORT" --device "$device" \
  --model "${IOPAINT_MODEL:-lama}" --model-dir "$AIKORE_MODELS_DIR/iopaint" --output-dir "$INSTANCE_OUTPUT_DIR" "$@"
