# shellcheck shell=bash
#
# torch for the cards of this machine. Part of functions.sh.

# Installs torch and what belongs to it, and keeps it as it is through everything that is installed later.
#   aikore_torch [PACKAGE[==VERSION]...]          aikore_torch torch==2.7.1 torchvision==0.22.1
# From PYTORCH_INDEX_URL, else from PyTorch's own index for the accelerator, CUDA_VERSION and the driver. TORCH_VERSION
# wins over the version given; the others' are then found by the resolver.
aikore_torch() {
  local packages=("$@") accelerator index wanted i
  [[ -n $_AIKORE_ENV ]] || { aikore_error "aikore_torch: call aikore_venv first."; return 1; }
  [[ $# -gt 0 ]] || packages=(torch torchvision torchaudio)
  if [[ -n ${TORCH_VERSION:-} ]]; then
    packages=("${packages[@]%%[<>=~\!]*}")
    for i in "${!packages[@]}"; do
      [[ ${packages[i]} != torch ]] || packages[i]="torch==$TORCH_VERSION"
    done
  fi
  accelerator="$(aikore_accelerator)" || return 1
  index="$(_aikore_torch_index "$accelerator" "$(_aikore_torch_version_of "${packages[@]}")")" || return 1
  wanted="$(_aikore_fingerprint torch "$accelerator" "$index" "${packages[@]}")" || return 1
  # An update leaves torch alone: everything else was built for this one.
  if _AIKORE_IS_UPDATING="" _aikore_is_installed "$wanted" && _aikore_is_torch_held; then return 0; fi
  aikore_step "Installing ${packages[*]} for $accelerator"
  printf 'From %s\n' "$(_aikore_public_url "$index")"
  # The machine's own indexes are left out: uv prefers UV_DEFAULT_INDEX to its option, and other indexes have other builds.
  if ! UV_DEFAULT_INDEX="$index" UV_INDEX="" UV_EXTRA_INDEX_URL="" PIP_EXTRA_INDEX_URL="" \
    _aikore_exchange_torch --index-url "$index" "${packages[@]}"; then
    aikore_error "torch could not be installed from $(_aikore_public_url "$index"). Another TORCH_VERSION, CUDA_VERSION or PYTHON_VERSION may be there."
    return 1
  fi
  _aikore_forget_from_here && _aikore_hold_torch && _aikore_remember_install "$wanted"
}

# The version that the packages ask for, if they do.
_aikore_torch_version_of() {
  local package
  for package in "$@"; do
    if [[ $package =~ ^torch==([0-9][0-9.]*) ]]; then printf '%s' "${BASH_REMATCH[1]}"; fi
  done
}

# What is there is only taken away when all that comes in its place is on this machine: a version that does not exist, or a
# network that is gone, leaves what worked. Takes the arguments of `pip install`.
_aikore_exchange_torch() {
  local fetched="$_AIKORE_ENV/.aikore-torch" present status=0
  rm -rf -- "$fetched" || return 1
  if _aikore_has_uv; then
    # Another build of the same version would count as installed already.
    _aikore_uv_pip install --reinstall-package torch --reinstall-package torchvision --reinstall-package torchaudio "$@" &&
      return
    _aikore_give_up_uv
  fi
  present="$(_aikore_torch_builds)" || return 1
  if [[ -n $present ]]; then
    _aikore_plain_pip download --dest "$fetched" "$@" &&
      _aikore_plain_pip uninstall --quiet --yes torch torchvision torchaudio || status=1
    set -- --find-links "$fetched" "$@"
  fi
  [[ $status -ne 0 ]] || _aikore_plain_pip install "$@" || status=1
  rm -rf -- "$fetched"
  return "$status"
}

# Whether it is still the one that was chosen: an exchange may have been interrupted.
_aikore_is_torch_held() {
  local held=""
  [[ ! -f $_AIKORE_ENV/.aikore-constraints.txt ]] || held="$(<"$_AIKORE_ENV/.aikore-constraints.txt")"
  [[ $held == "$(_aikore_torch_builds)" ]]
}

_aikore_hold_torch() {
  local builds
  builds="$(_aikore_torch_builds)" || return 1
  [[ -z $builds ]] || _aikore_write "$_AIKORE_ENV/.aikore-constraints.txt" "$builds" || return 1
  _aikore_apply_constraints
}

# torch==2.7.1+cu128, and so on for what belongs to it.
_aikore_torch_builds() {
  python -I -c '
from importlib import metadata
for name in ("torch", "torchvision", "torchaudio"):
    try:
        print(f"{name}=={metadata.version(name)}")
    except metadata.PackageNotFoundError:
        pass
'
}

# Prints the index. Its folders are named after the CUDA or ROCm that the wheels were built with.
_aikore_torch_index() {
  local accelerator="$1" version="$2" base="https://download.pytorch.org/whl" build
  if [[ -n ${PYTORCH_INDEX_URL:-} ]]; then
    printf '%s' "$PYTORCH_INDEX_URL"
    return
  fi
  case "$accelerator" in
    cuda) build="$(_aikore_cuda_build "$version")" || return 1 ;;
    rocm) build="$(_aikore_rocm_build "$version")" ;;
    *) build=cpu ;;
  esac
  printf '%s/%s' "$base" "$build"
}

