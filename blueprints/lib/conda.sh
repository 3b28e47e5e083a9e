# shellcheck shell=bash
#
# conda, for applications that ask for it and Pythons that nobody else has. Part of functions.sh.

# Prints the path of the conda program.
_aikore_find_conda() {
  local folder place
  if [[ -n ${CONDA_EXE:-} && -x ${CONDA_EXE} ]]; then printf '%s' "$CONDA_EXE" && return; fi
  if type -P conda; then return; fi
  for folder in "${BASE_DIR:-/nonexistent}" "${HOME:-/nonexistent}" /home/abc /opt; do
    for place in "$folder"/{miniconda3,miniforge3,miniforge,anaconda3,conda}/bin/conda; do
      if [[ -x $place ]]; then printf '%s' "$place" && return; fi
    done
  done
  return 1
}

# _aikore_create_conda DIR VERSION [PACKAGE...]
_aikore_create_conda() {
  local dir="$1" version="$2" conda
  shift 2
  if ! conda="$(_aikore_find_conda)"; then
    aikore_error "This application wants a conda environment, and conda is not there. $(_aikore_remedy conda)"
    return 1
  fi
  # conda's default channel asks for consent to its terms; conda-forge is free.
  env -u PYTHONHOME -u PYTHONPATH CONDA_REMOTE_CONNECT_TIMEOUT_SECS="${AIKORE_NETWORK_TIMEOUT:-30}" \
    CONDA_REMOTE_READ_TIMEOUT_SECS="${AIKORE_NETWORK_TIMEOUT:-30}" CONDA_REMOTE_MAX_RETRIES=3 \
    "$conda" create --yes --quiet --prefix "$dir" --override-channels --channel "${CONDA_CHANNEL:-conda-forge}" \
    "python=$version" pip "$@"
}

# What packages (compilers, CUDA) want to have set. They are not written for strict shells.
_aikore_run_conda_hooks() {
  local hook options="$-"
  for hook in "$1"/etc/conda/activate.d/*.sh; do
    [[ -f $hook ]] || continue
    set +eu
    # shellcheck disable=SC1090 # of the packages
    source "$hook" || true
    [[ $options != *e* ]] || set -e
    [[ $options != *u* ]] || set -u
  done
}
