# shellcheck shell=bash disable=SC2034,SC2154 # variables of the other parts
# Where browsers find AiKore, and how to sign in: AiKore itself knows the inside of the container only.

tell_addresses() {
  local scheme port url said
  said=$(docker logs --since "$(docker inspect -f '{{.State.StartedAt}}' "$container")" "$container" 2>&1 | printable)
  scheme=http
  ! grep -Eq '^ *AiKore serves at https:' <<<"$said" || scheme=https
  port=$(setting AIKORE_PORT 9000)
  mapfile -t urls < <(list_addresses "$scheme" "$port")
  echo 'AiKore serves at'
  printf '  %s/\n' "${urls[@]}"
  needs_password || return 0
  url=$(sed -nE 's,^ *Sign in: https?://[^/]+(/.+)$,\1,p' <<<"$said" | tail -n 1)
  [ -z "$url" ] || printf 'Sign in (works once, then set a password):\n  %s%s\n' "${urls[-1]}" "$url"
}

# One a line; the last is the one that works from the most places.
list_addresses() {
  local scheme=$1 port=$2 bind host public
  public=$(setting AIKORE_PUBLIC_URL)
  if [ -n "$public" ]; then
    echo "${public%/}"
    return
  fi
  bind=$(setting AIKORE_BIND 0.0.0.0)
  case $bind in
    0.0.0.0 | '[::]') ;;
    127.* | '[::1]') bind=localhost ;;
  esac
  if [ "$bind" != 0.0.0.0 ] && [ "$bind" != '[::]' ]; then
    echo "$scheme://$bind:$port"
    return
  fi
  while read -r host; do
    [ -z "$host" ] || echo "$scheme://$host:$port"
  done < <(setting AIKORE_HOSTNAME "$engine_name"; echo; own_address)
}

# The address of the engine's machine that others reach it by.
own_address() {
  local endpoint address
  if ! is_engine_here; then
    endpoint=$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null || echo "${DOCKER_HOST:-}")
    sed -E 's,^[a-z]+://([^@/]*@)?(\[[^]]*\]|[^:/]*).*$,\2,' <<<"$endpoint"
    return
  fi
  # The one that leads to the outside; nothing is sent to find it out.
  address=$(ip -4 route get 203.0.113.1 2>/dev/null | sed -nE 's/.* src ([0-9.]+).*/\1/p' | head -n 1)
  [ -n "$address" ] || address=$(hostname -I 2>/dev/null | tr ' ' '\n' | grep -m 1 -E '^[0-9.]+$' || true)
  echo "$address"
}

# Whether nobody has set a password: the link in the log is of no more use afterwards.
needs_password() {
  local port
  port=$(setting AIKORE_PORT 9000)
  docker exec "$container" sh -c "curl -fsk --noproxy '*' --max-time 3 http://127.0.0.1:$port/api/status ||
    curl -fsk --noproxy '*' --max-time 3 https://127.0.0.1:$port/api/status" 2>/dev/null | grep -q '"setup_required":true'
}
