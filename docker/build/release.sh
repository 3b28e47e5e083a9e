# shellcheck shell=sh
# Files of release pages: fetched, compared with the checksum that the Dockerfile names, noted for the bill of materials.

# $1 name of the build argument without the architecture; prints the checksum for the machine's kind
checksum_for() {
  case $(dpkg --print-architecture) in
    amd64) eval "printf '%s' \"\$${1}_AMD64\"" ;;
    arm64) eval "printf '%s' \"\$${1}_ARM64\"" ;;
    *)
      echo "$1: there is no release for $(dpkg --print-architecture)." >&2
      return 1
      ;;
  esac
}

# $1 address, $2 SHA-256, $3 file
fetch_release() {
  curl -fsSL --retry 3 --connect-timeout 20 -o "$3" "$1" || {
    echo "$1 cannot be fetched. Build arguments do without it: docs/deploy/README.md." >&2
    return 1
  }
  verify_release "$2" "$3"
}

# $1 SHA-256, $2 file
verify_release() {
  echo "$1  $2" | sha256sum -c - >/dev/null || {
    echo "$2 is not the file that was pinned: its SHA-256 is $(sha256sum "$2" | cut -d ' ' -f 1)." >&2
    return 1
  }
}

# $1 name, $2 version, $3 address, $4 SHA-256
note_release() {
  mkdir -p /usr/share/aikore/releases
  printf '%s\n' "$2" "$3" "$4" >"/usr/share/aikore/releases/$1"
}
