"""List, filter and matter pages over the real server with 1,000,000 matters, four clients at once."""

from __future__ import annotations

import http.client
import os
import random
import statistics
import threading
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from bench.table import Bench, Row, row
from bench.web_stage import Site, quantile, site

__all__ = ["BENCHES"]

CLIENTS = 4
EACH = int(os.environ.get("BENCH_WEB_REQUESTS", "150"))
MATTERS = os.environ.get("BENCH_WEB_MATTERS", "million")
LISTS = (
    "/console/", "/console/?view=due", "/console/?view=closed", "/console/?state=in_review", "/console/?state=overdue",
    "/console/?from=2026-09-01&until=2026-09-30", "/console/?where=involved", "/console/rows?view=closed&state=decided",
    "/console/?q=GY-00400000", "/api/matters?most=50", "/api/matters?order=deadline", "/api/matters?state=left&open=false",
)  # fmt: skip


def measure() -> Iterable[Row]:
    """Every answer is looked at: 200, and a list is not empty unless it was asked for one matter."""
    with site(fill=MATTERS) as made:
        taken, wrong = ask(made)
        how = (
            f"{len(taken)} requests of {CLIENTS} clients, {MATTERS} matters; median {statistics.median(taken):.0f} ms, "
            f"worst {max(taken):.0f} ms; {wrong} wrong answers; load {os.getloadavg()[0]:.1f}"
        )
        yield row("web.million", quantile(taken, 0.95), how, ok=wrong == 0)


def ask(made: Site) -> tuple[list[float], int]:
    """The milliseconds of every answer, after one round to warm up, and how many were wrong."""
    taken: list[float] = []
    wrong = [0]
    logins = ("officer0", "officer1", "reviewer", "chief")

    def client(number: int) -> None:
        dice = random.Random(number)
        who = made.people[logins[number % len(logins)]]
        line = http.client.HTTPConnection(urlsplit(made.address).netloc, timeout=30)
        matters = _matters(line, who)
        for n in range(EACH + len(LISTS)):
            path = (
                LISTS[n % len(LISTS)]
                if n < len(LISTS) or dice.random() < 0.65
                else f"/console/matters/{dice.choice(matters)}"
            )
            began = time.perf_counter()
            status, body = _get(line, path, who)
            spent = (time.perf_counter() - began) * 1000
            if n >= len(LISTS):
                taken.append(spent)
            wrong[0] += status != 200 or len(body) < 300

    threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return taken, wrong[0]


def _matters(line: http.client.HTTPConnection, who: dict[str, str]) -> list[str]:
    import json

    found: list[str] = []
    for query in ("most=200", "most=200&open=false"):
        found += [item["id"] for item in json.loads(_get(line, f"/api/matters?{query}", who)[1])["items"]]
    return found


def _get(line: http.client.HTTPConnection, path: str, who: dict[str, str]) -> tuple[int, bytes]:
    headers = {"Cookie": f"session={who['session']}"}
    if path.startswith("/api/"):
        headers = {"Authorization": f"Bearer {who['token']}"}
    line.request("GET", path, headers=headers)
    answer = line.getresponse()
    return answer.status, answer.read()


BENCHES = (Bench(("web.million",), measure),)
