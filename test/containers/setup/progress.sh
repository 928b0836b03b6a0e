# shellcheck shell=bash
# What the set-up tells whoever waits for it.

say() { printf '[containers %4ss] %s\n' "$SECONDS" "$*" >&2; }

fail() {
  printf '[containers] %s\n' "$*" >&2
  exit 1
}

# wait_until WHAT LOG COMMAND...: at most 30 seconds, then the end of the log.
wait_until() {
  local what=$1 log=$2 try
  shift 2
  for try in {1..150}; do
    if "$@" > /dev/null 2>&1; then
      say "$what is up"
      return
    fi
    sleep 0.2
  done
  tail -n 20 "$log" >&2
  fail "$what did not start in 30 seconds ($try tries); the end of its log is above."
}
