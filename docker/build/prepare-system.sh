#!/bin/sh
# What the image is beside its packages: users, names, and the paths that scripts of the original AiKore use.
set -eu

# Far from the numbers that people and NAS systems give their users.
groupadd --gid 9900 aikore
useradd --uid 9900 --gid 9900 --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin aikore

# The user of the applications has the number of PUID, which only a start knows, and the root of the file system may be
# read-only then: its entry is made in /run.
rm -rf /var/lib/extrausers
ln -s /run/aikore/extrausers /var/lib/extrausers
{
  for database in passwd group shadow; do printf '%s: files extrausers\n' "$database"; done
  printf 'hosts: files dns\n'
  for database in protocols services networks rpc; do printf '%s: files\n' "$database"; done
} >/etc/nsswitch.conf

# Of each container, not of the image (entry.sh); a bus of a desktop asks for it.
for file in /etc/machine-id /var/lib/dbus/machine-id; do
  mkdir -p "${file%/*}"
  ln -sf /run/aikore/machine-id "$file"
done

for program in npm npx; do ln -sf "../lib/node_modules/npm/bin/$program-cli.js" "/usr/local/bin/$program"; done

mkdir -p /config /home/abc /opt/sd-install /usr/share/aikore/releases
ln -s /opt/miniforge /home/abc/miniconda3
# The supervision's place. A container that is started as an ordinary user has to write there; as root it takes the right
# away from everybody else first thing (entry.sh).
install -d -m 1777 /run/aikore
