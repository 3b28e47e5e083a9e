# shellcheck shell=bash
# One line for the operator.

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

warn() { printf '%s\n' "$1" >&2; }

# Names come from the database of instances, logs and other programs: no escape of theirs reaches the screen.
printable() { LC_ALL=C tr -d '\000-\010\013-\037\177'; }
