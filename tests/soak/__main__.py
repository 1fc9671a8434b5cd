"""``make soak``: the faults in their thousands and two hours of load, one after another, and one table at the end.

``SOAK_ONLY=kill,memory`` chooses parts; ``GUANGYUE_KILLS``, ``GUANGYUE_SEEDS``, ``GUANGYUE_SCHEDULES``, ``GUANGYUE_FUZZ``
and ``SOAK_SECONDS`` say how much of each. What a part prints is kept under ``build/soak/``; its last line that counts something is shown.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build" / "soak"
PYTEST = ("-m", "pytest", "-q", "-s", "--timeout", "0", "-m", "long")
TELLS = re.compile(r"\bof\b|kills|seeds|schedules|requests|passed|failed|soak\.memory")


@dataclass(frozen=True, slots=True)
class Part:
    """One part.

    Attributes:
        arguments: of Python. environment: what it is set to unless the caller says otherwise.
    """

    name: str
    arguments: tuple[str, ...]
    environment: dict[str, str]


def parts() -> list[Part]:
    """All of them, the longest last."""
    seeds = os.environ.get("GUANGYUE_SEEDS", "20000")
    schedules = os.environ.get("GUANGYUE_SCHEDULES", "100000")
    return [
        Part("simulate", ("-m", "tests.faults.world", f"0-{int(seeds) - 1}"), {}),
        Part("races", ("-m", "tests.faults.world.races", f"0-{int(schedules) - 1}"), {}),
        Part("engine", (*PYTEST, "tests/engines/fraud/test_state.py"), {"GUANGYUE_SOAK": "1"}),
        Part("kill", (*PYTEST, "tests/faults/test_kill.py"), {"GUANGYUE_KILLS": "2000"}),
        Part("fuzz", ("-m", "bench", "web.fuzz"), {"GUANGYUE_FUZZ": "1000000"}),
        Part("memory", ("-m", "bench", "soak.memory"), {"SOAK_SECONDS": "7200"}),
    ]


def play(part: Part) -> tuple[bool, float, str]:
    """Run one; whether it passed, seconds, and what it counted."""
    environment = {**part.environment, **os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    KEPT.mkdir(parents=True, exist_ok=True)
    log, began, told = KEPT / f"{part.name}.txt", time.monotonic(), ""
    with (
        log.open("w", encoding="utf-8") as kept,
        subprocess.Popen(
            [sys.executable, *part.arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace",
        ) as child,
    ):  # fmt: skip
        assert child.stdout is not None
        for line in child.stdout:
            kept.write(line)
            kept.flush()
            if TELLS.search(line):
                told = line.strip()
                sys.stdout.write(f"  {part.name}: {told[:160]}\n")
                sys.stdout.flush()
    return child.returncode == 0, time.monotonic() - began, told


def main() -> int:
    """Play what is asked for, and say what came of it."""
    only = {name for name in os.environ.get("SOAK_ONLY", "").split(",") if name}
    if unknown := only - {p.name for p in parts()}:
        sys.stderr.write(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(p.name for p in parts())}\n")
        return 2
    lines = []
    for part in (p for p in parts() if not only or p.name in only):
        sys.stdout.write(f"· {part.name}: python {' '.join(part.arguments)}\n")
        sys.stdout.flush()
        lines.append((part.name, *play(part)))
    sys.stdout.write("\npart      passed  minutes  what it counted\n")
    for name, passed, seconds, told in lines:
        sys.stdout.write(f"{name:<10}{'yes' if passed else 'NO':<8}{seconds / 60:>7.1f}  {told[:140]}\n")
    return 0 if all(passed for _, passed, _, _ in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
