#!/bin/sh
# Installs what persistent desktops need: the X server of DISPLAY_SERVER, the browser of KIOSK_BROWSER, Openbox.
set -eu
here=$(dirname "$0")
# shellcheck source=docker/build/release.sh
. "$here/release.sh"

[ "$DISPLAY_SERVER" != none ] || exit 0

set --
case $KIOSK_BROWSER in
  firefox-esr | chromium) set -- "$KIOSK_BROWSER" ;;
  none) ;;
  *)
    echo "KIOSK_BROWSER must be firefox-esr, chromium or none." >&2
    exit 1
    ;;
esac

case $DISPLAY_SERVER in
  tigervnc) set -- "$@" tigervnc-standalone-server ;;
  kasmvnc)
    package=kasmvncserver_bookworm_${KASMVNC_VERSION}_$(dpkg --print-architecture).deb
    url=https://github.com/kasmtech/KasmVNC/releases/download/v$KASMVNC_VERSION/$package
    sum=$(checksum_for KASMVNC_SHA256)
    fetch_release "$url" "$sum" "/tmp/$package"
    note_release kasmvnc "$KASMVNC_VERSION" "$url" "$sum"
    set -- "$@" "/tmp/$package"
    ;;
  *)
    echo "DISPLAY_SERVER must be kasmvnc, tigervnc or none." >&2
    exit 1
    ;;
esac

"$here/apt-install.sh" "$here/packages/desktop.txt" "$@"
rm -f /tmp/kasmvncserver_*.deb
# Made at installation: the same key in every container is nobody's secret.
rm -f /etc/ssl/private/ssl-cert-snakeoil.key /etc/ssl/certs/ssl-cert-snakeoil.pem
