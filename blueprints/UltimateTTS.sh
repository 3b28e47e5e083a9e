#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Ultimate TTS Studio
# aikore.category = Audio
# aikore.description = Reads texts and books aloud, and clones voices, with a dozen engines (Chatterbox, Kokoro, F5-TTS, IndexTTS2, VibeVoice…). An engine fetches its model when it is loaded in the page.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = auto
# aikore.repository = https://github.com/SUP3RMASS1VE/Ultimate-TTS-Studio-SUP3R-Edition
# aikore.vram = 8 GB
# aikore.disk = 16 GB
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

install() {
  aikore_need ffmpeg
  aikore_clone https://github.com/SUP3RMASS1VE/Ultimate-TTS-Studio-SUP3R-Edition.git app GIT_REF
  aikore_venv ./env 3.10
  aikore_torch torch==2.7.0 torchvision==0.22.0 torchaudio==2.7.0
  # Nothing in it records sound, for which alone pyaudio would be compiled.
  grep -viE '^pyaudio' app/requirements.txt >requirements-tts.txt
  aikore_requirements requirements-tts.txt
  # Its installer's last steps: packages whose own lists contradict the rest.
  aikore_install pynini==2.1.6
  aikore_install --no-deps WeTextProcessing voxcpm openai-whisper
}
aikore_setup install

mkdir -p -- "$INSTANCE_OUTPUT_DIR"
sl_folder app outputs "$INSTANCE_OUTPUT_DIR" speech
sl_folder app audiobooks "$INSTANCE_OUTPUT_DIR" audiobooks
sl_folder app custom_voices "$INSTANCE_OUTPUT_DIR" custom_voices
# It insists on caches of its own, below its folder.
aikore_models app/cache/HF_HOME huggingface
aikore_models app/cache/TORCH_HOME torch

aikore_gradio
aikore_step "Starting Ultimate TTS Studio"
cd app
exec python launch.py "$@"
