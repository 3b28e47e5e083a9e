# shellcheck shell=bash
# Settings as compose reads them: the environment, then the file .env.

# $1 name, $2 default. Prints the value.
setting() {
  local name=$1 value
  if [ -n "${!name+is set}" ]; then
    value=${!name}
  else
    value=$(setting_of_file "$name")
  fi
  printf '%s' "${value:-${2:-}}"
}

setting_of_file() {
  local line
  [ -r .env ] || return 0
  line=$(sed -nE "s/^[[:space:]]*(export[[:space:]]+)?$1[[:space:]]*=[[:space:]]*//p" .env | tail -n 1)
  line=${line%$'\r'}
  case $line in
    \"*\") line=${line#\"} line=${line%\"} ;;
    \'*\') line=${line#\'} line=${line%\'} ;;
    # A comment behind a value begins with a space.
    *) line=$(sed -E 's/[[:space:]]+#.*$//; s/[[:space:]]+$//' <<<"$line") ;;
  esac
  printf '%s' "$line"
}

image_name() { setting AIKORE_IMAGE aikore:latest; }
container_name() { setting AIKORE_CONTAINER aikore; }

# Where the data lies, as compose takes it: relative to this folder.
data_place() { setting AIKORE_DATA ./data; }
