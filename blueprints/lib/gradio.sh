# shellcheck shell=bash
#
# Applications that are made with Gradio. Part of functions.sh.

# Says where Gradio listens, to applications that do not say it themselves, and keeps it from asking the internet.
#   aikore_gradio
aikore_gradio() {
  export GRADIO_SERVER_NAME=127.0.0.1
  export GRADIO_SERVER_PORT="$WEBUI_PORT"
  export GRADIO_TEMP_DIR="$INSTANCE_CONF_DIR/cache"
  mkdir -p -- "$GRADIO_TEMP_DIR" || return 1
  # No calls home, and no second server: rendering on the server would start a Node of its own.
  export GRADIO_ANALYTICS_ENABLED=False
  export GRADIO_SSR_MODE=False
  export HF_HUB_DISABLE_TELEMETRY=1
  # At its start Gradio asks itself whether it answers; an HTTP proxy of the machine must not stand in between.
  export NO_PROXY="127.0.0.1,localhost${NO_PROXY:+,$NO_PROXY}"
  export no_proxy="$NO_PROXY"
}
