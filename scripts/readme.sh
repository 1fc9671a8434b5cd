#!/usr/bin/env bash
# Runs the README's own commands, so that they stay true. `make run` is started, asked for its addresses, and ended.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
step() { printf '\n$ %s\n' "$*"; "$@" || failed=1; }

readme_commands() { # the lines of the second ```sh block
  awk '/^```sh$/ {n++; inside=1; next} /^```$/ {inside=0} inside && n==2' README.md
}
while IFS= read -r line; do
  # `law check` exits 1 while rules await the legal office; that is its answer, not a failure
  if [[ "$line" == *"law check"* ]]; then step bash -c "$line || true"; else step bash -c "$line"; fi
done < <(readme_commands)

scripts/readme_run.sh || failed=1
exit "$failed"
