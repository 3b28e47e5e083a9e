# shellcheck shell=bash
# shellcheck disable=SC2034 # used by those who source this file
# The command line that launch.sh and session.sh share.

folder='' display='' driver='' reserved_by='' window_manager='' kiosk_port='' kiosk_path='/' profile=''
is_desktop_program=0
server=() browser=() program=()

bad_arguments() {
  printf '[aikore] %s\n' "$1" >&2
  exit 2
}

parse_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --desktop-program) is_desktop_program=1 ;;
      --folder) folder=$2 && shift ;;
      --display) display=$2 && shift ;;
      --driver) driver=$2 && shift ;;
      --reserved-by) reserved_by=$2 && shift ;;
      --window-manager) window_manager=$2 && shift ;;
      --port) kiosk_port=$2 && shift ;;
      --path) kiosk_path=$2 && shift ;;
      --profile) profile=$2 && shift ;;
      *) bad_arguments "launch.sh does not know $1" ;;
    esac
    shift
  done
}

# Four lists with `--` between them; only the last may hold one itself.
parse_arguments() {
  local -a options=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1") && shift; done
  [ $# -eq 0 ] || shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do server+=("$1") && shift; done
  [ $# -eq 0 ] || shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do browser+=("$1") && shift; done
  [ $# -eq 0 ] || shift
  program=("$@")
  parse_options ${options[@]+"${options[@]}"}
  [ -d "$folder" ] || bad_arguments 'launch.sh needs --folder, which exists.'
  [[ $display =~ ^[0-9]{1,5}$ ]] || bad_arguments 'launch.sh needs --display, a number.'
  [[ $driver =~ ^[a-z]+$ ]] || bad_arguments 'launch.sh needs --driver, a word.'
  [ ${#server[@]} -gt 0 ] || bad_arguments 'launch.sh needs the command line of an X server.'
  [ ${#program[@]} -gt 0 ] || bad_arguments 'launch.sh needs a program.'
}
