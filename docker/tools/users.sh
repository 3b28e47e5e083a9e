# shellcheck shell=bash
# Who is who in the container: AiKore has a number of its own, applications that of PUID and PGID.

readonly AIKORE_UID=9900
readonly EXTRA_USERS=/run/aikore/extrausers
# Of applications; it lies on the volume, so that what they keep there outlives the container.
readonly APP_HOME=$AIKORE_DATA_DIR/home

# A bad value ends the start with one line, as AiKore's own do.
refuse() {
  printf 'aikore: %s\n' "$1" >&2
  exit 2
}

# $1 a number as text: whether it is that of an ordinary user or group
is_ordinary() { [[ $1 =~ ^[1-9][0-9]{0,8}$ && $1 -ne $AIKORE_UID ]]; }

check_user_numbers() {
  local name
  for name in PUID PGID; do
    is_ordinary "${!name:-}" ||
      refuse "$name must be the number of an ordinary user or group: neither 0 (root) nor $AIKORE_UID (AiKore's own)."
  done
}

# The root of the file system may be read-only, so names come from a second place (libnss-extrausers). A container that
# runs as an ordinary user has a name too: many a program cannot do without.
make_users() {
  local uid=$PUID gid=$PGID
  if [ "$(id -u)" -ne 0 ]; then uid=$(id -u) gid=$(id -g); fi
  mkdir -p "$EXTRA_USERS"
  printf 'abc:x:%s:%s:Applications:%s:/bin/bash\n' "$uid" "$gid" "$APP_HOME" >"$EXTRA_USERS/passwd"
  printf 'abc:x:%s:\n' "$gid" >"$EXTRA_USERS/group"
  : >"$EXTRA_USERS/shadow"
}

# Groups that own the nodes of graphics cards: on the host they have whatever numbers they have.
gpu_groups() {
  local node
  for node in /dev/kfd /dev/dri/card* /dev/dri/renderD* /dev/nvidia*; do
    [ ! -c "$node" ] || stat -c %g "$node"
  done | sort -nu | grep -vx 0 || true
}

# As AiKore takes it: uid:gid[,group…]
app_user() {
  local group user="$PUID:$PGID"
  for group in $(gpu_groups); do user+=",$group"; done
  printf '%s' "$user"
}
