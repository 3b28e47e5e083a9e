#!/bin/sh
# Says where Debian's packages come from, the same on official images and on others of that name.
#   APT_MIRROR, APT_SECURITY_MIRROR: other mirrors.  APT_SNAPSHOT=20261101T000000Z: all packages as they were then.
set -eu

mirror=${APT_MIRROR:-http://deb.debian.org/debian}
security=${APT_SECURITY_MIRROR:-http://deb.debian.org/debian-security}
options=
if [ -n "${APT_SNAPSHOT:-}" ]; then
  mirror=http://snapshot.debian.org/archive/debian/$APT_SNAPSHOT
  security=http://snapshot.debian.org/archive/debian-security/$APT_SNAPSHOT
  options='Check-Valid-Until: no'
fi

# A mirror in a builder's own configuration (/etc/apt/apt.conf.d, proxies) stays in force.
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources
stanza() {
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n' "$1" "$2"
  printf 'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n'
  [ -z "$options" ] || printf '%s\n' "$options"
  printf '\n'
}
{
  stanza "$mirror" 'bookworm bookworm-updates'
  stanza "$security" bookworm-security
} >/etc/apt/sources.list.d/debian.sources

# Nobody reads descriptions of packages here, and a mirror may stumble.
printf 'Acquire::Languages "none";\nAcquire::Retries "3";\n' >/etc/apt/apt.conf.d/90aikore
