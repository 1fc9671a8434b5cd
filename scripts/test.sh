#!/usr/bin/env bash
# short: all that proves the product; long: the long faults and fuzz; soak: hours.
set -uo pipefail
cd "$(dirname "$0")/.."
kind=${1:-short}
bin=${VENV:-.venv}/bin
export PYTHONPATH=src
# Browser tests drive Debian's Chromium. Root may install it; anybody else is told, loudly, and those tests are skipped.
if ! command -v chromium >/dev/null && [ "$kind" != soak ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    printf '\033[2m· installing chromium for the browser tests\033[0m\n' >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk; } >/dev/null 2>&1 ||
      echo "!! chromium could not be installed: THE BROWSER TESTS WILL BE SKIPPED" >&2
  else
    echo "!! chromium is not installed and you are not root: THE BROWSER TESTS WILL BE SKIPPED (apt-get install chromium)" >&2
  fi
fi
case "$kind" in
  short)
    mkdir -p build # the checks keep one core busy and the compiler the other
    scripts/check.sh >build/checks.txt 2>&1 & checks=$!
    "$bin/python" scripts/compile.py >/dev/null; compiled=$?
    (cd src/guangyue/web/frontend && npm run --silent test) && front=1 || front=
    wait "$checks"; passed=$?
    cat build/checks.txt
    [ "$passed" = 0 ] && [ -n "$front" ] || exit 1
    if [ "$compiled" = 0 ]; then # the compiled kernel answers as the plain one does
      "$bin/python" -m pytest -q -n 2 --dist loadfile -m "not long" -o pythonpath="build/compiled ." tests/kernel tests/stories || exit 1
    elif [ "$compiled" != 3 ]; then # 3: there is no C compiler
      echo "!! the kernel could not be compiled" >&2; exit 1
    fi
    exec "$bin/python" -m pytest -n 2 --dist loadfile --durations=25 -m "not long" ;;
  long)
    exec "$bin/python" -m pytest -n 2 --dist loadfile --timeout 3000 --durations=12 -m long ;;
  soak)
    PYTHONPATH=src:. exec "$bin/python" -m tests.soak ;;
esac
