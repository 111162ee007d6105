#!/usr/bin/env bash
# Measures the release build from outside: real processes, real sockets, both databases. Prints a table and writes
# target/bench/floor.json. Close other programs first: the load comes from the same machine.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
. scripts/env.sh
. scripts/postgres.sh
trap stop_postgres EXIT
start_postgres
echo "bench: building (release)" >&2
cargo build -q --release -p carrier
cargo leptos build --release --precompress
ulimit -n 8192
export CARRIER_BIN="$CARGO_TARGET_DIR/release/carrier" SWITCHYARD_BIN="$CARGO_TARGET_DIR/release/switchyard"
export BENCH_SITE="$PWD/target/site" BENCH_POSTGRES="$TEST_POSTGRES_URL"
# The same server by its Unix socket: sqlx leaves Nagle's algorithm on, which TCP pays for (see server/src/store/postgres.rs).
port="${TEST_POSTGRES_URL##*:}" && port="${port%%/*}"
for folder in "$postgres_dir" /var/run/postgresql /tmp; do
  if [ -n "$folder" ] && [ -S "$folder/.s.PGSQL.$port" ]; then
    export BENCH_POSTGRES_SOCKET="postgres://postgres@${folder//\//%2F}:$port/postgres"
    break
  fi
done
cargo bench -q -p server --bench floor
# A phone in a page, from the ring to the first audio.
(cd end2end && node bench.mjs)
# How many people carrier itself carries, so that load tests know their limit.
cargo bench -q -p carrier --bench mixer
