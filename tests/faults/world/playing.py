"""Plays seeds in a process of its own, as its command line does, and reads what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def played(module: str, database, seeds: str, *more: str) -> tuple[dict, str]:
    """The last line of ``python -m module seeds …`` as a table, and all it said."""
    environment = database.environment() | {
        "GUANGYUE_TEST_ROOT": database.superuser, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", module, seeds, *more],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert lines, done.stderr[-3000:]
    return json.loads(lines[-1]), f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
