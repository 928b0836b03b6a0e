# shellcheck shell=bash
# Gets Debian packages of any release into a folder of the cache, without installing anything on the machine.

# Address of the Debian mirror that this machine itself uses.
debian_mirror() {
  # shellcheck disable=SC2016 # apt expands it
  apt-get indextargets --format '$(REPO_URI)' | grep -E '/debian/?$' | head -n 1
}

# apt_of RELEASE ARGUMENT...: apt-get with a configuration, lists and cache of its own.
apt_of() {
  local release=$1 state=$CACHE/apt/$1
  shift
  APT_CONFIG=$state/apt.conf apt-get -qq "$@"
}

prepare_apt() {
  local release=$1 state=$CACHE/apt/$1
  mkdir -p "$state"/{lists/partial,archives/partial,download,none}
  touch "$state/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(debian_mirror) $release main" \
    > "$state/sources.list"
  cat > "$state/apt.conf" <<CONF
Dir::Etc::sourcelist "$state/sources.list";
Dir::Etc::sourceparts "$state/none";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "$state/none";
Dir::State::lists "$state/lists";
Dir::State::status "$state/status";
Dir::Cache "$state";
Dir::Cache::archives "$state/archives";
APT::Architecture "amd64";
APT::Sandbox::User "root";
CONF
  apt_of "$release" update
}

# unpack_packages RELEASE FOLDER PACKAGE...: downloads the packages, not what they depend on, and unpacks them.
unpack_packages() {
  local release=$1 folder=$2 work
  shift 2
  [[ -f $folder/.complete ]] && return
  say "fetching of Debian $release: $*"
  [[ -f $CACHE/apt/$release/prepared ]] || prepare_apt "$release"
  touch "$CACHE/apt/$release/prepared"
  work=$CACHE/apt/$release/download
  rm -rf "${work:?}" "$folder"
  mkdir -p "$work" "$folder"
  (cd "$work" && apt_of "$release" download "$@")
  local package
  for package in "$work"/*.deb; do
    dpkg-deb -x "$package" "$folder"
    basename "$package" .deb >> "$folder/.versions"
  done
  rm -rf "${work:?}"
  touch "$folder/.complete"
}
