"""A simulated town with everything that goes wrong, seed by seed: how many keep every promise, and how fast time passes.

``GUANGYUE_SEEDS`` plays more of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from bench.records_home import ROOT
from bench.table import Bench, Row, row

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BENCHES"]

SEEDS = int(os.environ.get("GUANGYUE_SEEDS", "200"))


def measure() -> Iterable[Row]:
    """The plays of the test, in a process and a database of their own."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "tests.faults.world", f"0-{SEEDS - 1}"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise RuntimeError(done.stderr[-2000:])
    found = json.loads(done.stdout.splitlines()[-1])
    how = (
        f"{found['sound']} of {found['seeds']} seeds (0–{SEEDS - 1}) in {found['seconds']} s, failed {found['failed']}; "
        f"{found['commands']} commands, {found['sms']} SMS, {found['kills']} kills, {found['steps']} boundaries; "
        f"0 of n is under {3 / found['seeds']:.1%} at 95 %"
    )
    yield row("faults.simulate", found["sound"] * 200 / SEEDS, how, ok=not found["failed"])
    yield row("faults.simulate.speed", found["speed"], how)


BENCHES = (Bench(("faults.simulate", "faults.simulate.speed"), measure),)
