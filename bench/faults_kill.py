"""Kill -9 of anything at any moment, through the real HTTP API: nothing acknowledged is lost, nothing is done twice.

A whole `guangyue serve` runs; officers and a reviewer take cars through the first matter under keys; a carrier and the
traffic platform's stand-in write down what they got. A killer ends, at random from a seed, web workers, the runner,
PostgreSQL's postmaster, one of its backends, or the supervisor itself with everything under it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg
from tests.faults.serving import Serving, serving
from tests.installation import ROOT, free_port

from bench.faults_checks import Findings, check
from bench.faults_city import RATE
from bench.faults_clients import Storm
from bench.table import Bench, Row, row
from guangyue.demo.standins.traffic_platform import Platform, Server

__all__ = ["BENCHES", "Toll", "kills_wanted", "storm"]

VICTIMS = (
    ("web-1", 3), ("web-2", 3), ("runner", 4), ("postmaster", 2), ("backend", 3), ("supervisor", 2),
)  # fmt: skip
HANGS = (("hang web-1", 1), ("hang web-2", 1), ("hang runner", 1))
"""Stopped instead of killed, so that the supervisor has to find out; only in storms of a hundred and more, since it takes time."""
CALM = 0.4, 1.6
"""Seconds of work between two kills, once the product has answered again."""
TOLD = 25
"""After so many kills it says how far it is."""
PEER = ROOT / "tests" / "links" / "peer" / "smsc.js"
FRONTEND = Path(os.environ.get("GUANGYUE_FRONTEND", ROOT / "src" / "guangyue" / "web" / "frontend"))


@dataclass(frozen=True, slots=True)
class Toll:
    """What a storm left.

    Attributes:
        carrier: by which protocol messages left. killed: victims and how often. restarts: seconds from a kill to the
            first good answer, by victim.
    """

    seed: int
    kills: int
    killed: dict[str, int]
    findings: Findings
    carrier: str
    unanswered: int
    refused: tuple[tuple[str, int, str], ...]
    broken: tuple[str, ...]
    restarts: dict[str, tuple[float, ...]]

    def summary(self) -> str:
        """In one line, with the bound that so many kills allow."""
        of = ", ".join(f"{name} {n}" for name, n in sorted(self.killed.items()))
        return (
            f"{self.kills} kills ({of}), seed {self.seed}, {self.carrier}: {self.findings.summary()};"
            f" {self.unanswered} attempts unanswered; 0 of {self.kills} means under {100 * 3 / self.kills:.2g} % at 95 %"
        )


def kills_wanted(otherwise: int) -> int:
    """How many kills: ``GUANGYUE_KILLS``, else what the caller says."""
    return int(os.environ.get("GUANGYUE_KILLS") or otherwise)


class Smpp:
    """A carrier by SMPP: another implementation than ours, as a program of its own."""

    name = "SMPP"

    def __init__(self) -> None:
        self.port = free_port()
        self.setting = f"smpp://city:pw@127.0.0.1:{self.port}?source=10690000"
        self.submitted: Counter[tuple[str, str]] = Counter()
        self._child = subprocess.Popen(
            [shutil.which("node") or "node", str(PEER), str(self.port)], cwd=FRONTEND, stdout=subprocess.PIPE, text=True
        )
        self._ear = threading.Thread(target=self._read, daemon=True)
        self._ear.start()

    @staticmethod
    def here() -> bool:
        """Whether it can run on this machine."""
        return shutil.which("node") is not None and (FRONTEND / "node_modules" / "smpp").is_dir()

    def _read(self) -> None:
        assert self._child.stdout is not None
        parts: dict[tuple[str, str], dict[int, str]] = {}
        for line in self._child.stdout:
            said = json.loads(line)
            if said["event"] != "submit":
                continue
            if not said["udh"]:
                self.submitted[said["to"], said["text"]] += 1
                continue
            head = bytes.fromhex(said["udh"][0])
            held = parts.setdefault((said["to"], head[:-2].hex()), {})
            held[head[-1]] = said["text"]
            if len(held) == head[-2]:
                self.submitted[said["to"], "".join(held[n] for n in sorted(held))] += 1
                del parts[said["to"], head[:-2].hex()]

    def end(self) -> None:
        """End it."""
        self._child.terminate()
        self._child.wait(timeout=10)
        self._ear.join(timeout=10)
        if self._child.stdout is not None:
            self._child.stdout.close()


class Gateway:
    """A carrier by HTTP, where SMPP's peer cannot run: the same key again has the same answer and no second message."""

    name = "HTTP gateway"

    def __init__(self) -> None:
        self.submitted: Counter[tuple[str, str]] = Counter()
        known: dict[str, bytes] = {}
        lock = threading.Lock()
        submitted = self.submitted

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                key = self.headers["Idempotency-Key"]
                with lock:
                    if key not in known:
                        submitted[body["to"].removeprefix("+"), body["text"]] += 1
                        known[key] = json.dumps({"ids": [f"G{len(known)}"]}).encode()
                self._answer(known[key])

            def do_GET(self) -> None:
                self._answer(b'{"receipts": [], "next": ""}')

            def _answer(self, text: bytes) -> None:
                with suppress(ConnectionError):
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its signature
                """Silence."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.setting = f"http://city:pw@127.0.0.1:{self._server.server_address[1]}/?source=10690000"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def end(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def receivers() -> Iterator[tuple[Smpp | Gateway, Platform, str]]:
    """A carrier and the traffic platform, and the platform's address."""
    carrier = Smpp() if Smpp.here() else Gateway()
    platform = Platform()
    server = Server(0, platform)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield carrier, platform, f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        carrier.end()


