#!/bin/sh
# Installs the packages of a list and of the command line, and leaves nothing behind but them: no lists, caches or logs,
# and no program that runs with another user's rights than its caller's.
#   apt-install.sh LIST [PACKAGE…]
set -eu

list=$1
shift
export DEBIAN_FRONTEND=noninteractive

# Packages of daemons would start them.
policy=/usr/sbin/policy-rc.d
has_policy=1
if [ ! -e "$policy" ]; then
  has_policy=0
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

apt-get update -q
# shellcheck disable=SC2046 # a list of packages
apt-get install -y -q --no-install-recommends $(sed 's/#.*//' "$list") "$@"

[ "$has_policy" -eq 1 ] || rm -f "$policy"
rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/cache/ldconfig/aux-cache
find /var/log -mindepth 1 ! -type d -delete
rm -rf /var/log/apt /var/log/journal
# Nobody in the container becomes another user by a program; in this layer, so that no file is stored twice.
find / -xdev -type f -perm /6000 -exec chmod a-s {} +
# Places that Debian leaves to groups of people: there are none.
find / -xdev -type d -perm /6020 ! -perm -1000 -exec chmod g-ws {} +
