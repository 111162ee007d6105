#!/usr/bin/env bash
# Builds the product and starts the demo: Switchyard with an embedded database, and carrier, which stands in for Twilio.
#
#   scripts/run.sh            release build
#   scripts/run.sh --watch    development build, built again and reloaded whenever a file changes
#   scripts/run.sh --serve    release build, without the demo and without carrier
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh build
. scripts/env.sh

export PORT="${PORT:-3000}" CARRIER_PORT="${CARRIER_PORT:-3100}"
export CARRIER_URL="http://127.0.0.1:$CARRIER_PORT"
say() { printf '\033[1mrun\033[0m %s\n' "$*" >&2; }

mode="${1:-}"
ports=("$PORT" "$CARRIER_PORT")
[ "$mode" = --serve ] && ports=("$PORT")
for port in "${ports[@]}"; do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    say "port $port is taken: stop what listens there, or choose others, as in: PORT=3200 CARRIER_PORT=3300 make run"
    exit 1
  fi
done

profile=release
[ "$mode" = --watch ] && profile=dev
if [ "$mode" != --serve ]; then
  say "building carrier ($profile)"
  if [ "$profile" = release ]; then cargo build -q --release -p carrier; else cargo build -q -p carrier; fi
fi
bin="$CARGO_TARGET_DIR/$([ "$profile" = release ] && echo release || echo debug)"

if [ "$profile" = release ]; then
  say "building Switchyard: the server, then the pages (about ten minutes the first time)"
  cargo leptos build --release --precompress
fi

[ "$mode" = --serve ] && exec "$bin/switchyard" serve

# The demo's salon is not the first workspace of whoever goes on to make their own.
export DATABASE_URL="${DATABASE_URL:-sqlite://var/demo.db}"
"$bin/carrier" --port "$CARRIER_PORT" --cps 30 &
carrier=$!
trap 'kill "$carrier" 2>/dev/null || true' EXIT

cat >&2 <<INFO

  Switchyard   http://127.0.0.1:$PORT      sign in with one click, or with an address below
  carrier      http://127.0.0.1:$CARRIER_PORT      stands in for Twilio; the truth is at /carrier/truth
  a phone      http://127.0.0.1:$CARRIER_PORT/phone   call the salon with your own microphone

  owner        cristina@aurora.example
  agents       ana@ mihai@ elena@ andrei@ ioana@ radu@aurora.example
  password     aurora-demo

INFO
if [ "$profile" = release ]; then
  "$bin/switchyard" demo
else
  LEPTOS_SITE_ADDR="127.0.0.1:$PORT" cargo leptos watch -- demo
fi