def storm(*, kills: int, seed: int = 1, only: tuple[str, ...] = ()) -> Toll:
    """Kill ``kills`` times, let everything settle, and check.

    Args:
        kills: how many.
        seed: of what is killed and when.
        only: these victims and no others.
    """
    dice = random.Random(seed)
    cars = 60 + 8 * kills
    with (
        receivers() as (carrier, platform, address),
        serving("--web", "2", "--drain", "5", GUANGYUE_SMS=carrier.setting, GUANGYUE_TRAFFIC_PLATFORM=address) as house,
    ):
        house.start()
        dsn = house.cluster.dsn("guangyue")
        people = json.loads(house.run("-m", "bench.faults_city", dsn, str(cars)))
        anchor = time.time()
        with psycopg.connect(dsn, autocommit=True) as db:
            db.execute(
                "update city_clock set anchor_real = to_timestamp(%s), anchor_city = to_timestamp(%s), rate = %s",
                [anchor, anchor, RATE],
            )
        clients = Storm(house.address, people, anchor, seed, cars)
        clients.start()
        killed: Counter[str] = Counter()
        restarts: dict[str, list[float]] = {}
        everybody = (*VICTIMS, *HANGS) if kills >= 100 else VICTIMS
        weighted = [v for v in everybody if not only or v[0] in only]
        while sum(killed.values()) < kills:
            _progress(house, clients)
            time.sleep(dice.uniform(*CALM))
            name = dice.choices([v for v, _ in weighted], [w for _, w in weighted])[0]
            if not _kill(house, name, dice):
                continue
            killed[name] += 1
            restarts.setdefault(name, []).append(_until_good(house))
            if not (done := sum(killed.values())) % TOLD:
                sys.stderr.write(f"  {done} of {kills} kills, {len(clients.ledger.commands)} commands acknowledged\n")
        clients.settle(120)
        house.until(house.good)
        with psycopg.connect(dsn, autocommit=True) as db:
            _drained(db)
            records = [str(r.get("matter", "")) for r in platform.records.values()]
            found = check(db, clients.ledger, house.home / "evidence", dict(carrier.submitted), records)
        keep = os.environ.get("GUANGYUE_KEEP_LOG")
        if keep:
            shutil.copy(house.home / "serve.log", keep)
    return Toll(
        seed, sum(killed.values()), dict(killed), found, carrier.name, clients.ledger.unanswered,
        tuple(clients.ledger.refused), tuple(clients.errors), {k: tuple(v) for k, v in restarts.items()},
    )  # fmt: skip


def _progress(house: Serving, clients: Storm) -> None:
    """Until somebody was told of a command after the last kill, so that every kill meets work."""
    before = len(clients.ledger.commands)
    end = time.monotonic() + 60
    while len(clients.ledger.commands) == before and time.monotonic() < end:
        if house.state() is None:
            house.until_up()
        time.sleep(0.02)


def _kill(house: Serving, name: str, dice: random.Random) -> bool:
    """Kill one; false when it was not there to be killed."""
    if name == "supervisor":
        house.kill()
        house.start(wait=False)
        return True
    if name == "backend":
        server = house.pid_of("postgres")
        found = _backends(server) if server else []
        victim = dice.choice(found) if found else None
    else:
        victim = house.pid_of("postgres" if name == "postmaster" else name.removeprefix("hang "))
    if victim is None:
        return False
    with suppress(ProcessLookupError):
        os.kill(victim, signal.SIGSTOP if name.startswith("hang ") else signal.SIGKILL)
        return True
    return False


def _backends(server: int) -> list[int]:
    """The server's processes that serve the product's connections."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[1]
            if parent == str(server) and b"guangyue guangyue" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return sorted(found)


def _until_good(house: Serving) -> float:
    began = time.monotonic()
    house.until(house.good)
    return time.monotonic() - began


def _drained(db: psycopg.Connection[tuple[object, ...]], seconds: float = 90) -> None:
    """Until nothing more is under way to a receiver, and no clock is overdue."""
    end = time.monotonic() + seconds
    query = (
        "select (select count(*) from outbox where sent_at is null and dead_at is null)"
        " + (select count(*) from deadline where status = 'pending' and due_at < city_now())"
    )
    while time.monotonic() < end:
        row_ = db.execute(query).fetchone()
        if row_ is not None and row_[0] == 0:
            return
        time.sleep(0.2)


def measure() -> Iterable[Row]:
    """A hundred kills, or as many as ``GUANGYUE_KILLS`` says."""
    toll = storm(kills=kills_wanted(100), seed=int(os.environ.get("GUANGYUE_SEED", "5")))
    fine = toll.findings.wrong == 0 and toll.findings.acknowledged > toll.kills and not toll.broken
    bad = [
        *toll.findings.lost,
        *toll.findings.doubled,
        *toll.findings.half,
        *toll.findings.receivers,
        *toll.findings.bytes,
        *toll.broken,
    ]
    yield row("faults.kill", toll.findings.wrong, toll.summary() + "".join(f"; {b}" for b in bad[:10]), ok=fine)


BENCHES = (Bench(("faults.kill",), measure),)
