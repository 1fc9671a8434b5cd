"""Fuzz: the API by its document, every address, every form, uploads; from everybody, with everything odd.

``GUANGYUE_FUZZ`` says how many requests (2,000 in ``make test``, 20,000 in ``make test-long``, 1,000,000 in ``make soak``),
``GUANGYUE_FUZZ_SEED`` from which seed. The fuzzer is ``tests/web/fuzz``; a million takes hours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.table import Bench, Row, row

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BENCHES", "fuzzed", "told"]

ROOT = Path(__file__).parents[1]
FEW = 2_000
PROGRESS = "fuzz: "
"""What a line of the fuzzer's begins with that is to be seen while it goes on."""


def fuzzed(
    environment: Mapping[str, str], superuser: str, report: Path, *, requests: int = 0, seed: int = 0
) -> dict[str, Any]:
    """Runs the fuzzer in a process of its own on a migrated, empty database; its report.

    Raises:
        RuntimeError: it broke down itself; with the end of what it said.
    """
    wanted = requests or int(os.environ.get("GUANGYUE_FUZZ", FEW))
    seed = seed or int(os.environ.get("GUANGYUE_FUZZ_SEED", "1"))
    command = [sys.executable, "-m", "tests.web.fuzz", "--superuser", superuser, "--report", str(report)]
    command += ["--requests", str(wanted), "--seed", str(seed)]
    given = {**environment, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}
    given["DJANGO_SETTINGS_MODULE"] = "guangyue.web.settings"
    last: deque[str] = deque(maxlen=40)
    with subprocess.Popen(
        command, cwd=ROOT, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as child:
        assert child.stderr is not None
        for line in child.stderr:
            last.append(line)
            if line.startswith(PROGRESS):
                sys.stderr.write(line)
    if not report.exists():
        raise RuntimeError("".join(last)[-3000:])
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return found


def told(found: Mapping[str, Any]) -> str:
    """The report in one line: numerator, denominator, seed, bound."""
    n = found["requests"]
    parts = ", ".join(f"{k} {v}" for k, v in found["parts"].items())
    return f"{found['bad']} of {n:,} (under {3 / n:.3%} at 95 %), seed {found['seed']}; {parts}; {found['took_s']} s"


def _measure() -> Iterable[Row]:
    from tests.installation import installation

    from guangyue.records.postgres import DATABASE

    with installation(settings={"fsync": "off"}) as made:
        found = fuzzed(made.environment, made.cluster.dsn(DATABASE), made.home / "fuzz.json")
    kept = ROOT / "build" / "fuzz.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(found, indent=1, ensure_ascii=False), "utf-8", errors="replace")
    yield row("web.fuzz", found["bad"], told(found))


BENCHES = (Bench(("web.fuzz",), _measure),)
