# shellcheck shell=bash
# Starts Docker Engines of our own: own binaries, bridge, socket and data root, and no firewall rule, so that whatever
# Docker the machine already runs is not touched. Containers reach this machine through the bridge, and nothing else.

# Engine 26 with BuildKit and buildx, near to what CodeBuild's images have.
install_engine_26() {
  unpack_packages trixie "$CACHE/engine-26" docker.io docker-cli docker-buildx containerd tini
  unpack_packages bookworm "$CACHE/runc" runc
}

# Engine 20.10: classic builder by default, BuildKit 0.8, no buildx.
install_engine_20() {
  unpack_packages bookworm "$CACHE/engine-20" docker.io containerd tini
  unpack_packages bookworm "$CACHE/runc" runc
}

engine_socket() { echo "$RUN/docker-$1.sock"; }

# on_engine NAME ARGUMENT...: that engine's own client, with a home of ours.
on_engine() {
  local name=$1
  shift
  HOME=$CACHE/home-$name DOCKER_HOST=unix://$(engine_socket "$name") "$CACHE/bin-$name/docker" "$@"
}

make_bridge() {
  local name=$1 address=$2
  ip link show "$name" > /dev/null 2>&1 || ip link add "$name" type bridge
  ip address show dev "$name" | grep -qF "$address" || ip address add "$address" dev "$name"
  ip link set "$name" up
}

# prepare_client NAME ROOT: the path of a build gets docker alone, nothing else of the package.
prepare_client() {
  local name=$1 root=$2 plugin=$2/usr/libexec/docker/cli-plugins/docker-buildx
  mkdir -p "$CACHE/bin-$name" "$CACHE/home-$name/.docker/cli-plugins"
  ln -sf "$root/usr/bin/docker" "$CACHE/bin-$name/docker"
  if [[ -x $plugin ]]; then ln -sf "$plugin" "$CACHE/home-$name/.docker/cli-plugins/"; fi
}

# start_engine NAME ROOT NUMBER CONFIGURATION: NUMBER makes the bridge's name and network its own.
start_engine() {
  local name=$1 root=$2 bridge=dcf$3 address=172.29.$3.1/24
  prepare_client "$name" "$root"
  if on_engine "$name" info > /dev/null 2>&1; then return; fi
  make_bridge "$bridge" "$address"
  rm -rf "$RUN/docker-$name.pid" "$RUN/exec-$name" "$(engine_socket "$name")"
  mkdir -p "$CACHE/data-$name"
  echo "$4" > "$RUN/daemon-$name.json"
  PATH=$root/usr/bin:$root/usr/sbin:$CACHE/runc/usr/sbin:$CACHE/runc/usr/bin:$PATH \
    setsid nohup "$root/usr/sbin/dockerd" --config-file "$RUN/daemon-$name.json" \
    --host "unix://$(engine_socket "$name")" --data-root "$CACHE/data-$name" \
    --exec-root "$RUN/exec-$name" --pidfile "$RUN/docker-$name.pid" \
    --bridge "$bridge" --iptables=false --ip6tables=false --ip-masq=false --ip-forward=false \
    > "$RUN/docker-$name.log" 2>&1 < /dev/null &
  wait_until "Docker Engine $name" "$RUN/docker-$name.log" on_engine "$name" info
}

start_engines() {
  start_engine 26 "$CACHE/engine-26" 26 '{}'
  start_engine 26c "$CACHE/engine-26" 27 '{"features":{"containerd-snapshotter":true}}'
  start_engine 20 "$CACHE/engine-20" 20 '{}'
}
