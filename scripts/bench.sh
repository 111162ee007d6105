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
cargo bench -q -p server --bench floor
