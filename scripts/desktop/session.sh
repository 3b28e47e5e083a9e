#!/usr/bin/env bash
# Keeps the desktop of one instance: an X server, a window manager and, for a web application, a browser that shows it.
# What dies is started again, the X server under the same number. Says `ready`, or what failed, once on descriptor 3.
# It ends with the instance: the runner ends everything in the tree, and this takes its lock and sockets along.
#
# Takes launch.sh's command line.
# shellcheck source-path=SCRIPTDIR
set -uo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=lib/arguments.sh
source "$here/lib/arguments.sh"
# shellcheck source=lib/clock.sh
source "$here/lib/clock.sh"
# shellcheck source=lib/log.sh
source "$here/lib/log.sh"
# shellcheck source=lib/lock.sh
source "$here/lib/lock.sh"
# shellcheck source=lib/state.sh
source "$here/lib/state.sh"
# shellcheck source=lib/workers.sh
source "$here/lib/workers.sh"
# shellcheck source=lib/kiosk.sh
source "$here/lib/kiosk.sh"
parse_arguments "$@"
outer_umask=$(umask)
umask 077
# Relative from here on: the path of a socket must be short, that of the data directory may be long.
cd "$folder" || exit 1

readonly FIRST_DELAY_MS=100 LONGEST_DELAY_MS=10000
# Who runs that long was up, so the next end is a new matter; who fails that often in a row cannot be kept up.
readonly STEADY_MS=10000 FAILURES_TO_GIVE_WORD=5
# So long the program waits for a desktop that does not come up.
readonly PATIENCE_MS=15000
# And so long for a window manager that does not say that it is ready.
readonly WINDOW_MANAGER_SECONDS=4

declare -A names=([x]='The X server' [wm]='The window manager' [kiosk]="The application's browser")
declare -A worker=([x]=0 [wm]=0 [kiosk]=0) generation=([x]=0 [wm]=0 [kiosk]=0 [patience]=0)
declare -A failures=([x]=0 [wm]=0 [kiosk]=0) since_ms=([x]=0 [wm]=0 [kiosk]=0)
has_answered=0 is_admitting=0

# Tells launch.sh, once.
answer() {
  [ "$has_answered" -eq 0 ] || return 0
  has_answered=1
  printf '%s' "$1" >&3
  exec 3>&-
}

# Starts a worker for a part. $1 part, then the worker's function and what it takes after the generation
employ() {
  local part=$1 work=$2
  shift 2
  generation[$part]=$((generation[$part] + 1))
  pid[$part]=0
  read_clock
  since_ms[$part]=$now_ms
  # Closed by hand: a redirection of a function keeps a copy, and launch.sh waits for the last one.
  { exec 3>&- && "$work" "${generation[$part]}" "$@"; } &
  worker[$part]=$!
}

dismiss() {
  local part=$1
  generation[$part]=$((generation[$part] + 1))
  [ "${worker[$part]}" -eq 0 ] || kill "${worker[$part]}" 2>/dev/null
  [ "${pid[$part]}" -eq 0 ] || kill "${pid[$part]}" 2>/dev/null
  worker[$part]=0 pid[$part]=0
}

start_part() {
  case $1 in
    x) start_server ;;
    wm) start_window_manager ;;
    kiosk) start_kiosk ;;
  esac
}

start_server() {
  if ! take_lock; then
    answer "Display :$display belongs to another X server; restart the instance to get another number."
    failures[x]=$FAILURES_TO_GIVE_WORD
    plan_restart x "Display :$display belongs to another X server."
    return
  fi
  rm -f "$(x_socket)" rfb.sock
  [ "${state[x]}" = off ] && tell x starting
  employ x run_server
}

start_window_manager() {
  if [ -z "$window_manager" ]; then
    tell wm failed 'Openbox is not installed: windows have no frames and cannot be moved.'
    return
  fi
  employ wm run_window_manager
}

