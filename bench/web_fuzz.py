"""Fuzz: the API by its document, every address, every form, uploads; from everybody, with everything odd.

``GUANGYUE_FUZZ`` says how many requests (2,000 in ``make test``, 20,000 in ``make test-long``, 1,000,000 in ``make soak``),
``GUANGYUE_FUZZ_SEED`` from which seed. The fuzzer is ``tests/web/fuzz``. Very many are shared among the processors, each
share with a database of its own; a million takes 90 minutes on two.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.table import Bench, Row, row

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BENCHES", "fuzzed", "joined", "told"]

ROOT = Path(__file__).parents[1]
FEW = 2_000
MANY = 100_000
"""From so many requests on, everybody sends each case, and a share of them is worth a process of its own."""
APART = 100_000
"""Between the first seeds of two shares; more than one share has rounds."""
PROGRESS = "fuzz: "
"""What a line of the fuzzer's begins with that is to be seen while it goes on."""


def asked() -> tuple[int, int]:
    """How many requests the environment asks for, and from which seed."""
    return int(os.environ.get("GUANGYUE_FUZZ", FEW)), int(os.environ.get("GUANGYUE_FUZZ_SEED", "1"))


def fuzzed(
    environment: Mapping[str, str], superuser: str, report: Path, *, requests: int = 0, seed: int = 0
) -> dict[str, Any]:
    """Runs the fuzzer in a process of its own on a migrated, empty database; its report.

    Raises:
        RuntimeError: it broke down itself; with the end of what it said.
    """
    wanted, seed = requests or asked()[0], seed or asked()[1]
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
                sys.stderr.write(line.replace(PROGRESS, f"{PROGRESS}seed {seed}: ", 1))
    if not report.exists():
        raise RuntimeError("".join(last)[-3000:])
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return found


def joined(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The reports of several shares as one: counts added, faults one after another, ``seed`` all their first seeds."""
    slowest = max(reports, key=lambda found: found["slowest_cpu_s"])
    counts = {name: dict(sum((Counter(found[name]) for found in reports), Counter())) for name in ("parts", "statuses")}
    return counts | {
        "requests": sum(found["requests"] for found in reports),
        "bad": sum(found["bad"] for found in reports),
        "slowest_cpu_s": slowest["slowest_cpu_s"],
        "slowest": slowest["slowest"],
        "faults": [fault for found in reports for fault in found["faults"]],
        "seed": ", ".join(str(found["seed"]) for found in reports),
        "took_s": max(found["took_s"] for found in reports),
    }


def told(found: Mapping[str, Any]) -> str:
    """The report in one line: numerator, denominator, seed, bound."""
    n = found["requests"]
    parts = ", ".join(f"{k} {v}" for k, v in found["parts"].items())
    return (
        f"{found['bad']} of {n:,} (under {300 / n:.3g} % at 95 %), seed {found['seed']}; {parts}; {found['took_s']} s"
    )


def _measure() -> Iterable[Row]:
    from tests.installation import installation

    from guangyue.records.postgres import DATABASE

    wanted, first = asked()
    shares = max(1, min(os.cpu_count() or 1, wanted // MANY))

    def share(number: int) -> dict[str, Any]:
        with installation(settings={"fsync": "off"}) as made:
            return fuzzed(
                made.environment, made.cluster.dsn(DATABASE), made.home / "fuzz.json",
                requests=-(-wanted // shares), seed=first + number * APART,
            )  # fmt: skip

    with ThreadPoolExecutor(shares) as pool:
        found = joined(list(pool.map(share, range(shares))))
    kept = ROOT / "build" / "fuzz.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(found, indent=1, ensure_ascii=False), "utf-8", errors="replace")
    yield row("web.fuzz", found["bad"], told(found))


BENCHES = (Bench(("web.fuzz",), _measure),)
