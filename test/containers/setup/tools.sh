# shellcheck shell=bash
# Gets the AWS CLI, the Lambda Web Adapter and the Lambda Runtime Interface Emulator, each in one pinned version.

readonly AWSCLI_VERSION=1.46.2
# The last one that cannot make a Function URL public (`--invoked-via-function-url` came with 1.42.50).
readonly OLD_AWSCLI_VERSION=1.42.49
readonly ADAPTER_VERSION=0.9.1
readonly SAM_VERSION=1.170.0

# install_python NAME REQUIREMENT...: a virtual environment of that name in the cache.
install_python() {
  local folder=$CACHE/$1
  local stamp="$folder/.complete-$*"
  [[ -f ${stamp// /_} ]] && return
  say "installing from PyPI: ${*:2}"
  rm -rf "$folder"
  python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check "${@:2}"
  touch "${stamp// /_}"
}

install_aws_cli() {
  install_python awscli "awscli==$AWSCLI_VERSION"
  mkdir -p "$CACHE/bin-aws"
  ln -sf "$CACHE/awscli/bin/aws" "$CACHE/bin-aws/aws"
  install_python awscli-old "awscli==$OLD_AWSCLI_VERSION"
  mkdir -p "$CACHE/bin-aws-old"
  ln -sf "$CACHE/awscli-old/bin/aws" "$CACHE/bin-aws-old/aws"
}

# Built for musl, so that it needs nothing of the image that it is copied into.
install_adapter() {
  local target=x86_64-unknown-linux-musl
  [[ -x $CACHE/adapter/bin/lambda-adapter ]] && return
  say "building lambda_web_adapter $ADAPTER_VERSION (two to three minutes)"
  rustup --quiet target add "$target"
  CARGO_BUILD_JOBS=${DCF_BUILD_JOBS:-$(nproc)} nice -n 10 cargo install --quiet lambda_web_adapter \
    --version "$ADAPTER_VERSION" --locked --target "$target" --root "$CACHE/adapter"
}

install_emulator() {
  local work=$CACHE/sam-download
  [[ -x $CACHE/aws-lambda-rie ]] && return
  say "taking the Runtime Interface Emulator out of aws-sam-cli $SAM_VERSION"
  rm -rf "$work"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" "aws-sam-cli==$SAM_VERSION"
  unzip -q -o -j "$work"/aws_sam_cli-*.whl samcli/local/rapid/aws-lambda-rie-x86_64 -d "$work"
  install -m 755 "$work/aws-lambda-rie-x86_64" "$CACHE/aws-lambda-rie"
  rm -rf "$work"
}
