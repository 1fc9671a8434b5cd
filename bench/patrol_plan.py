"""Routes for fifteen crews over three hundred cells: the share of the prize in the same time as the peers, checked alike.

Ours runs in this process with compiled loops loaded; PyVRP here with two seeds in two processes; VROOM and OR-Tools in
an environment of their own on two threads or two processes. Every answer is walked stop by stop by one independent
check before its prize is counted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from bench import peers
from bench.table import Bench, Row, missing, row

HERE = Path(__file__).parent
SEEDS = (1, 2, 3)


def instance() -> Path:
    """The problem, wherever the shared data lie."""
    root = Path(os.environ.get("GUANGYUE_DATA", HERE.parents[1] / "shared" / "data"))
    return root / "patrol_instance" / "edmonton_300.npz"


def problem() -> Any:  # noqa: ANN401 - the engine may be missing
    """The instance as a routing problem; travel rounded up to whole milliseconds."""
    from guangyue.engines.patrol.routing import Problem

    data = np.load(instance())
    n, crews, zero = 300, 15, np.zeros
    depot = np.repeat(data["depots"], 3).astype(np.int64)
    return Problem(
        travel=np.ceil(data["travel_s"] * 1000).astype(np.int32)[np.newaxis], place=np.arange(n),
        service=np.full(n, 300_000), opens=zero(n, np.int64), closes=np.full(n, 7_200_000),
        prize=data["prize"].astype(float), required=zero(n, bool), block=np.full(n, -1), floor=zero(0),
        allowed=np.ones((crews, n), bool), profile=zero(crews, np.int64), start=depot, end=depot,
        begins=zero(crews, np.int64), ends=np.full(crews, 7_200_000),
    )  # fmt: skip


def gathered(routes: list[list[int]]) -> float:
    """Percent of the prize of routes any solver found; raises when they break a rule."""
    from guangyue.engines.patrol.routing import faults

    built = problem()
    wrong = faults(built, tuple(tuple(r) for r in routes))
    assert not wrong, wrong[:3]
    return 100 * float(sum(built.prize[r].sum() for r in routes)) / float(built.prize.sum())


def peer(name: str, seconds: int, interpreter: Path) -> tuple[float, float]:
    """(percent, wall seconds) of a peer, as it says itself when its search ended."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "routes.json"
        command = [
            str(interpreter),
            str(HERE / "peers" / "patrol_routes.py"),
            name,
            str(instance()),
            str(seconds),
            str(out),
        ]
        subprocess.run(command, check=True, timeout=6 * seconds + 300, capture_output=True)
        answer = json.loads(out.read_text())
    return gathered(answer["routes"]), answer["seconds"]


def measure(seconds: int, identifier: str, seeds: tuple[int, ...]) -> Iterable[Row]:
    """Our median over seeds beside the best peer, all figures in ``how``."""
    try:
        from guangyue.engines.patrol.routing import Budget, solve, warm_up
    except ModuleNotFoundError as error:
        return [missing(identifier, f"needs {error.name}: the patrol extra")]
    if not instance().exists():
        return [missing(identifier, "the Edmonton instance is not here: set GUANGYUE_DATA")]
    built = problem()
    warm_up()
    ours, walls, cpus, steps = [], [], [], []
    for seed in seeds:
        cpu = time.process_time()
        began = time.monotonic()
        found = solve(built, Budget(seconds=seconds, seed=seed))
        walls.append(time.monotonic() - began)
        cpus.append(time.process_time() - cpu)
        steps.append(found.iterations)
        ours.append(gathered([list(r) for r in found.routes]))
    others: dict[str, tuple[float, float]] = {}
    try:
        elsewhere = peers.python("patrol")
    except peers.PeerMissingError as error:
        return [missing(identifier, str(error))]
    for name, interpreter in (
        ("PyVRP", Path(sys.executable)), ("VROOM", elsewhere), ("OR-Tools", elsewhere), ("greedy", Path(sys.executable)),
    ):  # fmt: skip
        others[name] = peer(name, seconds, interpreter)
    best = max(others, key=lambda n: others[n][0])
    how = (
        f"median of seeds {', '.join(map(str, seeds))}: {', '.join(f'{p:.2f}' for p in ours)} %; longest {max(walls):.1f} s "
        f"wall, {np.median(cpus):.0f} s CPU of {2 * seconds}, {np.median(steps):,.0f} steps; "
        + ", ".join(f"{n} {p:.2f} % in {s:.1f} s" for n, (p, s) in others.items())
    )
    in_time = max(walls) <= seconds * 1.02
    return [row(identifier, float(np.median(ours)), how, peer=best, peer_value=others[best][0], ok=in_time)]


BENCHES = (
    Bench(("patrol.plan15",), lambda: measure(15, "patrol.plan15", SEEDS)),
    Bench(("patrol.plan120",), lambda: measure(120, "patrol.plan120", SEEDS[:2])),
)
