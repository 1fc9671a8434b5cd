"""Memory of every process of an installation under web.load's rate, for two hours: does it grow?

``SOAK_SECONDS`` for a shorter run (7,200 is the bar's). What is added up is each process's proportional share (PSS), so that
memory PostgreSQL's processes share counts once. The first fifth, at most ten minutes, is for filling caches; the growth is
between the median of the tenth of the time after it and that of the last tenth. A line of progress a minute. There are
matters enough that PostgreSQL's buffers, whose size is a setting, are full from the first minute on.
"""

from __future__ import annotations

import os
import statistics
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench import web_load
from bench.table import Bench, Row, row
from bench.web_stage import Site, quantile, runner, site

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BENCHES"]

SECONDS = float(os.environ.get("SOAK_SECONDS", "7200"))
MATTERS = "200000"
EVERY = min(10.0, SECONDS / 60)
Sample = tuple[float, dict[str, int]]


def measure() -> Iterable[Row]:
    """Pages, runner and database under load; kibibytes of each, every ten seconds."""
    web_load.SECONDS = SECONDS
    with site(fill=MATTERS) as made, runner(made) as work:
        samples: list[Sample] = []
        over = threading.Event()
        watch = threading.Thread(target=_watch, args=(made, work, samples, over), daemon=True)
        watch.start()
        try:
            taken, wrong, heard, _ = web_load.load(made)
        finally:
            over.set()
            watch.join()
    growth, slope, first, last = _grown(samples)
    parts = ", ".join(f"{name} {first[name] / 1024:.0f} → {last[name] / 1024:.0f} MiB" for name in first)
    how = (
        f"{SECONDS:.0f} s, {len(taken)} requests, {heard} events heard, {wrong} wrong, p95 {quantile(taken, 0.95):.0f} ms; "
        f"{parts}; the line through all of it rises {slope:+.1f} % in two hours; load {os.getloadavg()[0]:.1f}"
    )
    yield row("soak.memory", round(growth, 2), how, ok=wrong == 0)


def _watch(made: Site, runner: int, samples: list[Sample], over: threading.Event) -> None:
    roots = {"pages": _server(made), "runner": runner, "database": _postmaster(made)}
    began = time.monotonic()
    said = began
    while not over.wait(EVERY):
        held = {name: sum(_share(p) for p in _tree(pid)) for name, pid in roots.items()}
        samples.append((time.monotonic() - began, held))
        if time.monotonic() - said >= 60:
            said = time.monotonic()
            told = ", ".join(f"{name} {kib / 1024:.1f}" for name, kib in held.items())
            sys.stderr.write(f"soak.memory {samples[-1][0] / 60:.0f} min: {told} MiB\n")


def _grown(samples: list[Sample]) -> tuple[float, float, dict[str, int], dict[str, int]]:
    """Percent between the beginning and the end; percent of the fitted line in two hours; kibibytes at both ends."""
    warm = min(600.0, SECONDS / 5)
    steady = [s for s in samples if s[0] >= warm]
    tenth = max(1, len(steady) // 10)
    first, last = (
        {name: int(statistics.median(held[name] for _, held in part)) for name in steady[0][1]}
        for part in (steady[:tenth], steady[-tenth:])
    )
    totals = [sum(held.values()) for _, held in steady]
    fit = statistics.linear_regression([at for at, _ in steady], totals)
    before = sum(first.values())
    return 100 * (sum(last.values()) - before) / before, 100 * fit.slope * 7200 / before, first, last


def _server(made: Site) -> int:
    port = made.address.rsplit(":", 1)[1]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
        if "granian" in words and port in words and parent == os.getpid():
            return int(folder.name)
    raise RuntimeError("the server is not there")


def _postmaster(made: Site) -> int:
    return int((made.home / "postgres" / "postmaster.pid").read_text().split()[0])


def _tree(root: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
        children.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def _share(pid: int) -> int:
    """Proportional set size in KiB; nought for one that has just ended."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


BENCHES = (Bench(("soak.memory",), measure),)
