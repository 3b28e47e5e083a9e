#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Desktop program
# aikore.category = Desktop
# aikore.description = Any program with windows, on a desktop in the browser: a command of this machine, or an AppImage or archive that is downloaded.
# aikore.desktop = true
# aikore.probe = process
# aikore.disk = 1 GB
# aikore.var.DESKTOP_COMMAND = string "" Command that starts it, such as: xterm -title "My terminal". With a download, the program in it comes first, such as: bin/program
# aikore.var.DESKTOP_URL = string "" Address of an AppImage, a tar archive or a zip archive; empty for a program of this machine
# aikore.var.DESKTOP_SHA256 = string "" SHA-256 of what is downloaded
### AIKORE-METADATA-END ###

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=functions.sh
source "$AIKORE_FUNCTIONS"
cd -- "$INSTANCE_CONF_DIR"
url="${DESKTOP_URL:-}"
program=()

# Splits the command as a shell would at blanks and quotes, and expands nothing.
read_command() {
  local words
  words="$(xargs -n 1 printf '%s\n' <<<"${DESKTOP_COMMAND:-}" 2>/dev/null)" || {
    aikore_error "DESKTOP_COMMAND has a quote without its partner."
    return 1
  }
  [[ -z $words ]] || mapfile -t program <<<"$words"
  if [[ -z $url && ${#program[@]} -eq 0 ]]; then
    aikore_error "No program is chosen. Enter a command as DESKTOP_COMMAND, or an address as DESKTOP_URL (in the instance's settings, under variables), and start again."
    return 1
  fi
}

install() {
  local path="${url%%[?#]*}"
  [[ -n $url ]] || return 0
  case "${path,,}" in
    *.appimage | *.tar | *.tar.?z | *.tar.bz2 | *.tar.zst | *.tgz | *.txz | *.zip) ;;
    *)
      aikore_error "DESKTOP_URL must lead to an AppImage, a tar archive or a zip archive."
      return 1
      ;;
  esac
  aikore_need curl
  aikore_release "$url" app "${DESKTOP_SHA256:-}"
}

# The program in what was downloaded; an AppImage says itself how it starts.
locate_program() {
  if [[ -z $url ]]; then
    aikore_need "${program[0]}"
    return
  fi
  [[ ${#program[@]} -gt 0 ]] || program=(AppRun)
  if [[ ${program[0]} == /* || "/${program[0]}/" == */../* || ! -x app/${program[0]} ]]; then
    aikore_error "There is no program \"${program[0]}\" in what was downloaded. Enter it as DESKTOP_COMMAND, such as \"bin/program\"."
    return 1
  fi
  program[0]="$PWD/app/${program[0]}"
}

read_command
aikore_setup install DESKTOP_URL DESKTOP_SHA256
locate_program

# What it keeps in its home is this instance's.
export HOME="$INSTANCE_CONF_DIR/home"
unset XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME
mkdir -p -- "$HOME" "$INSTANCE_OUTPUT_DIR"

aikore_step "Starting the program"
cd -- "$INSTANCE_OUTPUT_DIR"
exec "${program[@]}" "$@"
