#!/usr/bin/env bash
# Linters, types and the layers of the house. Stops at nothing: all findings of all tools are shown.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=${VENV:-.venv}/bin
failed=0
step() {
  printf '\033[2m· %s\033[0m\n' "$1" >&2; shift
  "$@" || failed=1
}
step "ruff check" "$bin/ruff" check --quiet .
step "ruff format" "$bin/ruff" format --check --quiet .
step "mypy" "$bin/mypy" --no-error-summary
step "import-linter" "$bin/lint-imports" --no-logo
step "bandit" "$bin/bandit" -q -r src -c pyproject.toml
[ "$failed" = 0 ] && echo "checks: clean" || echo "checks: FAILED"
exit "$failed"
