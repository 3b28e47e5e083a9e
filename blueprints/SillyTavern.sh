#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = SillyTavern
# aikore.category = Chat
# aikore.description = Chats and role play with language models, local or remote. Characters, chats and settings are kept in the instance's output folder.
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = on
# aikore.repository = https://github.com/SillyTavern/SillyTavern
# aikore.disk = 500 MB
# aikore.package = npm sillytavern SILLYTAVERN_VERSION
# aikore.var.SILLYTAVERN_VERSION = string "1.19.0" Version that is installed
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"
package=app/node_modules/sillytavern

install() {
  aikore_need node npm
  aikore_npm app "sillytavern@${SILLYTAVERN_VERSION:-1.19.0}"
}
aikore_setup install SILLYTAVERN_VERSION

mkdir -p -- "$INSTANCE_OUTPUT_DIR"
# Extensions that were installed for all users would go with the version.
sl_folder "$package/public/scripts/extensions" third-party "$INSTANCE_OUTPUT_DIR" _extensions

# AiKore's sign-in stands before every request; SillyTavern would only see that they come through a proxy.
export SILLYTAVERN_ENABLEFORWARDEDWHITELIST=false
export SILLYTAVERN_BROWSERLAUNCH_ENABLED=false
# The proxy keeps connections open, which SillyTavern is asked to do as well.
export SILLYTAVERN_ENABLEKEEPALIVE=true

aikore_step "Starting SillyTavern"
# It listens on 127.0.0.1 as long as nobody sets `listen`.
exec node "$package/server.js" --port "$WEBUI_PORT" --listen false \
  --configPath "$INSTANCE_CONF_DIR/config.yaml" --dataRoot "$INSTANCE_OUTPUT_DIR" "$@"
