# shellcheck shell=bash disable=SC2034,SC2154 # variables of the other parts
# Backups, and putting them back.

# Works on the data beside AiKore, whether it runs or not.
in_container() {
  if is_running; then
    docker exec -u 0 "$container" "$@"
  else
    choose_files
    has_image || fail 'There is no image yet: make up.'
    run_compose run --rm --no-deps -T aikore "$@"
  fi
}

# $1 a file to copy it to as well, which you may read: the folder of backups is AiKore's alone.
backup() {
  local made target=${1:-}
  [ -z "$target" ] || [ ! -e "$target" ] || fail "$target is there already."
  made=$(in_container aikore-backup | tr -d '\r' | tail -n 1) || true
  [ -n "$made" ] || fail 'The backup failed; the reason stands above.'
  echo "Backup: $(data_place)${made#/config}"
  if [ -n "$target" ]; then
    (umask 077 && in_container cat "$made" >"$target") || fail "It could not be copied to $target."
    echo "Copied to $target"
  fi
  echo 'In it: settings, scripts and their histories, custom blueprints. Not in it: environments, models, outputs, the trash can.'
}

restore() {
  local file=${1:-} mount=() inside
  choose_files
  if [ -z "$file" ]; then
    in_container aikore-restore --list >&2 || true
    fail 'Which backup? make restore FILE=aikore-….tar.gz, a name of the list above or a path.'
  fi
  inside=${file##*/}
  if [ -f "$file" ] && ! [[ $file -ef $(data_place)/backups/$inside ]]; then
    mount=(-v "$(realpath "$file"):/tmp/$inside:ro")
    inside=/tmp/$inside
  fi
  has_image || fail 'There is no image yet: make image.'
  run_compose run --rm --no-deps -T "${mount[@]}" aikore aikore-restore --check "$inside" || fail 'Nothing was changed.'
  confirm_ending 'Restoring ends AiKore for some seconds.'
  [ -z "$container" ] || run_compose stop aikore >/dev/null 2>&1
  if ! run_compose run --rm --no-deps -T "${mount[@]}" aikore aikore-restore "$inside"; then
    fail 'AiKore is stopped; make up starts it.'
  fi
  up
}
