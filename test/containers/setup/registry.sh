# shellcheck shell=bash
# Starts Debian's docker-registry with a password on a free port of 127.0.0.1: the second opinion on every push.

install_registry() { unpack_packages bookworm "$CACHE/registry" docker-registry; }

registry_port() { sed -n 's/.*listening on 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$RUN/registry.log" | head -n 1; }

registry_answers() {
  local port
  port=$(registry_port)
  [[ -n $port ]] && [[ $(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/v2/") == 401 ]]
}

start_registry() {
  if [[ -f $RUN/registry.log ]] && registry_answers; then return; fi
  local password salt
  password=$(head -c 24 /dev/urandom | base64 | tr -d '/+=')
  salt=$(head -c 30 /dev/urandom | base64 | tr -d '/+=' | head -c 22)
  (umask 077 && printf '%s' "$password" > "$RUN/registry-password")
  PASSWORD=$password SALT=$salt perl -e 'print "AWS:", crypt($ENV{PASSWORD}, "\$2y\$05\$$ENV{SALT}"), "\n"' \
    > "$RUN/registry-htpasswd"
  rm -rf "$RUN/registry-data"
  cat > "$RUN/registry.yml" <<CONF
version: 0.1
log: { level: info }
storage: { filesystem: { rootdirectory: $RUN/registry-data }, delete: { enabled: true } }
http: { addr: '127.0.0.1:0' }
auth: { htpasswd: { realm: registry, path: $RUN/registry-htpasswd } }
CONF
  setsid nohup "$CACHE/registry/usr/bin/docker-registry" serve "$RUN/registry.yml" \
    > "$RUN/registry.log" 2>&1 < /dev/null &
  echo $! > "$RUN/registry.pid"
  wait_until "docker-registry" "$RUN/registry.log" registry_answers
}
