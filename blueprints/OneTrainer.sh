#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = OneTrainer
# aikore.category = Training
# aikore.description = Trains image models: fine-tuning, LoRA, embeddings. A desktop program, shown in the browser. Its workspace is kept in the instance's output folder.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.desktop = true
# aikore.probe = process
# aikore.repository = https://github.com/Nerogar/OneTrainer
# aikore.vram = 8 GB
# aikore.disk = 14 GB
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

install() {
  local accelerator
  local -a torch=()
  accelerator="$(aikore_accelerator)"
  aikore_clone https://github.com/Nerogar/OneTrainer.git app GIT_REF
  aikore_venv ./env 3.13 3.12 3.11 3.10
  # The versions that this commit was made for; the build is chosen for this machine.
  mapfile -t torch < <(grep -oE '^torch(vision)?==[0-9.]+' app/requirements-default.txt)
  aikore_torch "${torch[@]}"
  # Repositories are installed like packages; as editable ones they would be checkouts inside the environment.
  sed -E 's/^-e +//' app/requirements-global.txt >requirements-onetrainer.txt
  case "$accelerator" in
    cuda)
      aikore_requirements requirements-onetrainer.txt app/requirements-cuda.txt
      aikore_install "$(grep -oE '^bitsandbytes==[0-9.]+' app/requirements-cuda.txt || printf 'bitsandbytes\n')"
      ;;
    rocm) aikore_requirements requirements-onetrainer.txt app/requirements-rocm.txt ;;
    *) aikore_requirements requirements-onetrainer.txt app/requirements-default.txt ;;
  esac
}
aikore_setup install

for plugin in "$VIRTUAL_ENV"/lib/python3*/site-packages/PySide6/Qt/plugins/platforms/libqxcb.so; do
  [[ -f $plugin ]] || continue
  missing="$(aikore_missing_libraries "$plugin")"
  if [[ -n $missing ]]; then
    aikore_error "OneTrainer's windows need libraries that this machine has not: ${missing//$'\n'/, }. On Debian: apt install libgl1 libegl1 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0"
    exit 1
  fi
done

mkdir -p -- "$INSTANCE_OUTPUT_DIR" "$AIKORE_MODELS_DIR/stable-diffusion" "$AIKORE_MODELS_DIR/lora"
sl_folder app workspace "$INSTANCE_OUTPUT_DIR" workspace

aikore_step "Starting OneTrainer"
cd app
exec python scripts/train_ui.py "$@"