# Which CUDA builds there are of a torch, the one that it is best tested with first (pytorch.org, "Previous versions").
_aikore_cuda_builds_of() {
  case "$1" in
    2.0 | 2.0.*) printf '11.8 11.7' ;;
    2.1 | 2.1.* | 2.2 | 2.2.* | 2.3 | 2.3.*) printf '12.1 11.8' ;;
    2.4 | 2.4.* | 2.5 | 2.5.*) printf '12.4 12.1 11.8' ;;
    2.6 | 2.6.*) printf '12.6 12.4 11.8' ;;
    2.7 | 2.7.*) printf '12.8 12.6 11.8' ;;
    2.8 | 2.8.*) printf '12.8 12.9 12.6' ;;
    1.13.*) printf '11.7 11.6' ;;
    1.*) printf '11.6' ;;
    *) printf '12.8 13.0 12.6' ;;
  esac
}

# cu128 and the like. CUDA_VERSION is taken as it is; else the first build that the driver can run and that the oldest
# card is supported by. Drivers run builds of other minor versions of their CUDA too (NVIDIA's "minor version
# compatibility"), so one that is a little too new is the last resort.
_aikore_cuda_build() {
  local driver oldest build fallback=""
  if [[ -n ${CUDA_VERSION:-} ]]; then
    build="$(_aikore_minor_of "$CUDA_VERSION")"
    printf 'cu%s' "${build//./}"
    return
  fi
  driver="$(_aikore_driver_cuda)" || driver=""
  oldest="$(_aikore_oldest_card)"
  for build in $(_aikore_cuda_builds_of "$1"); do
    _aikore_build_supports "$build" "${oldest:-90}" || continue
    if [[ -z $driver ]] || ! _aikore_is_newer "$build" "$driver"; then
      printf 'cu%s' "${build//./}"
      return
    fi
    [[ ${build%%.*} != "${driver%%.*}" ]] || fallback="$build"
  done
  if [[ -z $fallback ]]; then
    aikore_error "No build of torch${1:+ $1} fits this driver, which runs CUDA ${driver:-of an unknown version} at most. Update the driver, or choose another CUDA_VERSION or TORCH_VERSION, or ACCELERATOR=cpu."
    return 1
  fi
  aikore_warn "the driver runs CUDA $driver; the oldest build that there is was made with $fallback."
  printf 'cu%s' "${fallback//./}"
}

# PyTorch's wheels of CUDA 12.8 and 12.9 begin with compute capability 7.0, those of 13.0 with 7.5; Blackwell (10.0 and
# above) begins with 12.8 (pytorch/pytorch issue 157517; pytorch/test-infra, cuda.py).
_aikore_build_supports() {
  local build="${1//./}" card="$2"
  if ((build >= 130)); then
    ((card >= 75))
  elif ((build >= 128)); then
    ((card >= 70))
  else
    ((card < 100))
  fi
}

# _aikore_is_newer 12.8 12.4
_aikore_is_newer() {
  local a="${1#*.}" b="${2#*.}"
  ((${1%%.*} > ${2%%.*} || (${1%%.*} == ${2%%.*} && a > b)))
}

# The ROCm that each torch is built with (pytorch.org, "Previous versions"). The wheels bring their own libraries.
_aikore_rocm_build() {
  case "$1" in
    2.0 | 2.0.*) printf 'rocm5.4.2' ;;
    2.1 | 2.1.*) printf 'rocm5.6' ;;
    2.2 | 2.2.*) printf 'rocm5.7' ;;
    2.3 | 2.3.*) printf 'rocm6.0' ;;
    2.4 | 2.4.*) printf 'rocm6.1' ;;
    2.5 | 2.5.*) printf 'rocm6.2' ;;
    2.6 | 2.6.*) printf 'rocm6.2.4' ;;
    2.7 | 2.7.*) printf 'rocm6.3' ;;
    2.10 | 2.10.* | 2.11 | 2.11.*) printf 'rocm7.1' ;;
    *) printf 'rocm6.4' ;;
  esac
}
