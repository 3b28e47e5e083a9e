#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Ollama
# aikore.category = Language models
# aikore.description = Serves language models to other applications (Open WebUI, SillyTavern…) at its port on this machine; it has no pages of its own. Pull models with "bin/ollama pull" in its terminal, or from the other application.
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = off
# aikore.repository = https://github.com/ollama/ollama
# aikore.vram = 6 GB
# aikore.disk = 5 GB
# aikore.var.OLLAMA_VERSION = string "0.32.7" Release that is installed
# aikore.var.OLLAMA_SHA256 = string "" SHA-256 of the release's archive; known already for the version that is the default
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"
version="${OLLAMA_VERSION:-0.32.7}"
releases=https://github.com/ollama/ollama/releases/download

architecture() {
  case "$(uname -m)" in
    x86_64) printf 'amd64\n' ;;
    aarch64) printf 'arm64\n' ;;
    *) aikore_error "There is no Ollama for \"$(uname -m)\"."; return 1 ;;
  esac
}

known_sum() {
  case "$version-$1" in
    0.32.7-amd64) printf 'ed1e39fe8fea90bd7f4c723bd949a2cea3153e111220ec0a183ea5b8dc8b2cae\n' ;;
    0.32.7-arm64) printf '413cb50f2fd201b65e17e563c082607bc0ade60d700132c563c7a1c0cd529fde\n' ;;
  esac
}

# Libraries for AMD cards are an archive of their own, and belong among the others.
add_rocm() {
  local folder
  aikore_release "$releases/v$version/ollama-linux-amd64-rocm.tar.zst" rocm
  for folder in rocm/ollama/* rocm/lib/ollama/*; do
    [[ ! -d $folder ]] || ln -sfnr -- "$folder" "app/lib/ollama/${folder##*/}"
  done
}

install() {
  local arch
  if [[ ! $version =~ ^[0-9]+(\.[0-9]+)+(-rc[0-9]+)?$ ]]; then
    aikore_error "OLLAMA_VERSION is a release of Ollama, such as \"0.32.7\"."
    return 1
  fi
  aikore_need curl tar zstd
  arch="$(architecture)"
  aikore_release "$releases/v$version/ollama-linux-$arch.tar.zst" app "${OLLAMA_SHA256:-$(known_sum "$arch")}"
  if [[ $arch == amd64 && $(aikore_accelerator) == rocm ]]; then add_rocm; fi
}
aikore_setup install OLLAMA_VERSION OLLAMA_SHA256

# Its keys and history are this instance's; its models are everybody's.
export HOME="$INSTANCE_CONF_DIR/home"
export OLLAMA_MODELS="$AIKORE_MODELS_DIR/ollama"
export OLLAMA_HOST="127.0.0.1:$WEBUI_PORT"
# At its start it would remove what it takes for leftovers, which may be what another instance is just downloading.
export OLLAMA_NOPRUNE=true
mkdir -p -- "$HOME" "$OLLAMA_MODELS" "$INSTANCE_OUTPUT_DIR"
# For terminals of this instance: `bin/ollama pull …`. A satellite shares the folder, and is another server.
if [[ ${AIKORE_SATELLITE:-} != 1 ]]; then
  mkdir -p -- bin
  # shellcheck disable=SC2016 # the dollars are the small script's own
  printf '#!/bin/sh\nOLLAMA_HOST=127.0.0.1:%s exec "$(dirname -- "$0")/../app/bin/ollama" "$@"\n' "$WEBUI_PORT" >bin/ollama.new
  chmod 755 bin/ollama.new
  mv -fT -- bin/ollama.new bin/ollama
fi
# No GPU was chosen: besides CUDA, Ollama knows two more ways to one.
if [[ ${CUDA_VISIBLE_DEVICES-all} == "" ]]; then export OLLAMA_VULKAN=0 ROCR_VISIBLE_DEVICES=-1; fi

aikore_step "Starting Ollama"
exec app/bin/ollama serve "$@"
