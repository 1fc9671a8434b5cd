"""One program kept running, as a pure state machine: it is told what happened and when, and says what is to be done.

::

    WAITING ──start──> STARTING ──ready──> READY ──told──> ENDING ──exit──> OVER
       ^                  │ exit, late       │ exit, silent
       └──── pause ───────┴── PAUSED <───────┘

A program that ends by itself starts again after a pause that doubles each time and varies by chance, so that several do
not come back in step. A while in health resets the pause. It is never given up.
"""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Any

__all__ = ["Action", "Go", "Keeper", "Patience", "Phase", "Program", "Said", "Signal", "Start"]

LOUD = 5
"""Failures in a row from which on each is told as an error."""
KILLED_AND_THERE = 5.0
"""Seconds after which a program that was told to end at once is killed beyond asking."""


class Phase(StrEnum):
    """Where a program stands."""

    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    ENDING = "ending"
    PAUSED = "paused"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long is waited for what, in seconds.

    Attributes:
        ready: from the start to the first sign of readiness.
        silent: without a sign of life, before it counts as hung.
        end: from being told to end until it is ended.
        first: the first pause before it starts again. longest: where the doubling stops.
        healthy: in readiness, after which earlier failures are forgotten.
    """

    ready: float = 120.0
    silent: float = 20.0
    end: float = 25.0
    first: float = 0.1
    longest: float = 30.0
    healthy: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What is kept running.

    Attributes:
        needs: names of programs that must be ready when it starts.
        pulse: whether it tells that it is ready and lives; without, it is ready as soon as it runs.
        probe: a command whose success is the sign of life of a program that cannot give one.
        step: runs once, and is ready when it has ended well.
        wanted: whether it starts again when it ends by itself.
        early: whether it may load itself before what it needs is ready; it then waits for the word.
        lets_first: names of programs that people wait for; while one of them starts, this one holds back a little.
        listens: whether it inherits what is listened on.
        reloads: whether a reload replaces it.
        end: the signal that asks it to end. at_once: the one that ends it now. orphaned: the one that the kernel sends
            when the supervisor dies.
        log: a file for its words; without, they go where the supervisor's go.
    """

    name: str
    command: tuple[str, ...]
    title: str = ""
    needs: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    patience: Patience = Patience()
    pulse: bool = False
    probe: tuple[str, ...] = ()
    step: bool = False
    wanted: bool = True
    early: bool = False
    lets_first: tuple[str, ...] = ()
    listens: bool = False
    reloads: bool = False
    end: int = signal.SIGTERM
    at_once: int = signal.SIGKILL
    orphaned: int = signal.SIGKILL
    log: Path | None = None

    @property
    def watched(self) -> bool:
        """Whether its life shows at all."""
        return self.pulse or bool(self.probe)


@dataclass(frozen=True, slots=True)
class Start:
    """Start the program."""

    key: str


@dataclass(frozen=True, slots=True)
class Go:
    """Tell a program that has loaded itself early that what it needs is there."""

    key: str


@dataclass(frozen=True, slots=True)
class Signal:
    """Send a signal to the program and all it has started."""

    key: str
    number: int


@dataclass(frozen=True, slots=True)
class Said:
    """Something for the log."""

    level: str
    event: str
    more: Mapping[str, Any]


Action = Start | Go | Signal | Said


