#!/bin/sh
# Installs Miniforge where nobody but root writes: environments and packages of conda lie in the volume.
set -eu
here=$(dirname "$0")
# shellcheck source=docker/build/release.sh
. "$here/release.sh"

[ "$MINIFORGE" = 1 ] || exit 0

case $(dpkg --print-architecture) in
  arm64) machine=aarch64 ;;
  *) machine=x86_64 ;;
esac
url=https://github.com/conda-forge/miniforge/releases/download/$MINIFORGE_VERSION/Miniforge3-$MINIFORGE_VERSION-Linux-$machine.sh
sum=$(checksum_for MINIFORGE_SHA256)
fetch_release "$url" "$sum" /tmp/miniforge.sh
bash /tmp/miniforge.sh -b -p /opt/miniforge >/dev/null
rm /tmp/miniforge.sh
/opt/miniforge/bin/conda clean -afyq
find /opt/miniforge -name '*.a' -delete
rm -rf /root/.conda /root/.cache
chmod -R go-w /opt/miniforge
note_release miniforge "$MINIFORGE_VERSION" "$url" "$sum"
