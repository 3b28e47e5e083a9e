#!/bin/sh
# Installs uv from the Python package index by the checksum of its wheel.
set -eu
here=$(dirname "$0")
# shellcheck source=docker/build/release.sh
. "$here/release.sh"

[ "$UV" = 1 ] || exit 0

# An empty argument is none.
[ -n "${PIP_INDEX_URL:-}" ] || unset PIP_INDEX_URL
sum=$(checksum_for UV_SHA256)
printf 'uv==%s --hash=sha256:%s\n' "$UV_VERSION" "$sum" >/tmp/uv.txt
python3 -m venv /opt/uv
/opt/uv/bin/pip install --no-cache-dir --no-compile --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r /tmp/uv.txt
rm /tmp/uv.txt
ln -s /opt/uv/bin/uv /opt/uv/bin/uvx /usr/local/bin/
# It is needed to install only; uv is one program.
/opt/uv/bin/pip uninstall -q -y --disable-pip-version-check setuptools pip
note_release uv "$UV_VERSION" "pkg:pypi/uv@$UV_VERSION" "$sum"
