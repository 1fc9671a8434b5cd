"""Twenty mixed requests a second, fifty open consoles, ten thousand reminders an hour: how long answers take."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bench.table import Bench, Row, row
from bench.web_stage import ROOT, Site, quantile, site

__all__ = ["BENCHES"]

SECONDS = float(os.environ.get("BENCH_WEB_SECONDS", "60"))
RATE = 20
CONSOLES = 50
LOGINS = ("officer0", "officer1", "officer2", "reviewer")
REMINDERS = 10_000 / 3600
"""A second: each is a car recorded, and a reminder accepted by the carrier."""


def measure() -> Iterable[Row]:
    """Open-loop: each request has its moment, and its time counts from that moment on, whoever is late."""
    with site(fill="20000") as made:
        own = time.process_time()
        taken, wrong, heard = load(made)
        share = (time.process_time() - own) / SECONDS
        how = (
            f"{len(taken)} requests in {SECONDS:.0f} s, {CONSOLES} consoles heard {heard} events, "
            f"median {statistics.median(taken):.0f} ms, worst {max(taken):.0f} ms; {wrong} wrong answers; "
            f"clients and server share the cores, of which the clients take {share:.2f}; load {os.getloadavg()[0]:.1f}"
        )
        fine = wrong == 0 and heard > 0
        yield row("web.load.p95", quantile(taken, 0.95), how, ok=fine)
        yield row("web.load.p99", quantile(taken, 0.99), how, ok=fine)


def load(made: Site) -> tuple[list[float], int, int]:
    """Milliseconds of each request, wrong answers, events heard."""
    stop = threading.Event()
    heard = [0]
    taken: list[float] = []
    wrong = [0]
    consoles = [threading.Thread(target=_console, args=(made, n, stop, heard), daemon=True) for n in range(CONSOLES)]
    for c in consoles:
        c.start()
    carrier = subprocess.Popen(
        [sys.executable, "-m", "bench.web_carrier", str(REMINDERS), str(SECONDS)],
        cwd=ROOT, env=made.environment, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert carrier.stdout is not None
    assert carrier.stdout.readline() == b"ready\n"
    matters = _warm(made)
    local = threading.local()
    began = time.perf_counter() + 0.5
    due = iter([began + n / RATE for n in range(int(RATE * SECONDS))])
    door = threading.Lock()

    def client(number: int) -> None:
        dice = random.Random(number)
        local.line = http.client.HTTPConnection(urlsplit(made.address).netloc, timeout=30)
        while True:
            with door:
                moment = next(due, None)
            if moment is None:
                return
            time.sleep(max(0.0, moment - time.perf_counter()))
            ok = _one(made, local.line, dice, matters)
            taken.append((time.perf_counter() - moment) * 1000)
            wrong[0] += not ok

    clients = [threading.Thread(target=client, args=(n,)) for n in range(16)]
    for c in clients:
        c.start()
    for c in clients:
        c.join()
    stop.set()
    carrier.terminate()
    carrier.wait()
    return taken, wrong[0], heard[0]


MIX = (
    ("/console/", 4), ("/console/?view=due", 2), ("/console/?state=in_review", 2), ("/console/rows?view=closed", 2),
    ("/console/map/matters.geojson", 1), ("matter", 5), ("/api/matters?most=50", 2), ("/console/figures", 1), ("refused", 1),
)  # fmt: skip


def _warm(made: Site) -> dict[str, list[str]]:
    """A few of each kind on each worker, as on any server that has run for a minute; whose matters there are to open."""
    matters: dict[str, list[str]] = {}
    dice = random.Random(3)
    for login in LOGINS:
        line = http.client.HTTPConnection(urlsplit(made.address).netloc, timeout=30)
        headers = {"Authorization": f"Bearer {made.people[login]['token']}"}
        matters[login] = []
        for query in ("most=200", "most=200&open=false"):
            line.request("GET", f"/api/matters?{query}", headers=headers)
            matters[login] += [item["id"] for item in json.loads(line.getresponse().read())["items"]]
        for what, _ in MIX * 4:
            assert _one(made, line, dice, matters, what=what, login=login), (what, login)
    return matters


def _one(
    made: Site,
    line: http.client.HTTPConnection,
    dice: random.Random,
    matters: dict[str, list[str]],
    *,
    what: str = "",
    login: str = "",
) -> bool:
    what = what or dice.choices([m for m, _ in MIX], [w for _, w in MIX])[0]
    login = login or dice.choice(LOGINS)
    who = made.people[login]
    headers = {"Cookie": f"session={who['session']}"}
    if what == "refused":
        body = {"procedure": "streets.parking", "action": "record", "values": {"plate": "鲁P12345"}}
        status, _ = _post(line, "/api/matters", who, body)
        return status in {403, 422}
    if what == "matter":
        what = f"/console/matters/{dice.choice(matters[login])}"
    if what.startswith("/api/"):
        headers = {"Authorization": f"Bearer {who['token']}"}
    line.request("GET", what, headers=headers)
    answer = line.getresponse()
    answer.read()
    return answer.status == 200


def _post(
    line: http.client.HTTPConnection, path: str, who: dict[str, str], body: dict[str, object]
) -> tuple[int, bytes]:
    headers = {
        "Authorization": f"Bearer {who['token']}", "Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex,
    }  # fmt: skip
    line.request("POST", path, json.dumps(body), headers)
    answer = line.getresponse()
    return answer.status, answer.read()


def _console(made: Site, number: int, stop: threading.Event, heard: list[int]) -> None:
    """A console that listens."""
    who = made.people[("officer0", "officer1", "officer2", "officer3", "reviewer")[number % 5]]
    line = http.client.HTTPConnection(urlsplit(made.address).netloc, timeout=60)
    line.request("GET", "/events", headers={"Cookie": f"session={who['session']}", "Accept": "text/event-stream"})
    answer = line.getresponse()
    while not stop.is_set():
        said = answer.readline()
        if not said:
            return
        heard[0] += said.startswith(b"event: changes")


def photo(account: str) -> str:
    """The digest of a photograph that is here."""
    return hashlib.sha256(f"{account}{datetime.now(UTC)}".encode()).hexdigest()


BENCHES = (Bench(("web.load.p95", "web.load.p99"), measure),)
