#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = LM Studio
# aikore.category = Language models
# aikore.description = A desktop program to find, download and talk to language models. Runs on a desktop in the browser.
# aikore.desktop = true
# aikore.probe = process
# aikore.repository = https://github.com/lmstudio-ai
# aikore.vram = 6 GB
# aikore.disk = 3 GB
# aikore.var.LMSTUDIO_VERSION = string "0.4.19-2" Version that is installed
# aikore.var.LMSTUDIO_SHA256 = string "" SHA-256 of its AppImage; known already for the version that is the default
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"
version="${LMSTUDIO_VERSION:-0.4.19-2}"

architecture() {
  case "$(uname -m)" in
    x86_64) printf 'x64\n' ;;
    aarch64) printf 'arm64\n' ;;
    *) aikore_error "There is no LM Studio for \"$(uname -m)\"."; return 1 ;;
  esac
}

known_sum() {
  case "$version-$1" in
    0.4.19-2-x64) printf '911f3855161b28e622f18e3de3f285ac8c336caea7c128a8ac891a2092437872\n' ;;
    0.4.19-2-arm64) printf 'a246fa471b6d9af55976583e5753fc53008e847817225fbc7c2446cbf266901e\n' ;;
  esac
}

install() {
  local arch
  if [[ ! $version =~ ^[0-9]+(\.[0-9]+)+-[0-9]+$ ]]; then
    aikore_error "LMSTUDIO_VERSION is a release of LM Studio with its build, such as \"0.4.19-2\"."
    return 1
  fi
  aikore_need curl
  arch="$(architecture)"
  aikore_release "https://installers.lmstudio.ai/linux/$arch/$version/LM-Studio-$version-$arch.AppImage" app \
    "${LMSTUDIO_SHA256:-$(known_sum "$arch")}"
}
aikore_setup install LMSTUDIO_VERSION LMSTUDIO_SHA256

missing="$(aikore_missing_libraries app/lm-studio)"
if [[ -n $missing ]]; then
  aikore_error "LM Studio needs libraries that this machine has not: ${missing//$'\n'/, }. On Debian: apt install libgtk-3-0 libnss3 libgbm1 libasound2 libxss1"
  exit 1
fi

# Settings and chats are this instance's; its models are everybody's.
export HOME="$INSTANCE_CONF_DIR/home"
unset XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME
mkdir -p -- "$HOME" "$INSTANCE_OUTPUT_DIR"
aikore_models "$HOME/.lmstudio/models" lmstudio

aikore_step "Starting LM Studio"
# Chromium's sandbox needs rights that neither a container nor root gives.
exec app/lm-studio --no-sandbox "$@"
