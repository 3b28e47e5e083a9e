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

# $1 variable
check_number() {
  local name=$1
  [[ ${!name:-} =~ ^[1-9][0-9]{0,8}$ && ${!name} -ne $AIKORE_UID ]] ||
    refuse "$name must be the number of an ordinary user or group: neither 0 (root) nor $AIKORE_UID (AiKore's own)."
}

check_user_numbers() {
  check_number PUID
  check_number PGID
}

# The root of the file system may be read-only, so names come from a second place (libnss-extrausers).
make_users() {
  mkdir -p "$EXTRA_USERS"
  printf 'abc:x:%s:%s:Applications:%s:/bin/bash\n' "$PUID" "$PGID" "$APP_HOME" >"$EXTRA_USERS/passwd"
  printf 'abc:x:%s:\n' "$PGID" >"$EXTRA_USERS/group"
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
