#!/usr/bin/env bash
# Formatting, and clippy for what runs natively and for what runs in the browser.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh build
. scripts/env.sh
say() { printf '\033[1mlint\033[0m %s\n' "$*" >&2; }

say "formatting"
cargo fmt --all --check
say "clippy: server, carrier, rules"
cargo clippy -q --all-targets -- -D warnings
say "clippy: browser"
cargo clippy -q -p frontend --target wasm32-unknown-unknown -- -D warnings
say "clean"
