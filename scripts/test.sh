#!/usr/bin/env bash
# short: all that proves the product; long: the long faults and fuzz; soak: hours.
set -uo pipefail
cd "$(dirname "$0")/.."
kind=${1:-short}
bin=${VENV:-.venv}/bin
export PYTHONPATH=src PYTHONDONTWRITEBYTECODE=1
case "$kind" in
  short)
    scripts/check.sh || exit 1
    (cd src/guangyue/web/frontend && npm run --silent test) || exit 1
    exec "$bin/python" -m pytest -n 2 --dist loadfile -m "not long" ;;
  long)
    exec "$bin/python" -m pytest -n 2 --dist loadfile -m long ;;
  soak)
    GUANGYUE_SOAK=1 exec "$bin/python" -m pytest -m long ;;
esac
