"""Where the product's code meets the outside, seen by the stage: database, clocks, pauses. Everything behind is real.

Nothing of the product is replaced but the ways out: each statement is a boundary, each pause takes city time, and at a
boundary the dice may abort the transaction, cut the connection before or after the commit, or kill the process.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Self
from unittest.mock import patch

import psycopg
from django.db import DatabaseError, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg import errors
from psycopg.pq import TransactionStatus
from tests.faults.world.stage import Actor, Stage

from guangyue.records.commands import wire
from guangyue.records.commands.tables import WAKE

__all__ = ["Faults", "Pools", "Stop", "wired"]


@dataclass(frozen=True, slots=True)
class Faults:
    """Chances at each boundary.

    Attributes:
        abort: PostgreSQL undoes the transaction (serialisation failure). cut: the connection goes before the statement;
        silent: after a commit, before its answer. kill: the process dies.
    """

    abort: float = 0.0
    cut: float = 0.0
    silent: float = 0.0
    kill: float = 0.0


@dataclass
class Pools:
    """Connections that outlive a thread and a seed; making one costs more than a command."""

    dsn: str
    django: list[DatabaseWrapper] = field(default_factory=list)
    plain: list[psycopg.Connection[Any]] = field(default_factory=list)

    def close(self) -> None:
        """End them all."""
        for one in self.django:
            one.close()
        for raw in self.plain:
            raw.close()


class Stop:
    """An event nobody sets, whose waiting takes city time."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def is_set(self) -> bool:
        return False

    def wait(self, seconds: float = 3600.0) -> bool:
        self._stage.boundary()
        self._stage.sleep(seconds)
        return False


class Line:
    """A connection of the runner, with a boundary before each statement."""

    def __init__(self, world: _Wired, raw: psycopg.Connection[Any]) -> None:
        self._world = world
        self._raw = raw
        self._stage = world.stage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._world.sound(self._raw):
            self._world.pools.plain.append(self._raw)
        else:
            self._raw.close()

    def execute(self, query: Any, params: Any = None, *, prepare: bool | None = None) -> Any:
        if "listen" in str(query):  # the stage wakes whoever waits
            return None
        self._world.before(self._raw)
        return self._stage.call(self._raw.info.backend_pid, lambda: self._raw.execute(query, params, prepare=prepare))

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        with self._raw.transaction():
            yield
        self._stage.boundary(self._world.faults.kill)

    def notifies(self, *, timeout: float, stop_after: int | None = None) -> Iterator[Any]:
        if timeout and stop_after:
            me = self._stage.current
            assert me is not None
            if not self._world.notes.get(me.name):
                self._stage.wait("clocks")
            yield from (SimpleNamespace(payload=n) for n in self._world.notes.pop(me.name, ()))


@dataclass
class _Wired:
    stage: Stage
    pools: Pools
    faults: Faults
    notes: dict[str, list[str]] = field(default_factory=dict)

    def connect(self, *_: object, **__: object) -> Line:
        self.stage.boundary()
        while self.pools.plain:
            raw = self.pools.plain.pop()
            if not raw.closed:
                return Line(self, raw)
        return Line(self, psycopg.connect(self.pools.dsn, autocommit=True))

    def before(self, raw: psycopg.Connection[Any]) -> None:
        self.stage.boundary(self.faults.kill)
        if self.stage.current is not None and self.faults.cut and self.stage.dice.random() < self.faults.cut:
            self.stage.say("connection cut")
            self.stage.cut({raw.info.backend_pid})

    def enter(self, _: Actor) -> None:
        while self.pools.django:
            one = self.pools.django.pop()
            if one.connection is not None and not one.connection.closed:
                connections["default"] = one
                return
        made = DatabaseWrapper(connections.settings["default"], "default")
        made.inc_thread_sharing()
        connections["default"] = made

    def install(self, _: Actor) -> None:
        one = connections["default"]
        one.execute_wrappers[:] = [self.statement]

    def leave(self, _: Actor) -> None:
        one = connections["default"]
        one.execute_wrappers.clear()
        if one.connection is not None and not one.in_atomic_block and self.sound(one.connection):
            self.pools.django.append(one)
        else:
            with contextlib.suppress(DatabaseError, psycopg.Error):
                one.in_atomic_block = False
                one.savepoint_ids = []
                one.close()
        del connections["default"]

    def sound(self, raw: psycopg.Connection[Any]) -> bool:
        """Whether another play may go on with it."""
        idle = not raw.closed and raw.info.transaction_status == TransactionStatus.IDLE
        return idle and raw.info.backend_pid not in self.stage.gone

    def statement(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        raw = context["connection"].connection
        self.before(raw)
        return self.stage.call(raw.info.backend_pid, lambda: execute(sql, params, many, context))


def _asked(world: _Wired, real: Callable[..., Any]) -> Callable[..., Any]:
    """``Wire._ask`` with boundaries on both sides."""
    stage = world.stage

    def ask(self: wire.Wire, before: Any, asked: Any, *after: Any) -> Any:
        if stage.current is None:
            return real(self, before, asked, *after)
        told, raw, faults = list(asked), self._db, world.faults
        world.before(raw)
        if faults.abort and stage.dice.random() < faults.abort:
            stage.say("transaction aborted")
            raise errors.SerializationFailure("could not serialize access (the stage's dice)")
        answer = stage.call(raw.info.backend_pid, lambda: real(self, before, told, *after))
        if after:
            for payload in [p[0].decode() for s, p in told if s is WAKE]:
                for actor in (a for m in stage.machines for a in m.actors if a.name.endswith("/deadlines")):
                    world.notes.setdefault(actor.name, []).append(payload)
                stage.wake("clocks")
            stage.boundary(faults.kill)
            if faults.silent and stage.dice.random() < faults.silent:
                stage.say("committed, and the answer is lost")
                stage.cut({raw.info.backend_pid})
                raise psycopg.OperationalError("the connection was lost after the commit (the stage's dice)")
        return answer

    return ask


@contextlib.contextmanager
def wired(stage: Stage, pools: Pools, faults: Faults) -> Iterator[_Wired]:
    """Tie the product's ways out to the stage for the time of a play."""
    from guangyue.city import clock
    from guangyue.city.personal import installed
    from guangyue.links.traffic_platform import outbox as platform
    from guangyue.records import supervise
    from guangyue.records.deadlines import runner
    from guangyue.records.outbox import dispatch

    world = _Wired(stage, pools, faults)

    def enter(actor: Actor) -> None:
        world.enter(actor)
        world.install(actor)

    stage.enter, stage.leave = enter, world.leave
    own = SimpleNamespace(connect=world.connect, OperationalError=psycopg.OperationalError)
    began = stage.now

    def monotonic() -> float:
        return (stage.now - began).total_seconds()

    def moment() -> float:
        return stage.now.timestamp()

    def let_go() -> None:
        connections["default"].close()

    ticking = SimpleNamespace(monotonic=monotonic, time=moment)
    looking = SimpleNamespace(select=lambda *_: stage.wait("outbox"))
    with contextlib.ExitStack() as stack:
        for where, name, what in (
            (wire.Wire, "_ask", _asked(world, wire.Wire._ask)),
            (supervise, "psycopg", own), (supervise, "time", ticking),
            (supervise, "connections", SimpleNamespace(close_all=let_go)),
            (runner, "psycopg", own), (runner, "time", ticking), (dispatch, "select", looking),
            (clock, "now", lambda: stage.now), (platform, "time", ticking), (installed, "LIFE", 1e9),
        ):  # fmt: skip
            stack.enter_context(patch.object(where, name, what))
        yield world
