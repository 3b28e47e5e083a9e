#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = FaceFusion
# aikore.category = Image editing
# aikore.description = Swaps and improves faces in pictures and videos. It fetches its models itself, the first of them at its first start, and needs ffmpeg and curl.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = auto
# aikore.repository = https://github.com/facefusion/facefusion
# aikore.vram = 4 GB
# aikore.disk = 5 GB
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

# As its own installer does it: the runtime is one of several packages that exclude each other.
install_runtime() {
  case "$(aikore_accelerator)" in
    cuda)
      if [[ ${CUDA_VERSION:-12} == 13* ]]; then
        aikore_install 'onnxruntime-gpu[cuda,cudnn]==1.28.0'
      else
        aikore_install 'onnxruntime-gpu[cuda,cudnn]==1.24.4'
      fi
      ;;
    rocm) aikore_install onnxruntime-migraphx==1.27.1 ;;
    *) aikore_install onnxruntime==1.28.0 ;;
  esac
}

install() {
  aikore_need curl ffmpeg
  aikore_clone https://github.com/facefusion/facefusion.git app GIT_REF
  aikore_venv ./env 3.12 3.13
  grep -v '^onnxruntime' app/requirements.txt >requirements-facefusion.txt
  aikore_requirements requirements-facefusion.txt
  install_runtime
}
aikore_setup install

aikore_models app/.assets/models facefusion
mkdir -p -- "$INSTANCE_OUTPUT_DIR" jobs
# The runtime looks for CUDA's libraries where the system's are, and they came as packages.
for folder in "$VIRTUAL_ENV"/lib/python3*/site-packages/nvidia/*/lib; do
  [[ ! -d $folder ]] || export LD_LIBRARY_PATH="$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
done

aikore_gradio
aikore_step "Starting FaceFusion"
cd app
exec python facefusion.py run --jobs-path "$INSTANCE_CONF_DIR/jobs" --output-path "$INSTANCE_OUTPUT_DIR" "$@"
