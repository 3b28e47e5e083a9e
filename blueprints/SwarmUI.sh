#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = SwarmUI
# aikore.category = Image generation
# aikore.description = A page for pictures and video in front of ComfyUI. Its first page offers to install a ComfyUI of its own; the address of a running instance serves as well.
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = auto
# aikore.repository = https://github.com/mcmonkeyprojects/SwarmUI
# aikore.vram = 6 GB
# aikore.disk = 3 GB
# aikore.var.DOTNET_VERSION = string "10.0.100" Version of the .NET SDK that builds and runs it
# aikore.var.DOTNET_SHA256 = string "" SHA-256 of its archive, checked where it is set
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

release=src/bin/live_release

export DOTNET_ROOT="$INSTANCE_CONF_DIR/dotnet"
export DOTNET_CLI_HOME="$INSTANCE_CONF_DIR/cache/dotnet"
export NUGET_PACKAGES="$INSTANCE_CONF_DIR/cache/nuget"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
export PATH="$DOTNET_ROOT:$PATH"

install() {
  local version="${DOTNET_VERSION:-10.0.100}" kind=x64 archive
  [[ $(uname -m) != aarch64 ]] || kind=arm64
  archive="cache/dotnet-sdk-$version-linux-$kind.tar.gz"
  aikore_clone https://github.com/mcmonkeyprojects/SwarmUI.git app GIT_REF
  if [[ -z ${DOTNET_SHA256:-} ]]; then aikore_warn "DOTNET_SHA256 is not set: the archive of .NET is not checked."; fi
  aikore_download "https://builds.dotnet.microsoft.com/dotnet/Sdk/$version/${archive##*/}" "$archive" "${DOTNET_SHA256:-}"
  aikore_unpack "$archive" dotnet
  aikore_step "Building SwarmUI"
  cd app
  # Whole before it takes its name.
  rm -rf -- "$release.new"
  dotnet build src/SwarmUI.csproj --configuration Release -o "./$release.new"
  rm -rf -- "$release"
  mv -T -- "$release.new" "$release"
  # By this SwarmUI knows that what runs is what is checked out.
  git rev-parse HEAD >src/bin/last_build
  cd ..
}
aikore_setup install DOTNET_VERSION

aikore_models app/Models/Stable-Diffusion stable-diffusion
aikore_models app/Models/Lora lora
aikore_models app/Models/VAE vae
aikore_models app/Models/Embeddings embeddings
aikore_models app/Models/controlnet controlnet
aikore_models app/Models/clip clip
aikore_models app/Models/clip_vision clip_vision
aikore_models app/Models/diffusion_models unet
aikore_models app/Models/upscale_models upscale
mkdir -p -- "$INSTANCE_OUTPUT_DIR"
sl_folder app Output "$INSTANCE_OUTPUT_DIR"

arguments=(
  --host 127.0.0.1
  --port "$WEBUI_PORT"
  # No browser of its own.
  --launch_mode none
  --environment production
)
# Sessions and settings of two at once would overwrite each other.
[[ -z ${AIKORE_SATELLITE:-} ]] || arguments+=(--data_dir "$INSTANCE_OUTPUT_DIR/_data")

aikore_step "Starting SwarmUI"
cd app
exec "./$release/SwarmUI" "${arguments[@]}" "$@"
