#!/usr/bin/env bash
# Looks at what is depended upon, in Rust and from npm: licences, sources, banned and yanked crates, known weaknesses. What is
# wrong fails. Licences, sources and bans need no network; where a database of weaknesses cannot be reached this says so,
# and that alone fails nothing, unless AUDIT_STRICT=1 asks for it.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh audit
. scripts/env.sh
say() { printf '\033[1maudit\033[0m %s\n' "$*" >&2; }
# What could not be looked at is no weakness, but nobody knows.
unseen() {
  say "NOT LOOKED AT: $*"
  [ "${AUDIT_STRICT:-0}" = 0 ] || status=1
}
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
status=0

# The whole workspace: without --workspace only the root crate would be looked at.
deny=(cargo deny --log-level error --workspace --all-features)
say "crates: licences, sources, bans"
"${deny[@]}" check bans licenses sources || status=1

say "crates: known weaknesses (RustSec)"
if timeout 120 "${deny[@]}" fetch db >"$log" 2>&1; then
  "${deny[@]}" check --disable-fetch advisories || status=1
else
  unseen "RustSec's database cannot be reached ($(grep -vE '^$' "$log" | tail -1))"
fi

say "npm: known weaknesses"
# What the tests use, and what builds the pages or is in them: Tailwind, binaryen, the voice SDK.
for folder in end2end "$SWITCHYARD_CACHE/tools"; do
  # Findings and failures both exit with 1: only findings are a report.
  if (cd "$folder" && timeout 120 npm audit --json --audit-level=moderate) >"$log" 2>/dev/null; then
    continue
  fi
  if grep -q '"auditReportVersion"' "$log"; then
    (cd "$folder" && npm audit --audit-level=moderate) || true
    status=1
  else
    unseen "npm's database of weaknesses cannot be reached for $folder/"
  fi
done

if [ "$status" = 0 ]; then say "nothing is wrong with what was looked at"; fi
exit "$status"
