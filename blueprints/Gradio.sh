#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Gradio
# aikore.category = Development
# aikore.description = A small Gradio application to start your own from: one tab for text, one for pictures. The code is app.py in the instance's folder.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = on
# aikore.repository = https://github.com/gradio-app/gradio
# aikore.disk = 500 MB
# aikore.package = pypi gradio GRADIO_VERSION
# aikore.var.GRADIO_VERSION = string "6.31.0" Version that is installed
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

install() {
  aikore_venv ./env 3.12 3.13 3.11 3.10
  aikore_install "gradio==${GRADIO_VERSION:-6.31.0}"
}
aikore_setup install GRADIO_VERSION

# The application is yours to change: it is written once and never touched again. Delete it to get it back.
if [[ ! -e app.py ]]; then
  aikore_step "Writing app.py"
  cp -- "$(dirname -- "$AIKORE_FUNCTIONS")/gradio/app.py" app.py.new
  mv -T -- app.py.new app.py
fi

mkdir -p -- "$INSTANCE_OUTPUT_DIR"
aikore_gradio
export HF_HUB_OFFLINE=1

aikore_step "Starting Gradio"
exec python app.py "$@"
