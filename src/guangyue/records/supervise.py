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

__all__ = ["PARTS", "Supervisor", "conninfo", "parts"]

log = structlog.get_logger(__name__)
PARTS = ("deadlines", "outbox", "seals", "upkeep")
UPKEEP = 30.0
SHORTEST, LONGEST = 0.5, 30.0
GRACE = 10.0
Stop = threading.Event
Part = Callable[[Stop], None]


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

    def deadlines(stop: Stop) -> None:
        Runner(dsn, library, stop=stop).work()

    def outbox(stop: Stop) -> None:
        with psycopg.connect(dsn, autocommit=True, application_name="guangyue outbox") as raw:
            Dispatcher(raw).run(stop.is_set, longest=0.5)

    def seals(stop: Stop) -> None:
        key = signing_key()
        while not stop.wait(seal_every):
            made = seal(key)
            if made is not None:
                log.info("seal.made", n=made.n, leaves=made.leaves)

    def upkeep(stop: Stop) -> None:
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
        self.stop = Stop()
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

    def _keep(self, name: str, part: Part) -> None:
        pause = self._shortest
        while not self.stop.is_set():
            began = time.monotonic()
            try:
                part(self.stop)
            except Exception:
                self.failures[name] += 1
                if time.monotonic() - began > 2 * LONGEST:
                    pause = self._shortest
                log.exception("runner.part_failed", part=name, again_in=pause)
                self.stop.wait(pause)
                pause = min(2 * pause, LONGEST)
            finally:
                connections.close_all()
