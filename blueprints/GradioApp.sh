#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Gradio application
# aikore.category = Development
# aikore.description = Any application made with Gradio, from its git repository: say where it lies and which file starts it. What it needs of memory and disk is its own matter.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = on
# aikore.disk = 10 GB
# aikore.var.GRADIOAPP_REPOSITORY = string "" Address of the git repository, such as https://huggingface.co/spaces/somebody/something
# aikore.var.GRADIOAPP_ENTRY = string "app.py" Python file in the repository that starts it
# aikore.var.GRADIOAPP_REQUIREMENTS = string "requirements.txt" File in the repository that lists what it needs; empty for none
# aikore.var.GRADIOAPP_PYTHON = string "3.11" Python that it runs on
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"
entry="${GRADIOAPP_ENTRY:-app.py}"
requirements="${GRADIOAPP_REQUIREMENTS-requirements.txt}"

# A file of the repository: nothing above it, nothing that a program would take for an option.
is_inside() { [[ $1 != /* && $1 != -* && "/$1/" != */../* ]]; }

check_variables() {
  if [[ -z ${GRADIOAPP_REPOSITORY:-} ]]; then
    aikore_error "No application is chosen. Enter the address of its git repository as GRADIOAPP_REPOSITORY (in the instance's settings, under variables), and start again."
    return 1
  fi
  if ! is_inside "$entry" || ! is_inside "$requirements"; then
    aikore_error "GRADIOAPP_ENTRY and GRADIOAPP_REQUIREMENTS name files inside the repository, such as \"app.py\"."
    return 1
  fi
  if [[ ! ${GRADIOAPP_PYTHON:-3.11} =~ ^3\.[0-9]{1,2}(\.[0-9]{1,2})?$ ]]; then
    aikore_error "GRADIOAPP_PYTHON is a version of Python, such as \"3.11\"."
    return 1
  fi
}

install() {
  local -a torch=()
  aikore_clone "$GRADIOAPP_REPOSITORY" app GIT_REF
  aikore_venv ./env "${GRADIOAPP_PYTHON:-3.11}"
  if [[ -n $requirements && -f app/$requirements ]]; then
    # The build of torch is chosen for this machine; its version is the application's.
    mapfile -t torch < <(grep -oE '^(torch|torchvision|torchaudio)(==[0-9][0-9A-Za-z.]*)?' "app/$requirements" | sort -u)
    [[ ${#torch[@]} -eq 0 ]] || aikore_torch "${torch[@]}"
    aikore_requirements "app/$requirements"
  elif [[ -n $requirements ]]; then
    aikore_warn "The repository has no \"$requirements\"."
  fi
  # What runs on Hugging Face's machines finds Gradio there and does not list it.
  python -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("gradio") is None)' || aikore_install gradio
}

check_variables
aikore_setup install GRADIOAPP_REPOSITORY GRADIOAPP_REQUIREMENTS GRADIOAPP_PYTHON
if [[ ! -f app/$entry ]]; then
  aikore_error "The repository has no \"$entry\". Set GRADIOAPP_ENTRY to the file that starts it."
  exit 1
fi

mkdir -p -- "$INSTANCE_OUTPUT_DIR"
aikore_gradio

aikore_step "Starting $entry"
cd app
exec python "$entry" "$@"
