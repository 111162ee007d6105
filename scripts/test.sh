#!/usr/bin/env bash
# Sets up what is missing and runs every test: the rules, the stores on both databases, the handlers, carrier with its
# judge, the whole product in Chromium, and what it depends on. Ends with one line: N passed, N failed.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
. scripts/env.sh
. scripts/postgres.sh
say() { printf '\033[1mtest\033[0m %s\n' "$*" >&2; }

logs="$(mktemp -d)"
cleanup() { stop_postgres; rm -rf "$logs"; }
trap cleanup EXIT
start_postgres

passed=0
failed=0
# $1: name. Runs the rest, shows and keeps its output; a step that fails without naming a test counts as one failure.
step() {
  local name="$1" status=0
  shift
  say "$name"
  "$@" 2>&1 | tee "$logs/$name.log" || status=$?
  return "$status"
}
# Adds a step's tests to the totals. $1: status, $2: passed, $3: failed.
count() {
  local bad="${3:-0}"
  if [ "$1" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
  passed=$((passed + ${2:-0}))
  failed=$((failed + bad))
}
number() { sed -E 's/\x1b\[[0-9;]*m//g' "$logs/$1.log" | grep -oE "$2" | grep -oE '[0-9]+' | tail -1 || true; }

status=0
step audit scripts/audit.sh || status=$?
count "$status" "$((status == 0))" 0

status=0
step rust cargo nextest run --no-fail-fast || status=$?
count "$status" "$(number rust '[0-9]+ passed')" "$(number rust '[0-9]+ failed')"

export CARRIER_BIN="$CARGO_TARGET_DIR/debug/carrier" SWITCHYARD_BIN="$CARGO_TARGET_DIR/debug/switchyard"
status=0
step build scripts/build-for-tests.sh || status=$?
if [ "$status" != 0 ]; then
  count "$status" 0 0
else
  status=0
  step judges node --test --test-reporter=tap end2end/judges/ || status=$?
  count "$status" "$(number judges '^# pass [0-9]+')" "$(number judges '^# fail [0-9]+')"
  status=0
  step browser bash -c 'cd end2end && npx playwright test --reporter=list' || status=$?
  count "$status" "$(number browser '[0-9]+ passed')" "$(number browser '[0-9]+ failed')"
fi

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
