# Sourced: PostgreSQL for tests and benchmarks. Uses the one at TEST_POSTGRES_URL or on 127.0.0.1:5432; where none
# answers, starts one of its own in a temporary folder and stops it at the end.
postgres_dir=""

postgres_answers() { (exec 3<>/dev/tcp/127.0.0.1/5432) 2>/dev/null; }

start_postgres() {
  if [ -n "${TEST_POSTGRES_URL:-}" ]; then return; fi
  if postgres_answers; then
    export TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:5432/postgres"
    return
  fi
  local bin d port=54329
  bin=""
  for d in "$(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/initdb)")" /usr/lib/postgresql/*/bin; do
    if [ -x "$d/initdb" ]; then bin="$d"; fi
  done
  if [ -z "$bin" ]; then echo "PostgreSQL is missing: scripts/setup.sh test installs it" >&2; return 1; fi
  postgres_dir="$(mktemp -d)"
  postgres_bin="$bin"
  # PostgreSQL refuses to run as root.
  as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && su postgres -s /bin/sh -c "$*"); else sh -c "$*"; fi; }
  if [ "$(id -u)" = 0 ]; then chown postgres "$postgres_dir"; fi
  as_postgres "'$bin/initdb' -D '$postgres_dir/data' -U postgres --auth=trust -E UTF8 >/dev/null"
  as_postgres "'$bin/pg_ctl' -D '$postgres_dir/data' -w -l '$postgres_dir/log' -o '-h 127.0.0.1 -p $port -k $postgres_dir' start >/dev/null"
  export TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres"
}

stop_postgres() {
  if [ -z "$postgres_dir" ]; then return; fi
  as_postgres "'$postgres_bin/pg_ctl' -D '$postgres_dir/data' -m immediate stop >/dev/null" || true
  rm -rf "$postgres_dir"
  postgres_dir=""
}
