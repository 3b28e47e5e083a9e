# shellcheck shell=bash disable=SC2034,SC2154 # variables of the other parts
# The file for the cards of this machine.

# Sets `gpu`: nvidia, amd or none.
choose_gpu() {
  gpu=$(setting GPU)
  case $gpu in
    nvidia | amd | none) return ;;
    '') gpu=$(find_gpu) ;;
    *) fail 'GPU must be nvidia, amd or none.' ;;
  esac
}

find_gpu() {
  if has_nvidia_card; then
    if has_nvidia_toolkit; then
      echo nvidia
      return
    fi
    warn 'There is an NVIDIA card, but Docker cannot pass it on: the NVIDIA Container Toolkit is missing (docs/deploy/README.md). Going on without the card; GPU=none makes this line go away.'
  fi
  if is_engine_here && [ -e /dev/kfd ]; then echo amd; else echo none; fi
}

has_nvidia_card() {
  if is_engine_here; then
    command -v nvidia-smi >/dev/null && nvidia-smi -L >/dev/null 2>&1
  else
    has_nvidia_runtime
  fi
}

has_nvidia_runtime() { docker info --format '{{json .Runtimes}}' 2>/dev/null | grep -q '"nvidia"'; }

# The engine finds the toolkit's hook by its name; a runtime in its configuration is one sign of it, not the only one.
has_nvidia_toolkit() {
  has_nvidia_runtime || command -v nvidia-container-runtime-hook >/dev/null || command -v nvidia-ctk >/dev/null
}

# Before anything that runs is stopped for a container that cannot start.
require_gpu() {
  local said
  case ${gpu:-none} in
    nvidia)
      said=$(docker run --rm --network none --gpus all --entrypoint true "$(image_name)" 2>&1) || fail_plainly "$said"
      ;;
    amd)
      if is_engine_here && [ ! -e /dev/kfd ]; then fail "$(explain 'device information /dev/kfd')"; fi
      ;;
  esac
}
