#!/usr/bin/env bash
# Starts the product as the README says, fetches every address it prints, and ends it with Ctrl-C.
set -uo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp)
printf '\n$ make run\n'
set -m # a process group of its own, so that Ctrl-C reaches make and all it started
make run >"$out" 2>&1 &
pid=$!
set +m
for _ in $(seq 480); do
  grep -q "Ctrl-C ends everything" "$out" && break
  kill -0 "$pid" 2>/dev/null || break
  sleep 0.5
done
cat "$out"
failed=0
addresses=$(grep -oE 'http://127\.0\.0\.1:[0-9]+/[^ ]*' "$out" | sort -u)
[ -n "$addresses" ] || { echo "no address was printed"; failed=1; }
for address in $addresses; do
  status=$(curl --silent --location --output /dev/null --write-out '%{http_code}' "$address")
  echo "$address → $status"
  [ "$status" = 200 ] || failed=1
done
kill -INT -- "-$pid" 2>/dev/null
wait "$pid"
grep -q "Everything has ended" "$out" || { echo "it did not end cleanly"; tail -n 20 "$out"; failed=1; }
rm -f "$out"
exit "$failed"
