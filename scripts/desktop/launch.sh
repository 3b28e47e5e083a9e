#!/usr/bin/env bash
# Runs a program inside a desktop of its own. The desktop belongs to a helper in a session of its own (session.sh), so
# that a stop, which asks the program's process group first, lets the program end before its screen goes. The program
# takes this process's place: pid, output and exit code are its own.
#
#   launch.sh OPTIONS… -- SERVER… -- BROWSER… -- PROGRAM…      (README.md)
# shellcheck source-path=SCRIPTDIR
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=lib/arguments.sh
source "$here/lib/arguments.sh"
parse_arguments "$@"

# The answer is the helper's first line; the end of the pipe when it died.
# `setsid` in the background of a subshell: the helper becomes the runner's child, and no zombie of this process.
answer=$(setsid bash "$here/session.sh" "$@" 3>&1 >/dev/null 2>&1 </dev/null &)

if [ "$answer" != ready ]; then
  printf '[aikore] %s\n' "${answer:-The helper of the desktop ended at once.}"
  if [ "$is_desktop_program" -eq 1 ]; then
    echo '[aikore] A desktop program cannot run without its desktop.'
    exit 1
  fi
fi
exec "${program[@]}"
