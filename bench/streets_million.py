"""Every page of the street desk over the real server with 1,000,000 matters, four clients at once."""

from __future__ import annotations

import http.client
import os
import random
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from bench.table import Bench, Row, row
from bench.web_stage import Site, quantile, runner, site

__all__ = ["BENCHES", "PAGES"]

CLIENTS = 4
EACH = int(os.environ.get("BENCH_STREETS_REQUESTS", "120"))
MATTERS = os.environ.get("BENCH_STREETS_MATTERS", "million")
LOGINS = ("headquarters", "officer0", "reviewer", "chief")
TODAY = datetime.now(UTC).date()
YEAR = f"from={TODAY - timedelta(days=364)}&until={TODAY}"
PAGES = (
    "/console/streets", "/console/streets/board", f"/console/streets/board?{YEAR}", "/console/streets/entries/reminders",
    f"/console/streets/entries/penalised?{YEAR}", f"/console/streets/entries/reminders?{YEAR}&block=block:B11",
    "/console/?desk=streets", "/console/?desk=streets&overdue=1", "/console/?desk=streets&block=block:B11",
    "/console/?desk=streets&block=block:B11&overdue=1", "/console/?desk=streets&agency=urban", "/console/?desk=streets&view=due",
    "/console/?desk=streets&procedure=streets.parking&state=in_review&view=due", "/console/?desk=streets&view=closed",
    "/console/map/matters.geojson?desk=streets&block=block:B11", "/console/streets/roster", "/console/streets/gaps",
    f"/console/streets/visits?{YEAR}", f"/console/streets/inspections?{YEAR}",
)  # fmt: skip


def measure() -> Iterable[Row]:
    """Every answer is looked at: 200, with something in it."""
    with site(fill=f"streets-{MATTERS}") as made, runner(made):
        taken, wrong = ask(made)
        every = [t for times in taken.values() for t in times]
        slowest = sorted(taken, key=lambda p: -quantile(taken[p], 0.95))[:3]
        how = (
            f"{len(every)} requests of {CLIENTS} clients, {MATTERS} matters, {len(PAGES)} pages; median "
            f"{statistics.median(every):.0f} ms, worst {max(every):.0f} ms; {wrong} wrong answers; slowest "
            + ", ".join(f"{p} {quantile(taken[p], 0.95):.0f}" for p in slowest) + f"; load {os.getloadavg()[0]:.1f}"
        )  # fmt: skip
        yield row("streets.million", quantile(every, 0.95), how, ok=wrong == 0)


def ask(made: Site) -> tuple[dict[str, list[float]], int]:
    """The milliseconds of every answer by page, after a round to warm up, and how many were wrong."""
    taken: defaultdict[str, list[float]] = defaultdict(list)
    wrong = [0]

    def client(number: int) -> None:
        dice = random.Random(number)
        session = made.people[LOGINS[number % len(LOGINS)]]["session"]
        line = http.client.HTTPConnection(urlsplit(made.address).netloc, timeout=60)
        for n in range(EACH + len(PAGES)):
            path = PAGES[n] if n < len(PAGES) else dice.choice(PAGES)
            began = time.perf_counter()
            line.request("GET", path, headers={"Cookie": f"session={session}"})
            answer = line.getresponse()
            body = answer.read()
            if n >= len(PAGES):
                taken[path].append((time.perf_counter() - began) * 1000)
            wrong[0] += answer.status != 200 or len(body) < (40 if "geojson" in path else 300)

    threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return dict(taken), wrong[0]


BENCHES = (Bench(("streets.million",), measure),)
