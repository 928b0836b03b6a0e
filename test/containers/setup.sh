#!/usr/bin/env bash
# Installs and starts the real parts that the container suite runs against: Docker Engines, a registry, the AWS CLI, the
# Lambda Web Adapter, the Lambda Runtime Interface Emulator and base images. All of it lives in
# ${DCF_CACHE:-$HOME/.cache/dcf-aws-lambda-deploy}; nothing is installed on the machine. Running it again is cheap.
#
# Writes the environment of the suite to $CACHE/run/env.sh
# shellcheck source-path=SCRIPTDIR
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CACHE=${DCF_CACHE:-$HOME/.cache/dcf-aws-lambda-deploy}
RUN=$CACHE/run
mkdir -p "$RUN"

# shellcheck source=setup/progress.sh
source "$HERE/setup/progress.sh"
# shellcheck source=setup/packages.sh
source "$HERE/setup/packages.sh"
# shellcheck source=setup/engines.sh
source "$HERE/setup/engines.sh"
# shellcheck source=setup/registry.sh
source "$HERE/setup/registry.sh"
# shellcheck source=setup/tools.sh
source "$HERE/setup/tools.sh"
# shellcheck source=setup/images.sh
source "$HERE/setup/images.sh"

check_machine() {
  local missing=() program
  [[ $(uname -sm) == 'Linux x86_64' ]] || fail "The container suite needs Linux on x86_64; this is $(uname -sm)."
  [[ $EUID == 0 ]] || fail "The container suite starts Docker Engines of its own and so needs root."
  for program in apt-get dpkg-deb ip flock curl perl python3 unzip cargo rustup cc; do
    command -v "$program" > /dev/null || missing+=("$program")
  done
  [[ ${#missing[@]} == 0 ]] || fail "The container suite needs these programs, which are missing: ${missing[*]}."
}

write_environment() {
  cat > "$RUN/env.sh" <<ENV
export DCF_CONTAINERS_CACHE='$CACHE'
export DCF_CONTAINERS_REGISTRY='127.0.0.1:$(registry_port)'
export DCF_CONTAINERS_REGISTRY_PASSWORD_FILE='$RUN/registry-password'
export DCF_CONTAINERS_RIE='$CACHE/aws-lambda-rie'
export DOCKER_HOST='unix://$(engine_socket 26)'
export PATH='$CACHE/bin-26:$CACHE/bin-aws':\$PATH
ENV
}

main() {
  check_machine
  exec 9> "$CACHE/lock"
  flock 9
  install_engine_26
  install_engine_20
  start_engines 9>&-
  install_adapter
  make_images
  install_registry
  start_registry 9>&-
  install_aws_cli
  install_emulator
  write_environment
  say "ready; source $RUN/env.sh"
}

main "$@"
