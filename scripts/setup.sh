#!/usr/bin/env bash
# Makes the project's own environment. `run`: what the product needs; `dev`: what its tests and benchmarks need as well.
# Quick when nothing has changed: each lock is installed once, and the environment remembers it.
set -euo pipefail
cd "$(dirname "$0")/.."
want=${1:-run}
venv=${VENV:-.venv}
say() { printf '\033[2m· %s\033[0m\n' "$*" >&2; }

"${PYTHON:-python3}" - <<'PY' || exit 1
import sys
if sys.version_info < (3, 11):
    sys.exit(f"Guangyue needs Python 3.11 or newer; this is {sys.version.split()[0]}. Set PYTHON=… to another one.")
PY

front=src/guangyue/web/frontend
front_stamp=$front/node_modules/.built
front_sum() { cat "$front"/package-lock.json "$front"/*.ts "$front"/*.json $(find "$front/src" -type f | sort) | sha256sum; }
build_front() { # the pages' own scripts and styles; a wheel brings them built
  [ -f "$front_stamp" ] && [ "$(front_sum)" = "$(cat "$front_stamp")" ] && [ -f src/guangyue/web/static/guangyue/base.js ] && return
  command -v npm >/dev/null || { say "Node 20 or newer is missing: the pages cannot be built"; exit 1; }
  if ! cmp -s "$front/package-lock.json" "$front/node_modules/.lock"; then
    say "installing the front end's packages"
    (cd "$front" && npm ci --silent --no-fund --no-audit)
    cp "$front/package-lock.json" "$front/node_modules/.lock"
  fi
  say "building the front end"
  (cd "$front" && npm run --silent build >/dev/null)
  front_sum > "$front_stamp"
}

build_front
lock=requirements.lock
[ "$want" = dev ] && lock=requirements-dev.lock
stamp="$venv/.installed-$want"
finish() { # what is built from sources that may have changed since the packages were installed
  "$venv/bin/python" -m compileall -q -j 2 src >/dev/null || true # a process that starts need not: that is most of its start
  "$venv/bin/python" scripts/messages.py
  scripts/fonts.sh || say "the papers' fonts could not be made: papers use this machine's own"
}
[ "$want" = run ] && [ -f "$venv/.installed-dev" ] && cmp -s "$venv/.installed-dev" requirements-dev.lock && { finish; exit 0; }
if [ -f "$stamp" ] && cmp -s "$stamp" "$lock"; then finish; exit 0; fi

if [ ! -x "$venv/bin/python" ]; then
  say "making $venv"
  "${PYTHON:-python3}" -m venv "$venv"
fi
if [ ! -x "$venv/bin/uv" ]; then
  say "fetching the installer"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$(grep -E '^uv==' scripts/uv.txt)"
fi
say "installing $(grep -c '==' "$lock") packages from $lock"
"$venv/bin/uv" pip install --python "$venv/bin/python" --quiet --compile-bytecode --require-hashes -r "$lock"
"$venv/bin/uv" pip install --python "$venv/bin/python" --quiet --no-deps --editable .
cp "$lock" "$stamp"
finish
say "the environment is ready"
