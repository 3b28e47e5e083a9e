#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = JupyterLab
# aikore.category = Development
# aikore.description = Notebooks, a code editor and terminals in the browser, with a Python environment of its own. Files are kept in the instance's output folder.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http ${SUBFOLDER}api
# aikore.proxy.mode = keep
# aikore.repository = https://github.com/jupyterlab/jupyterlab
# aikore.disk = 400 MB
# aikore.package = pypi jupyterlab JUPYTERLAB_VERSION
# aikore.var.JUPYTERLAB_VERSION = string "4.6.6" Version that is installed
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

install() {
  aikore_venv ./env 3.12 3.13 3.11 3.10
  aikore_install "jupyterlab==${JUPYTERLAB_VERSION:-4.6.6}"
}
aikore_setup install JUPYTERLAB_VERSION

# Nothing of this instance mixes with another's, nor with a Jupyter in the user's home.
export JUPYTER_CONFIG_DIR="$INSTANCE_CONF_DIR/jupyter/config"
export JUPYTER_DATA_DIR="$INSTANCE_CONF_DIR/jupyter/data"
export JUPYTER_RUNTIME_DIR="$INSTANCE_CONF_DIR/jupyter/runtime"
export IPYTHONDIR="$INSTANCE_CONF_DIR/jupyter/ipython"
export JUPYTER_PREFER_ENV_PATH=1

# Neither news nor update checks: those would ask the internet, and the version is chosen above.
settings="$VIRTUAL_ENV/share/jupyter/lab/settings"
mkdir -p -- "$settings" "$INSTANCE_OUTPUT_DIR"
printf '%s\n' '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}' \
  >"$settings/overrides.json"

arguments=(
  --no-browser
  --ServerApp.ip=127.0.0.1
  --ServerApp.port="$WEBUI_PORT"
  # A port that is taken must end the start; on another port nobody would find it.
  --ServerApp.port_retries=0
  --ServerApp.base_url="$SUBFOLDER"
  --ServerApp.root_dir="$INSTANCE_OUTPUT_DIR"
  # AiKore's sign-in stands before every request. Jupyter's protection against forged requests (XSRF) stays on.
  --IdentityProvider.token=
  # The proxy hands on the browser's Host, with which Jupyter compares the Origin; without this it would answer to
  # localhost only. AiKore has checked the name by then.
  --ServerApp.allow_remote_access=True
  --ServerApp.trust_xheaders=True
)
# Jupyter refuses to run as root unless told; in a container there may be nobody else.
[[ $EUID -ne 0 ]] || arguments+=(--allow-root)

aikore_step "Starting JupyterLab"
# As a module: unlike the `jupyter` script, it needs no absolute path inside the environment.
exec python -m jupyterlab "${arguments[@]}" "$@"
