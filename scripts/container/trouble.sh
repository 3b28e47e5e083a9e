# shellcheck shell=bash
# What the words of the engine mean, and what to do.

# $1 what was said. Prints one line, or nothing where the words are not known.
explain() {
  local port
  if grep -Eq 'port is already allocated|address already in use' <<<"$1"; then
    port=$(grep -oE '(Bind for|listen tcp[46]?|bind host port( for)?) [^ ]+' <<<"$1" | head -n 1 |
      sed -E 's/.* (\[[^]]*\]|[0-9.]*):([0-9]+).*/\2/')
    echo "Port ${port:-?} of this machine is taken$(holder_of "$port"). Free it, or take another: $(setting_of_port "$port") in .env."
  elif grep -Eq 'could not select device driver|nvidia-container-cli|unresolvable CDI devices' <<<"$1"; then
    echo 'Docker cannot pass NVIDIA cards on: install the NVIDIA Container Toolkit, then nvidia-ctk runtime configure --runtime=docker and systemctl restart docker. Without cards: GPU=none make up.'
  elif grep -Eq 'device information.*/dev/(kfd|dri)' <<<"$1"; then
    echo "AMD's driver is not loaded on this machine: /dev/kfd or /dev/dri is missing. Without cards: GPU=none make up."
  elif grep -q 'no space left on device' <<<"$1"; then
    echo 'The disk of the Docker Engine is full: docker system df shows what takes the room, docker image prune frees what no container needs.'
  elif grep -Eq 'could not resolve|Temporary failure|no such host|i/o timeout|TLS handshake timeout|Could not connect' <<<"$1"; then
    echo 'The network, or a mirror, cannot be reached: building needs it (running does not). Mirrors and proxies: docs/deploy/README.md.'
  elif grep -Eq 'bind source path does not exist|error while creating mount source path' <<<"$1"; then
    echo 'A folder or file that .env names is not there, or cannot be made: AIKORE_DATA, AIKORE_PASSWORD_FILE.'
  fi
}

# $1 port. Who has it, as far as this can be seen.
holder_of() {
  local name
  [ -n "$1" ] || return 0
  name=$(docker ps --filter "publish=$1" --format '{{.Names}}' | head -n 1)
  if [ -n "$name" ]; then
    printf ' by the container %s' "$name"
    return
  fi
  name=$(ss -Hltnp "sport = :$1" 2>/dev/null | sed -nE 's/.*users:\(\("([^"]+)".*/\1/p' | head -n 1 | printable)
  [ -z "$name" ] || printf ' by %s' "$name"
}

setting_of_port() {
  case $1 in
    "$(setting AIKORE_PORT 9000)") echo AIKORE_PORT ;;
    "$(setting AIKORE_APPS_PORT 9001)") echo AIKORE_APPS_PORT ;;
    *) echo AIKORE_INSTANCE_PORT_RANGE ;;
  esac
}

# $1 what was said: what it means, or its end where nobody knows
fail_plainly() {
  local meaning
  meaning=$(explain "$1")
  [ -n "$meaning" ] || meaning=$(tr '\r' '\n' <<<"$1" | grep . | tail -n 8 | printable)
  fail "$meaning"
}
