#!/usr/bin/env bash
# Installs what is missing to build, run and test Switchyard; skips what is there.
#
#   scripts/setup.sh build      compiler, cargo-leptos, wasm-bindgen, Tailwind, wasm-opt, Twilio's voice SDK
#   scripts/setup.sh test       the above, and cargo-nextest, cargo-deny, Chromium, PostgreSQL, Playwright
#   scripts/setup.sh audit      compiler, cargo-deny, the list of the tools from npm with all that they need
#
# Each step prints what it does. The usual way (rustup, prebuilt tools) is tried first, with a time
# limit; where only package registries can be reached, the same is built from source.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

RUST=1.96.0
CARGO_LEPTOS=0.3.11
WASM_BINDGEN=0.2.127
NEXTEST=0.9.143
CARGO_DENY=0.20.2
TAILWIND=4.3.5
BINARYEN=132.0.0
VOICE_SDK=2.18.5
tools="$SWITCHYARD_CACHE/tools"
mkdir -p "$tools/bin"

say() { printf '\033[1msetup\033[0m %s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif have sudo; then sudo "$@"; else return 1; fi
}

apt_updated=""
apt_install() {
  have apt-get || return 1
  if [ -z "$apt_updated" ]; then as_root apt-get update -qq || return 1; apt_updated=1; fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

sees_wasm() { [ -d "$(rustc --print sysroot 2>/dev/null)/lib/rustlib/wasm32-unknown-unknown/lib" ]; }
new_enough() { [ "$(printf '%s\n1.96.0\n' "$(rustc --version | cut -d' ' -f2)" | sort -V | head -1)" = 1.96.0 ]; }

# --- the compiler -------------------------------------------------------------------------------
use_toolchain() {
  export RUSTUP_TOOLCHAIN="$1"
  echo "$1" >"$SWITCHYARD_CACHE/toolchain"
}

compiler() {
  have cargo || die "Rust is missing: install it from https://rustup.rs and run this again."
  if new_enough && sees_wasm; then return; fi
  if have rustup; then
    say "fetching Rust $RUST with the WebAssembly target (at most 3 minutes)"
    if timeout 180 rustup toolchain install "$RUST" --profile minimal -c clippy -c rustfmt \
      -t wasm32-unknown-unknown >/dev/null 2>&1; then
      use_toolchain "$RUST"
      return
    fi
  fi
  say "rustup's servers cannot be reached: using Debian's compiler for the web"
  apt_install rustc-web cargo-web rust-web-src rust-web-clippy rustfmt-web lld-22 ||
    die "no compiler with the WebAssembly target: run 'rustup toolchain install $RUST -t wasm32-unknown-unknown' and try again."
  rustup toolchain link switchyard-web /usr
  use_toolchain switchyard-web
  sees_wasm || wasm_std
}

wasm_std() {
  say "building std for WebAssembly (about 40 s)"
  local work sysroot
  work="$(mktemp -d)"
  sysroot="$(rustc --print sysroot)"
  mkdir -p "$work/src"
  : >"$work/src/lib.rs"
  printf '[package]\nname = "std-for-wasm"\nversion = "0.0.0"\nedition = "2021"\n[profile.release]\npanic = "abort"\n' >"$work/Cargo.toml"
  (cd "$work" && RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$work/target" \
    cargo build -q -Zbuild-std=std,panic_abort --target wasm32-unknown-unknown --release)
  local lib="$sysroot/lib/rustlib/wasm32-unknown-unknown/lib" host
  host="$sysroot/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin"
  as_root mkdir -p "$lib.new" "$host"
  as_root cp "$work"/target/wasm32-unknown-unknown/release/deps/*.rlib "$lib.new/"
  as_root mv "$lib.new" "$lib"
  [ -e "$host/rust-lld" ] || as_root ln -s "$(command -v lld-22 || command -v lld)" "$host/rust-lld"
  rm -rf "$work"
}

# --- tools from crates.io -----------------------------------------------------------------------
# $1 program, $2 crate, $3 version, rest: arguments of cargo install.
# A prebuilt binary is tried first; the build from source is unoptimised where speed does not matter.
crate_tool() {
  local program="$1" crate="$2" version="$3"
  shift 3
  if [ -x "$tools/bin/$program" ] && [ "$(cat "$tools/$program.version" 2>/dev/null)" = "$version" ]; then return; fi
  if have cargo-binstall && timeout 120 cargo binstall -y --root "$tools" "$crate@$version" >/dev/null 2>&1; then :; else
    say "building $crate $version (a few minutes, once)"
    # Built apart from the project: its own target folder goes when it is done.
    env -u RUSTFLAGS CARGO_TARGET_DIR="$SWITCHYARD_CACHE/tools-target" \
      cargo install -q --root "$tools" "$crate" --version "$version" --locked "$@"
  fi
  echo "$version" >"$tools/$program.version"
}

quick_profile() { # these programs only drive others, or run for seconds
  env CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL="$1" CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_PROFILE_RELEASE_DEBUG=0 bash -euc "$(declare -f crate_tool say have); $(declare -p tools SWITCHYARD_CACHE); crate_tool \"\$@\"" _ "${@:2}"
}

build_tools() {
  quick_profile 0 cargo-leptos cargo-leptos "$CARGO_LEPTOS" --features no_downloads
  quick_profile 1 wasm-bindgen wasm-bindgen-cli "$WASM_BINDGEN"
  rm -rf "$SWITCHYARD_CACHE/tools-target"
  have npm || die "Node.js is missing: install Node 20 or newer (with npm) and run this again."
  if [ ! -x "$tools/node_modules/.bin/tailwindcss" ] || [ ! -x "$tools/node_modules/.bin/wasm-opt" ]; then
    say "installing Tailwind and wasm-opt from npm"
    npm install --silent --no-audit --no-fund --prefix "$tools" \
      "@tailwindcss/cli@$TAILWIND" "tailwindcss@$TAILWIND" "binaryen@$BINARYEN" >/dev/null
  fi
  voice_sdk
}

# The softphone's SDK as npm has it, unmodified, beside our own files: pages load it from us when they need it.
voice_sdk() {
  local at="$tools/node_modules/@twilio/voice-sdk"
  if ! grep -qs "\"version\": \"$VOICE_SDK\"" "$at/package.json"; then
    say "installing Twilio's voice SDK from npm"
    # What it depends on is inside dist/ already.
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tools" "@twilio/voice-sdk@$VOICE_SDK" >/dev/null
  fi
  cmp -s "$at/dist/twilio.min.js" public/voice/twilio.min.js || cp "$at/dist/twilio.min.js" public/voice/twilio.min.js
  cmp -s "$at/LICENSE.md" public/voice/twilio.LICENSE.md || cp "$at/LICENSE.md" public/voice/twilio.LICENSE.md
}

audit_tools() {
  have cargo-deny || quick_profile 0 cargo-deny cargo-deny "$CARGO_DENY"
  rm -rf "$SWITCHYARD_CACHE/tools-target"
  # Where they are installed, npm has written down what they need. Elsewhere it is asked, so that it can be looked at;
  # when it cannot be, the audit says so.
  if [ ! -f "$tools/package-lock.json" ] && have npm; then
    timeout 120 npm install --silent --no-audit --no-fund --package-lock-only --prefix "$tools" \
      "@tailwindcss/cli@$TAILWIND" "tailwindcss@$TAILWIND" "binaryen@$BINARYEN" "@twilio/voice-sdk@$VOICE_SDK" >/dev/null 2>&1 || true
  fi
}

# --- what the tests need ------------------------------------------------------------------------
find_chromium() {
  for c in chromium chromium-browser google-chrome; do command -v "$c" && return; done
  return 1
}

find_postgres() { # the folder of initdb and postgres
  if have initdb; then dirname "$(command -v initdb)"; return; fi
  local d
  for d in /usr/lib/postgresql/*/bin; do [ -x "$d/initdb" ] && echo "$d" && return; done
  return 1
}

test_tools() {
  have cargo-nextest || crate_tool cargo-nextest cargo-nextest "$NEXTEST"
  find_chromium >/dev/null || { say "installing Chromium"; apt_install chromium fonts-dejavu-core ||
    die "Chromium is missing and could not be installed."; }
  if ! (exec 3<>/dev/tcp/127.0.0.1/5432) 2>/dev/null && ! find_postgres >/dev/null; then
    say "installing PostgreSQL"
    apt_install postgresql || die "PostgreSQL is missing and could not be installed."
  fi
  if [ -f end2end/package-lock.json ] && ! cmp -s end2end/package-lock.json end2end/node_modules/.installed; then
    say "installing Playwright and the judges from npm"
    (cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent --no-audit --no-fund >/dev/null)
    cp end2end/package-lock.json end2end/node_modules/.installed
  fi
}

case "${1:-build}" in
build) compiler; build_tools ;;
test) compiler; build_tools; test_tools; audit_tools ;;
audit) compiler; audit_tools ;;
*) die "usage: scripts/setup.sh build|test|audit" ;;
esac