class Keeper:
    """One life after another of one program.

    Args:
        key: its name, with a number behind it once it replaces another one of the name.
        dice: for the jitter.
    """

    def __init__(self, program: Program, dice: Random, *, key: str = "", now: float = 0.0) -> None:
        self.program = program
        self.key = key or program.name
        self.phase = Phase.WAITING
        self.since = now
        self.pid: int | None = None
        self.starts = 0
        self.failures = 0
        self.last_end = ""
        self.details: Mapping[str, Any] = {}
        self.heard = now
        self._dice = dice
        self._until = now
        self._why = ""
        self._over = False
        self.held = False

    @property
    def ready(self) -> bool:
        """Whether others may rely on it."""
        return self.phase is Phase.READY or (self.program.step and self.phase is Phase.OVER and not self.last_end)

    @property
    def runs(self) -> bool:
        """Whether there is a process."""
        return self.phase in {Phase.STARTING, Phase.READY, Phase.ENDING}

    def start(self, now: float) -> list[Action]:
        """What it needs is there."""
        self.starts += 1
        self._enter(Phase.STARTING, now, now + self.program.patience.ready)
        self.heard, self.last_end, self.held = now, "", self.program.early
        return [Start(self.key), self._say("info", "program.starting")]

    def go(self, now: float) -> list[Action]:
        """What it needs is there, for a program that has started early."""
        self.held = False
        self._until = now + self.program.patience.ready
        return [Go(self.key)]

    def started(self, pid: int, now: float) -> list[Action]:
        """The process is there."""
        self.pid = pid
        if not self.program.watched and not self.program.step and self.phase is Phase.STARTING:
            return self.beat({}, now)
        return []

    def beat(self, details: Mapping[str, Any], now: float) -> list[Action]:
        """A sign of life; the first one says that it is ready."""
        self.heard = now
        self.details = details or self.details
        if self.phase is Phase.STARTING and not self.program.step:
            took = round(now - self.since, 3)
            self._enter(Phase.READY, now, now)
            return [self._say("info", "program.ready", seconds=took)]
        return []

    def end(self, now: float, why: str = "") -> list[Action]:
        """It is to end and not to come back, having finished what it has in hand."""
        self._over = True
        if not self.runs:
            self._enter(Phase.OVER, now, now)
            return []
        if self.phase is Phase.ENDING:
            return []
        self._enter(Phase.ENDING, now, now + self.program.patience.end)
        return [Signal(self.key, self.program.end), self._say("info", "program.told_to_end", why=why)]

    def kill(self, now: float, why: str) -> list[Action]:
        """It is to end at once; whether it comes back was said before."""
        if not self.runs:
            if self._over:
                self._enter(Phase.OVER, now, now)
            return []
        self._why = self._why or why
        self._enter(Phase.ENDING, now, now + KILLED_AND_THERE)
        return [Signal(self.key, self.program.at_once), self._say("warning", "program.killed", why=why)]

    def kill_for_good(self, now: float, why: str) -> list[Action]:
        """It is to end at once and not to come back."""
        self._over = True
        return self.kill(now, why)

    def ended(self, code: int, now: float) -> list[Action]:
        """The process is gone."""
        how, self._why = self._why or _how(code), ""
        said, self.pid = self._ended(code, how, now), None
        return said

    def _ended(self, code: int, how: str, now: float) -> list[Action]:
        lived = now - self.since
        if self.program.step and code == 0:
            self._enter(Phase.OVER, now, now)
            return [self._say("info", "program.done", seconds=round(lived, 3))]
        if self._over:
            self._enter(Phase.OVER, now, now)
            self.last_end = how
            return [self._say("info", "program.ended", how=how)]
        self.last_end = how
        if not self.program.wanted:
            self._enter(Phase.OVER, now, now)
            return [self._say("warning", "program.ended_by_itself", how=how)]
        self._enter(Phase.PAUSED, now, now)
        pause = self.pause()
        self.failures += 1
        self._until = now + pause
        level = "error" if self.failures >= LOUD else "warning"
        event = "program.will_not_stay_up" if self.failures >= LOUD else "program.ended_by_itself"
        return [self._say(level, event, how=how, failures=self.failures, again_in=round(pause, 3))]

    def pause(self) -> float:
        """Seconds before the next start: doubled with each failure, and shortened by up to a half by chance."""
        patience = self.program.patience
        doubled = patience.first * float(2 ** min(self.failures, 30))
        return min(patience.longest, doubled) * self._dice.uniform(0.5, 1.0)

    def tick(self, now: float) -> list[Action]:
        """What has become due."""
        if self.phase is Phase.PAUSED and now >= self._until:
            self._enter(Phase.WAITING, now, now)
        elif self.phase is Phase.STARTING and not self.held and now >= self._until:
            return self.kill(now, f"not ready within {self.program.patience.ready:g} s")
        elif self.phase is Phase.READY and self.program.watched and now >= self.heard + self.program.patience.silent:
            return self.kill(now, f"silent for {self.program.patience.silent:g} s")
        elif self.phase is Phase.ENDING and now >= self._until:
            self._until = now + KILLED_AND_THERE
            self._why = self._why or "did not end in time"
            return [Signal(self.key, signal.SIGKILL), self._say("warning", "program.killed", why=self._why)]
        return []

    def due(self) -> float | None:
        """When `tick` has something to do at the earliest."""
        if self.phase in {Phase.PAUSED, Phase.ENDING} or (self.phase is Phase.STARTING and not self.held):
            return self._until
        if self.phase is Phase.READY and self.program.watched:
            return self.heard + self.program.patience.silent
        return None

    def _enter(self, phase: Phase, now: float, until: float) -> None:
        if self.phase is Phase.READY and now - self.since >= self.program.patience.healthy:
            self.failures = 0
        if phase is not self.phase:
            self.phase, self.since = phase, now
        self._until = until

    def _say(self, level: str, event: str, **more: object) -> Said:
        return Said(level, event, {"program": self.key, "pid": self.pid, **{k: v for k, v in more.items() if v != ""}})


def _how(code: int) -> str:
    if code < 0:
        try:
            return f"signal {signal.Signals(-code).name}"
        except ValueError:
            return f"signal {-code}"
    return f"exit {code}"
