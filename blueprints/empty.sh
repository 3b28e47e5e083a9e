#!/usr/bin/env bash
# A blueprint to begin your own with. As it stands, it shows one page that says what to do.
#
# Copy it (Blueprints…, "New from…") or edit the script of an instance that was made from it. The block below says what
# AiKore should know; docs/blueprints.md explains each line.
### AIKORE-METADATA-START ###
# aikore.name = Empty
# aikore.category = Getting started
# aikore.description = A script to begin your own with: it installs nothing and shows one page that says what to do.
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = auto
# aikore.var.EMPTY_GREETING = string "It works." First line of the page; an example of a variable
### AIKORE-METADATA-END ###
#
# More lines that are often needed:
#   aikore.venv_type = python              what a terminal of the instance activates
#   aikore.venv_path = ./env
#   aikore.repository = https://github.com/…
#   aikore.vram = 8 GB                     aikore.disk = 10 GB

# Any command that fails ends the start, and a variable that is not set is an error.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

# What is done once. It is done again when this script, a version or a requirement changes, or a rebuild is asked for.
install() {
  aikore_need python3
  # aikore_clone https://github.com/somebody/something.git app GIT_REF
  # aikore_venv ./env 3.12 3.11
  # aikore_torch torch==2.9.1 torchvision
  # aikore_requirements app/requirements.txt
}
aikore_setup install

# Models are shared by all instances, results are kept in a folder that outlives the instance.
# aikore_models app/models/checkpoints stable-diffusion
# sl_folder app outputs "$INSTANCE_OUTPUT_DIR"
mkdir -p -- "$INSTANCE_OUTPUT_DIR" page

greeting="${EMPTY_GREETING:-It works.}"
# The backslashes, without quotes around: "&" alone would mean what was found.
greeting=${greeting//&/\&amp;}
greeting=${greeting//</\&lt;}
cat >page/index.html <<PAGE
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Empty blueprint</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
  body { max-width: 38rem; margin: 12vh auto; padding: 0 1.5rem }
  code { font: .9em ui-monospace, monospace }
</style>
<h1>$greeting</h1>
<p>This instance runs a script that waits for you. In AiKore, open <em>Script</em> of the instance and let it
  install and start your application:</p>
<ol>
  <li>Fill <code>install</code>: where the application comes from and what it needs.</li>
  <li>Replace the last line: your application listens on <code>127.0.0.1</code> and the port in
    <code>\$WEBUI_PORT</code>, here $WEBUI_PORT.</li>
  <li>Save, and restart the instance. Its log shows how far it got.</li>
</ol>
</html>
PAGE

# The last line becomes the application: with exec, what stops the instance reaches the application itself.
aikore_step "Showing a page"
exec python3 -m http.server --bind 127.0.0.1 --directory page "$WEBUI_PORT" "$@"
