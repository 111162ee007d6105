# Sourced by every script: where the tools and the build output live, and which compiler is used.
# Everything is kept in the user's cache directory, so that a fresh clone finds what an earlier one built.
export SWITCHYARD_CACHE="${SWITCHYARD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/switchyard}"
export PATH="$SWITCHYARD_CACHE/tools/bin:$SWITCHYARD_CACHE/tools/node_modules/.bin:$HOME/.cargo/bin:$PATH"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$SWITCHYARD_CACHE/target}"
# `scripts/setup.sh` notes the compiler that can build WebAssembly when it is not the default one.
if [ -z "${RUSTUP_TOOLCHAIN:-}" ] && [ -f "$SWITCHYARD_CACHE/toolchain" ]; then
  RUSTUP_TOOLCHAIN="$(cat "$SWITCHYARD_CACHE/toolchain")"
  export RUSTUP_TOOLCHAIN
fi
# Where Tailwind, which is not installed in this folder, is found by its own `@import "tailwindcss"`.
export NODE_PATH="$SWITCHYARD_CACHE/tools/node_modules${NODE_PATH:+:$NODE_PATH}"