start_kiosk() {
  [ "$is_desktop_program" -eq 0 ] || return 0
  if [ ${#browser[@]} -eq 0 ]; then
    tell kiosk failed 'Neither Chromium nor Firefox is installed: nothing shows the application on its desktop.'
    return
  fi
  [ "${state[kiosk]}" = restarting ] || tell kiosk starting 'It waits for the application to answer.'
  employ kiosk run_kiosk
}

# $1 part, $2 sentence
plan_restart() {
  local part=$1 shift delay_ms word=restarting
  failures[$part]=$((failures[$part] + 1))
  shift=$((failures[$part] - 1 < 10 ? failures[$part] - 1 : 10))
  delay_ms=$((FIRST_DELAY_MS << shift))
  [ "$delay_ms" -le "$LONGEST_DELAY_MS" ] || delay_ms=$LONGEST_DELAY_MS
  [ "${failures[$part]}" -lt "$FAILURES_TO_GIVE_WORD" ] || word=failed
  tell "$part" "$word" "$2"
  generation[$part]=$((generation[$part] + 1))
  local seconds
  printf -v seconds '%d.%03d' $((delay_ms / 1000)) $((delay_ms % 1000))
  { exec 3>&- && run_timer "$part" "${generation[$part]}" "$seconds"; } &
  worker[$part]=$!
}

on_ready() {
  case $1 in
    x)
      tell x running
      start_part wm
      [ "${state[wm]}" != failed ] || admit_programs
      generation[patience]=$((generation[patience] + 1))
      { exec 3>&- && run_timer patience "${generation[patience]}" "$WINDOW_MANAGER_SECONDS"; } &
      ;;
    wm)
      if [ "$is_admitting" -eq 1 ]; then renew_young_kiosk; else admit_programs; fi
      ;;
    kiosk)
      # Waiting for the application was no part of the browser's life.
      read_clock
      since_ms[kiosk]=$now_ms
      ;;
  esac
}

# The desktop is whole: programs may open their windows.
admit_programs() {
  [ "$is_admitting" -eq 0 ] || return 0
  is_admitting=1
  answer ready
  start_part kiosk
}

# A window that was opened while the window manager started again may be one that it never shows.
renew_young_kiosk() {
  read_clock
  [ "${state[kiosk]}" = running ] && [ $((now_ms - since_ms[kiosk])) -lt "$STEADY_MS" ] || return 0
  dismiss kiosk
  tell kiosk restarting 'It was opened while the window manager was away.'
  start_part kiosk
}

on_pid() {
  pid[$1]=$2
  # The X server counts once it says so.
  [ "$1" = x ] || tell "$1" running
}

on_ended() {
  local part=$1 status=$2 how
  worker[$part]=0 pid[$part]=0
  restarts[$part]=$((restarts[$part] + 1))
  read_clock
  [ $((now_ms - since_ms[$part])) -lt "$STEADY_MS" ] || failures[$part]=0
  how="exit code $status"
  [ "$status" -le 128 ] || how="signal $((status - 128))"
  if [ "$part" = x ]; then
    is_admitting=0
    # Its clients lost their connection and end as well.
    for client in wm kiosk; do
      [ "${state[$client]}" = off ] && continue
      dismiss "$client"
      tell "$client" restarting 'It waits for the X server.'
    done
  fi
  [ "$part" != wm ] || admit_programs
  plan_restart "$part" "${names[$part]} ended ($how); its messages are in display.log."
  # One that is deaf takes its time: the program must not wait for many of them.
  if [ "$part" = x ] && { [ "${state[x]}" = failed ] || [ $((now_ms - begun_ms)) -gt "$PATIENCE_MS" ]; }; then
    answer "The desktop could not be started: the X server does not come up ($how)."
  fi
}

# A zombie is none: somebody else may have to reap it.
is_alive() {
  local stat
  [ "$1" -ne 0 ] && { read -r stat <"/proc/$1/stat"; } 2>/dev/null && [[ ${stat##*) } != Z* ]]
}

leave() {
  trap '' TERM INT HUP
  dismiss kiosk
  dismiss wm
  local server_pid=${pid[x]}
  dismiss x
  # Its files go with it; it takes 10 to 100 ms.
  for _ in {1..40}; do
    is_alive "$server_pid" || break
    pause 0.05
  done
  is_alive "$server_pid" && kill -KILL "$server_pid" 2>/dev/null
  release_lock
  [ -z "$profile" ] || free_profile
  rm -f rfb.sock state state.new
  exit 0
}

exec {queue}<> <(:)
exec {log}> >(exec 3>&- {queue}>&- && bounded_log display.log)
exec 2>&"$log"
trap leave TERM INT
trap '' HUP
read_clock
begun_ms=$now_ms
start_part x
while :; do
  IFS=' ' read -r -u "$queue" event part number value || continue
  [ "$number" = "${generation[$part]}" ] || continue
  case $event in
    pid) on_pid "$part" "$value" ;;
    ready) on_ready "$part" ;;
    ended) on_ended "$part" "$value" ;;
    due) if [ "$part" = patience ]; then admit_programs; else start_part "$part"; fi ;;
  esac
done
