#!/usr/bin/env bash
# Stops what setup.sh started, and removes its bridges; the cache stays, so that the next start is quick.
# With --all the cache goes too.
set -euo pipefail

CACHE=${DCF_CACHE:-$HOME/.cache/dcf-aws-lambda-deploy}
RUN=$CACHE/run

# stop NAME PROGRAM: ends the process whose id stands in NAME.pid, if it still is that program.
stop() {
  local file=$RUN/$1.pid process try
  [[ -f $file ]] || return 0
  process=$(< "$file")
  if [[ $(cat "/proc/$process/comm" 2> /dev/null) == "$2"* ]]; then
    kill "$process"
    for try in {1..100}; do
      kill -0 "$process" 2> /dev/null || break
      sleep 0.2
    done
    [[ $try -lt 100 ]] || echo "$1 is still running after 20 seconds (process $process)." >&2
  fi
  rm -f "$file"
}

for engine in 26 26c 20; do
  docker=$CACHE/bin-$engine/docker
  export DOCKER_HOST=unix://$RUN/docker-$engine.sock
  if "$docker" info > /dev/null 2>&1; then
    "$docker" ps --quiet | xargs --no-run-if-empty "$docker" rm --force > /dev/null
    "$docker" image prune --force > /dev/null
    "$docker" builder prune --force --keep-storage 4g > /dev/null
  fi
  stop "docker-$engine" dockerd
done
stop registry docker-registry
for bridge in dcf26 dcf27 dcf20; do
  if ip link show "$bridge" > /dev/null 2>&1; then ip link delete "$bridge"; fi
done
# An engine leaves the mounts of its network namespaces behind when it is killed.
umount "$RUN"/exec-*/netns/* 2> /dev/null || true
rm -rf "$RUN"
if [[ ${1:-} == --all ]]; then rm -rf "$CACHE"; fi
echo "[containers] stopped" >&2
