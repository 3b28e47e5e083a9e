#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = InvokeAI
# aikore.category = Image generation
# aikore.description = A studio for pictures, with a canvas, workflows and a manager of models. Models are added through its own interface, which can also scan the shared models folder.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = auto
# aikore.repository = https://github.com/invoke-ai/InvokeAI
# aikore.package = pypi invokeai INVOKE_VERSION
# aikore.vram = 6 GB
# aikore.disk = 11 GB
# aikore.var.INVOKE_VERSION = string "6.14.2" Version that is installed
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

install() {
  aikore_venv ./env 3.12 3.11
  aikore_torch torch==2.7.1 torchvision==0.22.1
  aikore_install "invokeai==${INVOKE_VERSION:-6.14.2}"
}
aikore_setup install INVOKE_VERSION

mkdir -p -- invokeai "$INSTANCE_OUTPUT_DIR"
# Its settings may all come from variables, which win over invokeai.yaml. A satellite has settings, pictures and a
# database of its own.
export INVOKEAI_ROOT="$INSTANCE_CONF_DIR/invokeai"
[[ -z ${AIKORE_SATELLITE:-} ]] || export INVOKEAI_ROOT="$INSTANCE_OUTPUT_DIR/invokeai"
export INVOKEAI_HOST=127.0.0.1
export INVOKEAI_PORT="$WEBUI_PORT"
export INVOKEAI_OUTPUTS_DIR="$INSTANCE_OUTPUT_DIR"
if [[ $(aikore_accelerator) == cpu ]]; then export INVOKEAI_DEVICE=cpu; fi

aikore_step "Starting InvokeAI"
exec invokeai-web "$@"
