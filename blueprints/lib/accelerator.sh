# shellcheck shell=bash
#
# Which cards this machine has, and which builds fit them. Part of functions.sh.

# Prints `cuda` where nvidia-smi answers, `rocm` where there is AMD's driver, else `cpu`. ACCELERATOR overrides.
aikore_accelerator() {
  local accelerator
  case "${ACCELERATOR:-}" in
    cuda | rocm | cpu) accelerator="$ACCELERATOR" ;;
    "" | auto) accelerator="$(_aikore_detect_accelerator)" ;;
    *)
      aikore_error "ACCELERATOR is cuda, rocm, cpu or auto."
      return 1
      ;;
  esac
  _aikore_note accelerator "$accelerator"
  printf '%s\n' "$accelerator"
}

_aikore_detect_accelerator() {
  local cards
  cards="$(_aikore_nvidia_smi -L)" || cards=""
  if [[ $cards == "GPU "* ]]; then
    printf cuda
  elif [[ -e ${_AIKORE_KFD:-/dev/kfd} ]]; then
    printf rocm
  else
    printf cpu
  fi
}

# A driver that hangs must not hang whoever asks it.
_aikore_nvidia_smi() {
  command -v nvidia-smi >/dev/null 2>&1 || return 1
  timeout --kill-after=2 20 nvidia-smi "$@" 2>/dev/null
}

# What can be told of the machine without asking the driver: as long as it stays, so do the cards.
_aikore_machine_facts() {
  local version=""
  [[ ! -r /proc/driver/nvidia/version ]] || version="$(</proc/driver/nvidia/version)"
  printf '%q %q %s' "$(type -P nvidia-smi || true)" "${version%%$'\n'*}" "$([[ -e ${_AIKORE_KFD:-/dev/kfd} ]] && printf kfd)"
}

# What the environment is made for, as the current setup found it.
_aikore_made_for() { aikore_accelerator; }

# The CUDA that the driver can run at most: 12.8
_aikore_driver_cuda() {
  local text
  text="$(_aikore_nvidia_smi)" || return 1
  [[ $text =~ CUDA\ Version:\ *([0-9]+\.[0-9]+) ]] && printf '%s' "${BASH_REMATCH[1]}"
}

# The oldest card's compute capability as one number: 75 for 7.5
_aikore_oldest_card() {
  local line oldest=""
  while IFS= read -r line; do
    [[ $line =~ ^\ *([0-9]+)\.([0-9])\ *$ ]] || continue
    line="${BASH_REMATCH[1]}${BASH_REMATCH[2]}"
    [[ -n $oldest && $oldest -le $line ]] || oldest="$line"
  done < <(_aikore_nvidia_smi --query-gpu=compute_cap --format=csv,noheader)
  printf '%s' "$oldest"
}
