"""The authorisation matrix: how many of its cells a real request asserted, on a real database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench.table import Bench, Row, missing, row

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BENCHES"]

ROOT = Path(__file__).parents[1]


def _measure() -> Iterable[Row]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "authz.json"
        given = {**os.environ, "GUANGYUE_AUTHZ_REPORT": str(report), "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "tests/web/test_authz.py"],
            cwd=ROOT, env=given, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if not report.exists():
            yield missing("web.authz", done.stdout[-300:])
            return
        found = json.loads(report.read_text())
    share = 100 * found["asserted"] / found["cells"]
    how = f"{found['asserted']:,} of {found['cells']:,} cells asserted, {len(found['wrong'])} lines differ; every address has a line"
    yield row("web.authz", share, how, ok=done.returncode == 0)


BENCHES = (Bench(("web.authz",), _measure),)
