#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = SillyTavern
# aikore.category = Chat
# aikore.description = Chats and role play with language models, local or remote. Characters, chats and settings are kept in the instance's output folder.
# aikore.probe = http /
# aikore.proxy.mode = strip
# aikore.proxy.shim = on
# aikore.repository = https://github.com/SillyTavern/SillyTavern
# aikore.var.SILLYTAVERN_VERSION = string "1.19.0" Version that is installed
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"

version="${SILLYTAVERN_VERSION:-1.19.0}"
package=app/node_modules/sillytavern

for tool in node npm; do
  if ! command -v "$tool" >/dev/null 2>&1; then
    aikore_error "SillyTavern needs \"$tool\" in the PATH (Node.js 20 or newer)."
    exit 1
  fi
done

installed_version() {
  [[ -f $package/package.json ]] || return 0
  node -p 'require(process.argv[1]).version' "$PWD/$package/package.json" 2>/dev/null || true
}

# A folder that is called "app" is whole: the installation takes its name last.
if [[ $(installed_version) != "$version" ]]; then
  aikore_step "Installing SillyTavern $version"
  rm -rf -- app.new
  mkdir -- app.new
  npm install --prefix app.new --no-audit --no-fund --loglevel=warn -- "sillytavern@$version"
  rm -rf -- app
  mv -T -- app.new app
fi

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
