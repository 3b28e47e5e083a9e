# shellcheck shell=bash
# shellcheck disable=SC2154 # what session.sh sets
# The browser that shows a web application on its own desktop.

readonly POLL_SECONDS=0.3 ANSWER_LIMIT_SECONDS=5 PROFILE_LIMIT_SECONDS=5
# An address of a unix socket has at most 107 bytes, and Chromium puts one into a folder with a long name.
readonly MAX_SOCKET_FOLDER=50
# Browsers read user-dirs.dirs by lines of 511 bytes, and take what they get of a longer one.
readonly MAX_DOWNLOADS_LINE=500

# Whether the application answers its page with anything below 500. In a subshell: a connection that is refused or cut
# must not end the worker.
application_answers() (
  exec 5<>"/dev/tcp/127.0.0.1/$kiosk_port" || exit 1
  printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nUser-Agent: AiKore\r\nConnection: close\r\n\r\n' \
    "$kiosk_path" "$kiosk_port" >&5 || exit 1
  IFS=' ' read -r -t "$ANSWER_LIMIT_SECONDS" -u 5 protocol status _ || exit 1
  # Read to the end: an application whose answer is cut off may complain in its log.
  timeout "$ANSWER_LIMIT_SECONDS" cat <&5 >/dev/null
  [[ $protocol == HTTP/* && $status =~ ^[1-4][0-9][0-9] ]]
) 2>/dev/null

# The process that has the profile, as Chromium's lock names it: a link to `<machine>-<pid>`.
holder_of_profile() {
  local target holder
  target=$(readlink "$profile/SingletonLock" 2>/dev/null) || return 1
  holder=${target##*-}
  # Another process may have got the pid of a dead browser.
  [[ $holder =~ ^[0-9]+$ ]] || return 1
  tr '\0' '\n' 2>/dev/null <"/proc/$holder/cmdline" | grep -qFx -- "--user-data-dir=$profile" || return 1
  printf '%s' "$holder"
}

# A browser that is still ending would take the new one's page and end with it; a dead one's lock is in the way when the
# machine's name has changed, as in a container.
free_profile() {
  local holder until_ms now_ms
  read_clock
  until_ms=$((now_ms + PROFILE_LIMIT_SECONDS * 1000))
  while holder=$(holder_of_profile); do
    read_clock
    [ "$now_ms" -lt "$until_ms" ] || kill -KILL "$holder" 2>/dev/null || true
    pause 0.1
  done
  forget_profile_socket
  rm -f "$profile"/Singleton{Lock,Socket,Cookie}
}

# A browser that was killed leaves the folder of its socket behind, wherever that is.
forget_profile_socket() {
  local target
  target=$(readlink "$profile/SingletonSocket" 2>/dev/null) || return 0
  [[ $target =~ ^/.*/org\.chromium\.Chromium\.[A-Za-z0-9]+/SingletonSocket$ && $target != *..* ]] || return 0
  rm -f "$target" "${target%/*}/SingletonCookie"
  rmdir "${target%/*}" 2>/dev/null || true
}

# No questions. What the user changes later stays.
prepare_profile() {
  mkdir -p "$profile/Default"
  chmod 700 "$profile"
  cp -f "$here/firefox-user.js" "$profile/user.js"
  local preferences=$profile/Default/Preferences
  [ -e "$preferences" ] || echo '{"credentials_enable_service":false}' >"$preferences"
}

# Downloads among the instance's outputs, unless the user chose another folder. Not in the profile, which would keep the
# path when the instance is renamed, gets another output folder or is moved: each start tells it anew, where browsers
# look for the user's folders (xdg-user-dirs).
tell_downloads() {
  local LC_ALL=C line=${INSTANCE_OUTPUT_DIR:-}
  line=${line//\\/\\\\}
  line=XDG_DOWNLOAD_DIR=\"${line//\"/\\\"}\"
  [[ $line == *=\"/* && $line != *$'\n'* && ${#line} -le $MAX_DOWNLOADS_LINE ]] || return 0
  mkdir -p "$folder/config"
  printf '%s\n' "$line" >"$folder/config/user-dirs.dirs"
  export XDG_CONFIG_HOME=$folder/config
}

run_kiosk() {
  until application_answers; do pause "$POLL_SECONDS"; done
  report ready kiosk "$1"
  prepare_profile || true
  tell_downloads || true
  free_profile
  export MOZ_ENABLE_WAYLAND=0 MOZ_CRASHREPORTER_DISABLE=1
  # Where dialogs for files begin.
  cd "${profile%/*/*}" || true
  export TMPDIR=$folder
  [ ${#folder} -le "$MAX_SOCKET_FOLDER" ] || TMPDIR=/tmp
  # Downloads are files like those of the application. The profile and the folder are closed to others themselves.
  umask "$outer_umask"
  run_part kiosk "$1" "${browser[@]}"
}
