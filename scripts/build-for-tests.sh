#!/usr/bin/env bash
# What the tests in the browser run: carrier, the server and the pages, in the development profile.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
cargo build -q -p carrier
cargo leptos build
