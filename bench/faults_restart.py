"""How long people wait after a kill: from the signal to the first good answer, with somebody knocking all the while.

``worker``: one of two web workers dies; whoever knocks is answered by the other one, or by its replacement. ``main``: the
supervisor is killed with everything under it, PostgreSQL included, and started again at once, as the system would.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterable

from tests.faults.serving import Serving, serving

from bench.table import Bench, Row, row

__all__ = ["BENCHES"]

TIMES = int(os.environ.get("BENCH_RESTARTS", "30"))
PAUSE = 0.2, 0.8


def measure() -> Iterable[Row]:
    """Thirty kills of each, or as many as ``BENCH_RESTARTS`` says."""
    dice = random.Random(3)
    with serving("--web", "2") as house:
        house.start()
        people = json.loads(house.run("-m", "bench.web_people", house.cluster.dsn("guangyue")))
        token = people["officer0"]["token"]
        workers = [_worker(house, token, dice) for _ in range(TIMES)]
        mains = [_main(house, token) for _ in range(TIMES)]
    for name, times in (("worker", workers), ("main", mains)):
        how = (
            f"{len(times)} kills, median {statistics.median(times):.2f} s, worst {max(times):.2f} s,"
            f" load {os.getloadavg()[0]:.1f}; p99 of so few is the worst"
        )
        yield row(f"faults.restart.{name}", max(times), how, ok=len(times) >= 30)


def _worker(house: Serving, token: str, dice: random.Random) -> float:
    """The longest that anybody of four waited between two good answers, while a worker was killed under them."""
    victim = dice.choice(("web-1", "web-2"))
    house.until(lambda: (s := house.state()) is not None and s.up)
    before = house.pid_of(victim)
    assert before is not None
    waits, stop = [0.0] * 4, threading.Event()
    killed = threading.Event()

    def knock(number: int) -> None:
        last = time.monotonic()
        while not stop.is_set():
            if _good(house.port, token):
                now = time.monotonic()
                if killed.is_set():
                    waits[number] = max(waits[number], now - last)
                last = now

    knocking = [threading.Thread(target=knock, args=(n,)) for n in range(4)]
    for one in knocking:
        one.start()
    time.sleep(dice.uniform(*PAUSE))
    killed.set()
    os.kill(before, 9)
    house.until(lambda: house.pid_of(victim) not in {None, before})
    house.until(lambda: (s := house.state()) is not None and s.up)
    stop.set()
    for one in knocking:
        one.join()
    return max(waits)


def _main(house: Serving, token: str) -> float:
    began = time.monotonic()
    house.kill()
    house.start(wait=False)
    _until(lambda: _good(house.port, token))
    took = time.monotonic() - began
    house.until_up()
    return took


def _until(found: Callable[[], bool]) -> None:
    while not found():
        time.sleep(0.01)


def _good(port: int, token: str) -> bool:
    """Whether a read of matters, through the database, is answered 200."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request("GET", "/api/matters?most=1", headers={"Authorization": f"Bearer {token}"})
        answer = line.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
    return answer.status == 200


BENCHES = (Bench(("faults.restart.worker", "faults.restart.main"), measure),)
