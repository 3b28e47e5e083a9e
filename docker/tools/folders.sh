# shellcheck shell=bash
# The folders of the volume and whose they are. Only the folders named here are looked at, never what is in them: a change
# of owner through a large volume takes minutes (aikore-own does it when asked to).

# AiKore's: an application that could write here could put another database in the place of its own.
readonly OWN_FOLDERS=(instances trashcan)
readonly PRIVATE_FOLDERS=(backups)
# Of AiKore too, but applications reach what is theirs inside.
readonly PASSED_FOLDERS=(run run/instances run/terminals)
readonly APP_FOLDERS=(custom_blueprints datasets home models outputs tmp)
# So many instances are looked at for an owner who is somebody else.
readonly SAMPLE=5

# $1 owner, $2 mode, $3 path. A volume over a network may refuse to root what it allows to its owner: AiKore says later
# what it cannot do.
own() {
  if [ -L "$3" ]; then refuse "$3 is a link; AiKore's own folders must be folders of the volume."; fi
  mkdir -p "$3" || refuse "$3 cannot be made. Is the volume full, or mounted read-only?"
  [ "$(stat -c '%u:%g' "$3")" = "$1" ] || chown "$1" "$3" 2>/dev/null || warn_of_refusal "$3"
  [ "$(stat -c %a "$3")" = "$2" ] || chmod "$2" "$3" 2>/dev/null || true
}

warn_of_refusal() {
  echo "aikore: the volume does not let the owner of $1 be changed." >&2
}

# A database that the original AiKore or another user has left.
own_database() {
  local file
  for file in "$1"/aikore.db "$1"/aikore.db-wal "$1"/aikore.db-shm "$1"/aikore.db-journal "$1"/aikore.db.new; do
    if [ ! -f "$file" ] || [ -L "$file" ]; then continue; fi
    chown "$AIKORE_UID:$AIKORE_UID" "$file" 2>/dev/null || warn_of_refusal "$file"
    chmod 600 "$file" 2>/dev/null || true
  done
}

# Instances of another owner cannot write into their own folders: said once, with what helps.
tell_foreign_owner() {
  local home owner seen=0
  for home in "$1"/instances/*/; do
    [ -d "$home" ] || continue
    owner=$(stat -c %u "$home")
    if [ "$owner" -ne "$PUID" ]; then
      echo "aikore: ${home%/} belongs to user $owner, but applications run as $PUID: set PUID=$owner, or run aikore-own in the container once." >&2
      return
    fi
    seen=$((seen + 1))
    [ "$seen" -lt "$SAMPLE" ] || return 0
  done
}

# $1 the data directory
prepare_folders() {
  local data=$1 name
  own "$AIKORE_UID:$PGID" 755 "$data"
  own_database "$data"
  for name in "${OWN_FOLDERS[@]}"; do own "$AIKORE_UID:$AIKORE_UID" 755 "$data/$name"; done
  for name in "${PRIVATE_FOLDERS[@]}"; do own "$AIKORE_UID:$AIKORE_UID" 700 "$data/$name"; done
  for name in "${PASSED_FOLDERS[@]}"; do own "$AIKORE_UID:$AIKORE_UID" 711 "$data/$name"; done
  for name in "${APP_FOLDERS[@]}"; do
    # Models and outputs are often links to another disk, whose owner is its own affair.
    [ -L "$data/$name" ] || own "$PUID:$PGID" 775 "$data/$name"
  done
  tell_foreign_owner "$data"
}
