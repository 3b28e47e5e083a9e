#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = llama.cpp server
# aikore.category = Language models
# aikore.description = Serves one language model (a GGUF file) to a chat page and to other applications, on CPU or GPU. Put the file into models/llm and name it.
# aikore.probe = http /health
# aikore.proxy.mode = strip
# aikore.proxy.shim = auto
# aikore.repository = https://github.com/ggml-org/llama.cpp
# aikore.vram = 6 GB
# aikore.disk = 2 GB
# aikore.var.LLAMA_MODEL = string "" File of the model: a name in models/llm, or an absolute path
# aikore.var.LLAMA_BACKEND = choice(auto|cpu|vulkan|cuda) "auto" Build that is installed: auto takes CUDA for NVIDIA cards, Vulkan for AMD cards
# aikore.var.LLAMA_VERSION = string "b11476" Release that is installed
# aikore.var.LLAMA_SHA256 = string "" SHA-256 of the release's archive; known already for the version that is the default
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"
version="${LLAMA_VERSION:-b11476}"
backend="${LLAMA_BACKEND:-auto}"
releases=https://github.com/ggml-org/llama.cpp/releases/download
models="$AIKORE_MODELS_DIR/llm"
mkdir -p -- "$models" "$INSTANCE_OUTPUT_DIR"

# The part of the archive's name that says what it is built for.
build() {
  local arch
  case "$(uname -m)" in
    x86_64) arch=x64 ;;
    aarch64) arch=arm64 ;;
    *) aikore_error "There is no llama.cpp for \"$(uname -m)\"."; return 1 ;;
  esac
  if [[ $backend == auto ]]; then
    case "$(aikore_accelerator)" in
      cuda) backend=cuda ;;
      rocm) backend=vulkan ;;
      *) backend=cpu ;;
    esac
    # CUDA for ARM is built for other versions than here.
    [[ $backend-$arch != cuda-arm64 ]] || backend=vulkan
  fi
  case "$backend" in
    cpu) printf 'ubuntu-%s\n' "$arch" ;;
    vulkan) printf 'ubuntu-vulkan-%s\n' "$arch" ;;
    cuda) printf 'ubuntu-cuda-12.8-%s\n' "$arch" ;;
    *) aikore_error "LLAMA_BACKEND is auto, cpu, vulkan or cuda."; return 1 ;;
  esac
}

known_sum() {
  case "$version-$1" in
    b11476-ubuntu-x64) printf '2cda5ff9363967f1aba5b5b096032e1b7d9eb568b011769282bf34e4f1cf4b5e\n' ;;
    b11476-ubuntu-arm64) printf '9aa7c1dcea2e0491f27441b30217767ec4730bcdeefa646e288825454a71bfa1\n' ;;
    b11476-ubuntu-vulkan-x64) printf '5bb4306d7917f33e81efda02e6f791ae6a82e86bee121227a3ab2b4e8e40427f\n' ;;
    b11476-ubuntu-vulkan-arm64) printf '8dae2f39afee01d3032a101d7c398a6734d6fd9697690d8f93bdce4e3a9efea2\n' ;;
    b11476-ubuntu-cuda-12.8-x64) printf '1a854ea10d271145a731f1f7e91119d85c3a93ea4a4015b1d4375860465d1379\n' ;;
    b11476-cudart-ubuntu-cuda-12.8-x64) printf '768e0ed4089b76642c8111558c6a8bb6521fc4171e88c1ae850e3d661370d0f3\n' ;;
  esac
}

install() {
  local target
  if [[ ! $version =~ ^b[0-9]+$ ]]; then
    aikore_error "LLAMA_VERSION is a release of llama.cpp, such as \"b11476\"."
    return 1
  fi
  aikore_need curl tar
  target="$(build)"
  aikore_release "$releases/$version/llama-$version-bin-$target.tar.gz" app "${LLAMA_SHA256:-$(known_sum "$target")}"
  if [[ $target == *-cuda-* ]]; then
    # CUDA's own libraries are a second archive.
    aikore_release "$releases/$version/cudart-llama-$version-bin-$target.tar.gz" cudart "$(known_sum "cudart-$target")"
  else
    rm -rf -- cudart
  fi
}

find_model() {
  local file="${LLAMA_MODEL:-}"
  if [[ -z $file ]]; then
    aikore_error "No model is chosen. Put a GGUF file into \"$models\", enter its name as LLAMA_MODEL (in the instance's settings, under variables), and start again."
    list_models
    return 1
  fi
  [[ $file == /* ]] || file="$models/$file"
  if [[ ! -f $file ]]; then
    aikore_error "There is no model \"$file\"."
    list_models
    return 1
  fi
  printf '%s\n' "$file"
}

list_models() {
  local found
  found="$(cd -- "$models" && find -L . -name '*.gguf' -type f | head -n 20)" || found=""
  [[ -z $found ]] || printf 'There are:\n%s\n' "${found//.\//  }" >&2
}

# Asked first: nobody should wait for a download to learn that something is missing.
model="$(find_model)"
aikore_setup install LLAMA_BACKEND LLAMA_VERSION LLAMA_SHA256
arguments=(--host 127.0.0.1 --port "$WEBUI_PORT" --model "$model")
[[ ! -d cudart ]] || export LD_LIBRARY_PATH="$PWD/cudart${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
# No GPU was chosen. The mask means something to CUDA only.
[[ ${CUDA_VISIBLE_DEVICES-all} != "" ]] || arguments+=(--device none)

aikore_step "Starting llama.cpp"
exec app/llama-server "${arguments[@]}" "$@"
