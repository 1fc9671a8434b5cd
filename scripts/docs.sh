#!/usr/bin/env bash
# Writes the generated pages of docs/ anew; `make test` fails when they have drifted.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${VENV:-.venv}/bin
"$bin/python" -m guangyue procedure docs --into docs
