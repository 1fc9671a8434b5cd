"""``python -m bench [ONLY]``: measure, print one table, write ``build/bench.json``.

``ONLY`` is an id or the beginning of one (``kernel``, ``law.terms``); without it every row is measured.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
import traceback
from pathlib import Path

from bench.table import Bench, Row, as_table, missing

HERE = Path(__file__).parent
NOT_BENCHES = {"__main__", "__init__", "bars", "table", "peers"}


def modules() -> list[str]:
    """The names of the bench modules, in the order of their files."""
    return [p.stem for p in sorted(HERE.glob("*.py")) if p.stem not in NOT_BENCHES]


def wanted(ids: tuple[str, ...], only: str) -> bool:
    """Whether a measurement belongs to the asked-for id or family."""
    return not only or any(i == only or i.startswith(only + ".") for i in ids)


def main() -> int:
    """Measure what is asked for; exit 1 when a bar is missed."""
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    rows: list[Row] = []
    for name in modules():
        benches: tuple[Bench, ...] = importlib.import_module(f"bench.{name}").BENCHES
        for bench in benches:
            if not wanted(bench.ids, only):
                continue
            began = time.monotonic()
            print(f"… {', '.join(bench.ids)}", file=sys.stderr, flush=True)
            try:
                rows.extend(bench.measure())
            except Exception as error:  # noqa: BLE001 - one broken measurement must not hide the others
                traceback.print_exc()
                rows.extend(missing(i, f"failed: {error!r}") for i in bench.ids)
            print(f"  {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    if not rows:
        print(f"no benchmark answers to {only!r}", file=sys.stderr)
        return 2
    target = HERE.parent / "build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    kept = json.loads(target.read_text()) if only and target.exists() else []
    fresh = {r.id for r in rows}
    table = [r for r in kept if r["id"] not in fresh] + [r.as_json() for r in rows]
    target.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n")
    print(as_table(rows))
    return 0 if all(r.ok for r in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
