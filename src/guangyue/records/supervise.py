"""The work behind the pages, in one process: clocks, outbox, seals, rollups (后台作业).

Each part works on a connection of its own in a thread of its own. A part that fails is started again after a pause that
doubles; what it had locked is free by then, and what it had not committed has not happened. Any number of such processes
may run.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import psycopg
import structlog
from django.db import connection, connections
from typing_extensions import override

from guangyue.records.commands.prune import forget_answers
from guangyue.records.database import alone
from guangyue.records.deadlines import Runner
from guangyue.records.figures.rollup import roll
from guangyue.records.figures.standing import stand
from guangyue.records.library import LIBRARY
from guangyue.records.matters import forget_changes
from guangyue.records.outbox.dispatch import Dispatcher
from guangyue.records.seals.sealing import seal, signing_key

if TYPE_CHECKING:
    from guangyue.records.library import Library

__all__ = ["PARTS", "PATIENCE", "Supervisor", "Turn", "conninfo", "parts"]

log = structlog.get_logger(__name__)
PARTS = ("deadlines", "outbox", "seals", "upkeep")
UPKEEP = 30.0
SHORTEST, LONGEST = 0.5, 30.0
GRACE = 10.0
PATIENCE = {"deadlines": 120.0, "outbox": 1200.0, "seals": 900.0, "upkeep": 1800.0}
"""Seconds after which a part that does not come round counts as hung: longer than its longest honest round."""
Part = Callable[["Turn"], None]


class Turn(threading.Event):
    """A part's own view of the common end: each look at it is a sign that the part still goes round."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__()
        self._stop = stop
        self._allowed = time.monotonic()

    @override
    def is_set(self) -> bool:
        self._allowed = time.monotonic()
        return self._stop.is_set()

    @override
    def wait(self, timeout: float | None = None) -> bool:
        self._allowed = time.monotonic() + (timeout or 0.0)
        stopped = self._stop.wait(timeout)
        self._allowed = time.monotonic()
        return stopped

    def late(self) -> float:
        """Seconds for which it has not looked, beyond what it said it would wait."""
        return max(0.0, time.monotonic() - self._allowed)


def conninfo() -> str:
    """How Django's database is reached, for connections beside Django's."""
    given = connection.get_connection_params()
    known = {
        k: v for k, v in given.items() if k in {"host", "port", "user", "password", "dbname", "sslmode", "options"}
    }
    return psycopg.conninfo.make_conninfo(**known)


def parts(dsn: str, *, seal_every: float = 300.0, library: Library = LIBRARY) -> dict[str, Part]:
    """All parts by name.

    Args:
        dsn: the database, as the role that serves.
        seal_every: seconds between two seals: the window in which triggers alone guard what was written.
        library: the procedures.
    """

    def deadlines(stop: Turn) -> None:
        Runner(dsn, library, stop=stop).work()

    def outbox(stop: Turn) -> None:
        with psycopg.connect(dsn, autocommit=True, application_name="guangyue outbox") as raw:
            Dispatcher(raw).run(stop.is_set, longest=0.5)

    def seals(stop: Turn) -> None:
        key = signing_key()
        while not stop.wait(seal_every):
            made = seal(key)
            if made is not None:
                log.info("seal.made", n=made.n, leaves=made.leaves)

    def upkeep(stop: Turn) -> None:
        while not stop.wait(UPKEEP):
            with alone() as raw:
                roll(raw)
                stand(raw)
            with alone() as raw:
                forget_changes(raw)
                forget_answers(raw)

    return {"deadlines": deadlines, "outbox": outbox, "seals": seals, "upkeep": upkeep}


class Supervisor:
    """Keeps parts at work until told to stop."""

    def __init__(self, chosen: Mapping[str, Part], *, shortest: float = SHORTEST) -> None:
        """Name the parts; nothing runs yet."""
        self._shortest = shortest
        self.stop = threading.Event()
        self.turns = {name: Turn(self.stop) for name in chosen}
        self.failures: dict[str, int] = dict.fromkeys(chosen, 0)
        self._threads = {
            name: threading.Thread(target=self._keep, args=(name, part), name=name, daemon=True)
            for name, part in chosen.items()
        }

    def start(self) -> None:
        """Set all parts to work."""
        for thread in self._threads.values():
            thread.start()

    def end(self, grace: float = GRACE) -> list[str]:
        """Let every part finish what it has in hand; answers with those that did not within the grace."""
        self.stop.set()
        until = time.monotonic() + grace
        for thread in self._threads.values():
            thread.join(max(0.0, until - time.monotonic()))
        return [name for name, thread in self._threads.items() if thread.is_alive()]

    def hung(self) -> list[str]:
        """The parts that have not come round for longer than they honestly may."""
        return [name for name, turn in self.turns.items() if turn.late() > PATIENCE.get(name, 1800.0)]

    def _keep(self, name: str, part: Part) -> None:
        pause = self._shortest
        while not self.stop.is_set():
            began = time.monotonic()
            try:
                part(self.turns[name])
            except Exception:
                self.failures[name] += 1
                if time.monotonic() - began > 2 * LONGEST:
                    pause = self._shortest
                log.exception("runner.part_failed", part=name, again_in=pause)
                self.turns[name].wait(pause)
                pause = min(2 * pause, LONGEST)
            finally:
                connections.close_all()
