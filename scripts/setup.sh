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

lock=requirements.lock
[ "$want" = dev ] && lock=requirements-dev.lock
stamp="$venv/.installed-$want"
[ "$want" = run ] && [ -f "$venv/.installed-dev" ] && cmp -s "$venv/.installed-dev" requirements-dev.lock && exit 0
if [ -f "$stamp" ] && cmp -s "$stamp" "$lock"; then exit 0; fi

if [ ! -x "$venv/bin/python" ]; then
  say "making $venv"
  "${PYTHON:-python3}" -m venv "$venv"
fi
if [ ! -x "$venv/bin/uv" ]; then
  say "fetching the installer"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$(grep -E '^uv==' scripts/uv.txt)"
fi
say "installing $(grep -c '==' "$lock") packages from $lock"
"$venv/bin/uv" pip install --python "$venv/bin/python" --quiet --require-hashes -r "$lock"
"$venv/bin/uv" pip install --python "$venv/bin/python" --quiet --no-deps --editable .
cp "$lock" "$stamp"
say "the environment is ready"
