"""One thing at a time: threads that pass a baton, a clock that jumps, and one seed for all chance.

The product's own code runs unchanged in threads, and blocks as it always does: on the database, on a carrier, on a pause.
Each such place is a *boundary*. There the thread may lose the baton, die with its process, or find its connection gone;
the dice say which, so that the same seed plays the same story. Only one thread runs at a time. A thread that waits for a
row another one holds is told by PostgreSQL's own list of locks: it counts as blocked, and the others go on.

City time stands still (rate 0) and is moved to the next event when nobody has anything left to do.
"""

from __future__ import annotations

import heapq
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import psycopg

__all__ = ["Actor", "KilledError", "Machine", "Stage", "StuckError"]

BLINK = 0.005
"""Seconds after which we look whether a thread waits for a lock."""
PATIENCE = 20.0
SERVED = ("sms", "traffic_platform")
NEXT = """
    update city_clock set anchor_real = clock_timestamp(), rate = 0, anchor_city = greatest(%(now)s, least(%(event)s,
        case when t.due > %(now)s - %(lead)s then t.due + %(lead)s else %(now)s + interval '1 second' end))
    from (select d.due as clocks, o.due as outbox, coalesce(least(d.due, o.due), 'infinity') as due from
        (select min(coalesce(next_attempt_at, due_at)) as due from deadline where status = 'pending') d,
        (select min(next_attempt_at) as due from outbox
            where sent_at is null and dead_at is null and channel = any(%(served)s)) o) t
    returning anchor_city, t.clocks < anchor_city, t.outbox <= anchor_city
"""
"""Move the clock to the next event, or to just after something falls due; what is due and not done is looked at again
a second later."""


class KilledError(BaseException):
    """The process of this thread was killed: nothing more may happen in it."""


class StuckError(AssertionError):
    """Nobody can go on, and nothing will happen."""


@dataclass
class Actor:
    """A thread of a simulated process.

    Attributes:
        work: what it does until it is killed or done. waits: what it is parked for: ``clocks``, ``outbox``, ``post``.
        pids: its connections' backends.
    """

    name: str
    machine: Machine
    work: Callable[[], None]
    state: str = "new"
    waits: str = ""
    woken: float = 0
    since: int = 0
    calling: int = 0
    pids: set[int] = field(default_factory=set)
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


@dataclass
class Machine:
    """A simulated process: what is killed together.

    Attributes:
        fragile: whether it may be killed by chance. lives: how often it was started.
    """

    name: str
    fragile: bool = True
    dead: bool = False
    lives: int = 1
    actors: list[Actor] = field(default_factory=list)


