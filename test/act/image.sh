#!/bin/sh
# Makes the image that act's docker mode runs jobs in, offline and without a registry: a minimal Debian and one
# Node.js. `image.sh NODE TAG`; does nothing when the engine has the tag already. The file system comes from
# debootstrap, or from the one that the container suite made before.
set -eu

node=$1
tag=$2
cache=${DCF_CACHE:-$HOME/.cache/dcf-aws-lambda-deploy}
base=$cache/base.tar

if docker image inspect "$tag" >/dev/null 2>&1; then exit 0; fi

run_as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

if [ ! -f "$base" ]; then
  base=$cache/act/base.tar
  mkdir -p "$cache/act"
fi
if [ ! -f "$base" ]; then
  if ! command -v debootstrap >/dev/null 2>&1; then
    echo "image.sh: \`debootstrap\` is not installed; install it with \`apt-get install debootstrap\`" >&2
    exit 1
  fi
  root=$cache/act/root
  run_as_root rm -rf "$root"
  run_as_root debootstrap --variant=minbase --include=ca-certificates bookworm "$root" >&2
  run_as_root tar -C "$root" -cf - . >"$base.part"
  run_as_root rm -rf "$root"
  mv "$base.part" "$base"
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/usr/local/bin"
cp "$node" "$scratch/usr/local/bin/node"
chmod 755 "$scratch/usr/local/bin/node"
cp "$base" "$scratch/image.tar"
tar -C "$scratch" --owner=0 --group=0 -rf "$scratch/image.tar" ./usr/local/bin/node
docker import \
  --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
  --change 'ENV LANG=C.UTF-8' \
  "$scratch/image.tar" "$tag" >/dev/null
