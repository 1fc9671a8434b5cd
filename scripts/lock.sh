#!/usr/bin/env bash
# Writes the lock files anew, without any download address.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${VENV:-.venv}
compile() { "$venv/bin/uv" pip compile pyproject.toml --universal --generate-hashes --no-header --no-emit-index-url --quiet "$@"; }
compile --all-extras --group dev -o requirements-dev.lock
compile -c requirements-dev.lock -o requirements.lock
