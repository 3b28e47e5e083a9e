#!/bin/sh
# Debian's packages come from where the base image takes them, or from the mirrors that the build names.
#   APT_MIRROR, APT_SECURITY_MIRROR: with those of a snapshot the packages are exactly as they were that day.
set -eu

for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
  [ -f "$file" ] || continue
  [ -z "${APT_MIRROR:-}" ] || sed -i -E "s#https?://[^ ]+/debian/?( |\$)#$APT_MIRROR\\1#" "$file"
  [ -z "${APT_SECURITY_MIRROR:-}" ] || sed -i -E "s#https?://[^ ]+-security/?( |\$)#$APT_SECURITY_MIRROR\\1#" "$file"
done

# Nobody reads descriptions of packages here, and a mirror may stumble.
printf 'Acquire::Languages "none";\nAcquire::Retries "3";\n' >/etc/apt/apt.conf.d/90aikore
case "${APT_MIRROR:-}" in
  # What was signed for that day is valid no more.
  *snapshot*) echo 'Acquire::Check-Valid-Until "false";' >>/etc/apt/apt.conf.d/90aikore ;;
esac
