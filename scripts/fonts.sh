#!/usr/bin/env bash
# The papers' fonts: fetched once as an npm package of a known digest, cut to what papers need. Not committed; a wheel
# brings them. Without them papers are drawn with the machine's own fonts.
set -euo pipefail
cd "$(dirname "$0")/.."
target=src/guangyue/records/papers/fonts
[ -f "$target/NotoSerifSC-Bold.ttf" ] && exit 0
python=${VENV:-.venv}/bin/python
package=@expo-google-fonts/noto-serif-sc@0.4.3
digest=fSmUpiSFtSeyHV45/2xUOy5SdfExklQwwMKN3cQjAZAujITHDmSbpMHCVdCMhRqMjQtu0ZRgc29u8A+CU3akfw==
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '\033[2m· fetching and cutting the fonts of the papers\033[0m\n' >&2
(cd "$work" && npm pack --silent "$package" >/dev/null)
found=$(openssl dgst -sha512 -binary "$work"/*.tgz | base64 -w0)
[ "$found" = "$digest" ] || { echo "the font package is not the one we know" >&2; exit 1; }
tar -xzf "$work"/*.tgz -C "$work" --wildcards '*NotoSerifSC_400Regular.ttf' '*NotoSerifSC_700Bold.ttf' '*LICENSE_FONT'
if ! "$python" -c 'import fontTools' 2>/dev/null; then # only the tests' environment has it; its pinned version, by its digests
  awk '/^fonttools==/ {inside=1} inside {print} inside && !/\\$/ {exit}' requirements-dev.lock > "$work/fonttools.lock"
  "${VENV:-.venv}/bin/uv" pip install --quiet --python "$python" --require-hashes --target "$work/lib" -r "$work/fonttools.lock"
  export PYTHONPATH="$work/lib"
fi
"$python" scripts/fonts.py "$work" "$target"
