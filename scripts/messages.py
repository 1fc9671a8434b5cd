"""Compiles the translations: ``locale/*/LC_MESSAGES/*.po`` beside every package into ``.mo``. ``--check`` only looks."""

from __future__ import annotations

import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1] / "src" / "guangyue"


def main() -> int:
    """Compile what has changed; with ``--check``, name every entry without a translation."""
    only_look = "--check" in sys.argv
    missing = 0
    for path in sorted(ROOT.glob("**/locale/*/LC_MESSAGES/*.po")):
        catalogue = polib.pofile(str(path))
        for entry in catalogue.untranslated_entries() + catalogue.fuzzy_entries():
            missing += 1
            print(f"{path.relative_to(ROOT)}:{entry.linenum}: not translated: {entry.msgid!r}")  # noqa: T201 - a script
        target = path.with_suffix(".mo")
        if not only_look and (not target.exists() or target.stat().st_mtime < path.stat().st_mtime):
            catalogue.save_as_mofile(str(target))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