class Stage:
    """The scheduler. All methods but :meth:`play` are called by whoever holds the baton."""

    def __init__(self, seed: int, start: datetime, root: psycopg.Connection[Any], *, restless: float = 0.1) -> None:
        """Begin at a moment of city time; ``restless`` is the chance to lose the baton at a boundary."""
        self.dice = random.Random(seed)
        self.root = root
        self.now = start
        self.restless = restless
        self.story: list[str] = []
        self.current: Actor | None = None
        self.machines: list[Machine] = []
        self.failure: BaseException | None = None
        self.gone: set[int] = set()
        self.steps = self.deaths = self.blocked_seen = 0
        self.enter: Callable[[Actor], None] = lambda _: None
        self.leave: Callable[[Actor], None] = lambda _: None
        self.on_death: Callable[[Machine], None] = lambda _: None
        self._order = count()
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._ready: list[Actor] = []
        self._blocked: list[Actor] = []
        self._parked: list[Actor] = []
        self._back = threading.Semaphore(0)
        self._door = threading.Lock()

    # --- what scripts call -------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """A line of the story."""
        who = self.current.name if self.current else "·"
        self.story.append(f"{self.now:%H:%M:%S.%f}"[:-3] + f" {who:<12} {text}")

    def at(self, moment: datetime, what: Callable[[], None]) -> None:
        """Let something happen."""
        heapq.heappush(self._events, (max(moment, self.now), next(self._order), what))

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        """The same, from now on."""
        self.at(self.now + timedelta(seconds=seconds), what)

    def machine(self, name: str, works: dict[str, Callable[[], None]], *, fragile: bool = True) -> Machine:
        """A process with its threads, started now."""
        made = Machine(name, fragile)
        made.actors = [Actor(f"{name}/{part}", made, work) for part, work in works.items()]
        self.machines.append(made)
        for actor in made.actors:
            self._start(actor)
        return made

    # --- what runs inside the threads --------------------------------------------------------------------------

    def pause(self) -> None:
        """Give the baton away; it comes back in this same moment."""
        self._hand_over("ready", self._ready)

    def sleep(self, seconds: float) -> None:
        """Let time pass for this thread."""
        me = self.current
        assert me is not None
        until = self.now + timedelta(seconds=seconds)
        me.since += 1
        mark = me.since
        self.at(until, lambda: self._rouse(me, mark))
        self._hand_over("parked", self._parked)

    def wait(self, what: str, longest: float | None = None) -> None:
        """Park until something is due (``clocks``, ``outbox``) or :meth:`wake` names it."""
        me = self.current
        assert me is not None
        me.waits = what
        try:
            if longest is not None:
                self.sleep(longest)
            else:
                self._hand_over("parked", self._parked)
        finally:
            me.waits = ""

    def wake(self, what: str, only: Machine | None = None) -> None:
        """Rouse whoever waits for something."""
        for actor in [a for a in self._parked if a.waits == what and (only is None or a.machine is only)]:
            self._parked.remove(actor)
            actor.since += 1
            self._ready.append(actor)

    def boundary(self, deadly: float = 0.0) -> None:
        """A place where a process meets the outside: it may be interrupted here, or die."""
        me = self.current
        if me is None:  # the scheduler's own connection, or a thread that is clearing up
            return
        if me.machine.dead:
            raise KilledError(me.name)
        self.steps += 1
        if self.dice.random() < self.restless:
            self.pause()
        if deadly and me.machine.fragile and self.dice.random() < deadly:
            self.kill(me.machine)
            raise KilledError(me.name)

    def call(self, pid: int, what: Callable[[], Any]) -> Any:
        """Something that may wait for a lock: while it does, others have the baton."""
        me = self.current
        if me is None or me.machine.dead:
            return what()
        me.pids.add(pid)
        me.calling = pid
        fault: BaseException | None = None
        answer = None
        try:
            answer = what()
        except BaseException as trouble:  # noqa: BLE001 - handed on below, with the baton
            fault = trouble
        with self._door:
            me.calling = 0
            blocked = me.state == "blocked"
            if blocked:
                me.state = "returned"
        if blocked:
            me.go.acquire()
            if me.machine.dead:
                raise KilledError(me.name)
        if fault is not None:
            raise fault
        return answer

    # --- life and death ----------------------------------------------------------------------------------------

    def kill(self, machine: Machine, back_in: float | None = None) -> None:
        """Kill -9: no thread of the process does anything more, and its transactions are undone."""
        if machine.dead:
            return
        machine.dead = True
        self.deaths += 1
        self.say(f"† {machine.name}")
        self.cut({p for a in machine.actors for p in a.pids})
        for actor in machine.actors:
            if actor in self._parked:
                self._parked.remove(actor)
                self._ready.append(actor)
        self.on_death(machine)
        back = back_in if back_in is not None else self.dice.uniform(0.5, 30)
        self.after(back, lambda: self._again(machine))

    def cut(self, pids: set[int]) -> None:
        """End connections as the server sees it, and wait until what they held is free."""
        if not pids:
            return
        self.gone |= pids
        self.root.execute("select pg_terminate_backend(p) from unnest(%s::int[]) p", [sorted(pids)])
        until = time.monotonic() + PATIENCE
        while self.root.execute("select 1 from pg_stat_activity where pid = any(%s)", [sorted(pids)]).fetchone():
            assert time.monotonic() < until, "a backend does not end"
            time.sleep(0.0005)

    def _again(self, machine: Machine) -> None:
        if any(actor.state != "over" for actor in machine.actors):
            self.after(0.001, lambda: self._again(machine))
            return
        machine.dead = False
        machine.lives += 1
        self.say(f"{machine.name} is back")
        for actor in machine.actors:
            self._start(actor)

    def _start(self, actor: Actor) -> None:
        actor.pids.clear()
        actor.state, actor.waits, actor.go = "ready", "", threading.Semaphore(0)
        threading.Thread(target=self._live, args=(actor,), name=actor.name, daemon=True).start()
        self._ready.append(actor)

    def _live(self, actor: Actor) -> None:
        actor.go.acquire()
        try:
            if not actor.machine.dead:
                self.enter(actor)
                actor.work()
        except KilledError:
            pass
        except BaseException as trouble:  # noqa: BLE001 - shown by the scheduler
            if not actor.machine.dead:
                self.failure = trouble
        self.current = None
        self.leave(actor)
        actor.state = "over"
        self._back.release()

    # --- the scheduler -----------------------------------------------------------------------------------------

    def play(self, until: datetime, settled: Callable[[], bool] | None = None) -> None:
        """Go on until a moment, or until ``settled`` says that nothing is left to do then."""
        while True:
            self._settle()
            if self.failure is not None:
                raise self.failure
            if self._ready:
                self._resume(self._ready.pop(self.dice.randrange(len(self._ready))))
            elif self._blocked:
                time.sleep(BLINK)  # PostgreSQL undoes a deadlock by itself, after its own pause
            elif self.now >= until and (settled is None or settled()):
                return
            else:
                self._advance(until)

    def finish(self) -> None:
        """End all threads; nothing is killed, they simply stop where they are."""
        for machine in self.machines:
            machine.dead = True
        while self._parked or self._ready or self._blocked:
            self._settle()
            for actor in [*self._parked, *self._ready]:
                (self._parked if actor in self._parked else self._ready).remove(actor)
                self._resume(actor)

    def _advance(self, until: datetime) -> None:
        event = self._events[0][0] if self._events else max(until, self.now + timedelta(minutes=10))
        if self.now >= until + timedelta(hours=6):
            raise StuckError("it does not come to rest")
        lead = timedelta(milliseconds=self.dice.randrange(1, 1500))
        asked = {"now": self.now, "event": event, "lead": lead, "served": list(SERVED)}
        self.now, clocks, outbox = self.root.execute(NEXT, asked).fetchone()  # type: ignore[misc]
        while self._events and self._events[0][0] <= self.now:
            heapq.heappop(self._events)[2]()
        for due, what in ((clocks, "clocks"), (outbox, "outbox")):
            if due:
                self.wake(what)

    def _rouse(self, actor: Actor, mark: int) -> None:
        if actor.since == mark and actor in self._parked:
            self._parked.remove(actor)
            self._ready.append(actor)

    def _hand_over(self, state: str, where: list[Actor]) -> None:
        me = self.current
        assert me is not None
        if me.machine.dead:
            raise KilledError(me.name)
        me.state = state
        where.append(me)
        self._back.release()
        me.go.acquire()
        if me.machine.dead:
            raise KilledError(me.name)

    def _resume(self, actor: Actor) -> None:
        self.current = actor
        actor.state = "running"
        actor.go.release()
        while not self._back.acquire(timeout=BLINK):
            pid = actor.calling
            if pid and self._waits(pid):
                with self._door:
                    if actor.calling == pid:
                        actor.state = "blocked"
                        self.blocked_seen += 1
                        self._blocked.append(actor)
                        break
        self.current = None

    def _settle(self) -> None:
        """Who was blocked and is not any more takes part again."""
        for actor in list(self._blocked):
            until = time.monotonic() + PATIENCE
            while actor.state == "blocked" and not self._waits(actor.calling):
                assert time.monotonic() < until, f"{actor.name} neither waits nor comes back"
                time.sleep(0.0003)
            if actor.state == "returned":
                self._blocked.remove(actor)
                self._ready.append(actor)

    def _waits(self, pid: int) -> bool:
        return bool(
            self.root.execute("select 1 from pg_locks where pid = %s and not granted limit 1", [pid]).fetchone()
        )
