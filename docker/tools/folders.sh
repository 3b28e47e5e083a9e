# shellcheck shell=bash
# The folders of the volume and whose they are. Only the folders named here are looked at, never what is in them: a change
# of owner through a large volume takes minutes (aikore-own does it when asked to).

# AiKore's: an application that could write here could put another database in the place of its own.
readonly OWN_FOLDERS=(instances trashcan)
readonly PRIVATE_FOLDERS=(backups)
# Of AiKore too, but applications reach what is theirs inside.
readonly PASSED_FOLDERS=(archives run run/instances run/terminals)
readonly APP_FOLDERS=(custom_blueprints datasets home models outputs tmp)
# So many instances are looked at for an owner who is somebody else.
readonly SAMPLE=5

# Places whose owner the volume did not let be changed.
unowned=()

# $1 folder: makes it where it is missing
make_folder() {
  if [ -L "$1" ]; then refuse "$1 is a link; AiKore's own folders must be folders of the volume."; fi
  [ -d "$1" ] || mkdir -p "$1" || refuse "$1 cannot be made (see the line above). Is the volume full, or may user $(id -u) not write to it?"
}

# $1 owner, $2 mode, $3 path. A volume over a network may refuse to root what it allows to its owner: AiKore says later
# what it cannot do.
own() {
  make_folder "$3"
  [ "$(stat -c '%u:%g' "$3")" = "$1" ] || chown -h "$1" "$3" 2>/dev/null || unowned+=("$3")
  [ "$(stat -c %a "$3")" = "$2" ] || chmod "$2" "$3" 2>/dev/null || true
}

# A database that the original AiKore or another user has left.
own_database() {
  local file
  for file in "$1"/aikore.db "$1"/aikore.db-wal "$1"/aikore.db-shm "$1"/aikore.db-journal "$1"/aikore.db.new; do
    if [ ! -f "$file" ] || [ -L "$file" ]; then continue; fi
    chown -h "$AIKORE_UID:$AIKORE_UID" "$file" 2>/dev/null || unowned+=("$file")
    chmod 600 "$file" 2>/dev/null || true
  done
}

# $1 the data directory: a mount that nobody may write to is told apart from what an owner could change
check_writable() {
  local options
  [ -d "$1" ] || return 0
  # Of the whole mount, whatever it hides: root's own access says nothing where a volume takes root for nobody.
  options=$(findmnt --noheadings --output VFS-OPTIONS,FS-OPTIONS --target "$1" 2>/dev/null | tr '\n ' ',,')
  case ",$options," in
    *,ro,*) refuse "$1 is mounted read-only; AiKore keeps everything there that must survive." ;;
  esac
}

# Instances of another owner cannot write into their own folders: said once, with what helps.
tell_foreign_owner() {
  local home owner hint seen=0
  for home in "$1"/instances/*/; do
    [ -d "$home" ] || continue
    owner=$(stat -c %u "$home")
    if [ "$owner" -ne "$PUID" ]; then
      hint='run aikore-own in the container once.'
      if is_ordinary "$owner"; then hint="set PUID=$owner, or $hint"; fi
      echo "aikore: ${home%/} belongs to user $owner, but applications run as $PUID: $hint" >&2
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
  if [ ${#unowned[@]} -gt 0 ]; then
    echo "aikore: the volume does not let the owner of ${unowned[0]} be changed (and of $((${#unowned[@]} - 1)) more places)." >&2
  fi
}
