"""Clocks: where a term comes from, when it runs, what happens when it lapses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from guangyue.kernel.grammar.base import Element
from guangyue.kernel.grammar.papers import Notice
from guangyue.kernel.grammar.who import Who
from guangyue.law import Span, Text, Unit

Mode = Literal["lapse", "alarm", "reference"]
Late = Literal["fire", "as_late", "drop"]
HALF_AN_HOUR = Span(30, Unit.MINUTE)
TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
MONDAY, SUNDAY = 1, 7


@dataclass(frozen=True, slots=True)
class Term(Element):
    """A term of the catalogue of law or of the city's own promises; its length stands there, never here."""

    code: str


@dataclass(frozen=True, slots=True)
class FromField(Element):
    """A moment that somebody set: the date on a notice, the date agreed."""

    name: str


@dataclass(frozen=True, slots=True)
class Daily(Element):
    """A fixed time of day in the city: the morning meeting, the slots of an evening.

    Attributes:
        at: ``"08:30"``; ``"24:00"`` is the end of the day.
        on: ISO weekdays (1 is Monday); empty: every day.
        working: on working days only.
    """

    at: str
    on: tuple[int, ...] = ()
    working: bool = False

    @property
    def minutes(self) -> int:
        """Minutes after midnight."""
        hour, _, minute = self.at.partition(":")
        return 60 * int(hour) + int(minute)

    @property
    def well_formed(self) -> bool:
        """Whether it names a time of day and days of the week."""
        return bool(TIME_OF_DAY.fullmatch(self.at)) and all(MONDAY <= day <= SUNDAY for day in self.on)

    def falls_on(self, day: date) -> bool:
        """Whether the day of the week is one of those named."""
        return not self.on or day.isoweekday() in self.on


@dataclass(frozen=True, slots=True)
class Deadline(Element):
    """A clock on the matter (期限).

    Attributes:
        key: stable.
        title: what the chip says.
        term: the law's term, the field with the moment, or a time of day.
        during: it runs while the matter is in one of these states, and stops when it leaves them.
        starts_on: the acts that start it (anew at each time); empty: entering ``during`` starts it.
        stops_on: acts that fulfil it without leaving the states.
        mode: ``lapse`` changes the matter, ``alarm`` tells somebody, ``reference`` only shows.
        lapses_to: the state after a lapse.
        does: the act that the clock performs at a lapse. Such an act stands: only bare lapses are undone by what was
            observed in time.
        tells: who is told at a lapse or alarm.
        notices: messages that go out at a lapse.
        repeats: after firing it starts again, so often as it must.
        late: after an outage: ``fire`` at its legal time, ``as_late`` counts from now on, ``drop`` is skipped.
        drop_after: how late a ``drop`` may still fire.
    """

    key: str
    title: Text
    term: Term | FromField | Daily
    during: tuple[str, ...]
    starts_on: tuple[str, ...] = ()
    stops_on: tuple[str, ...] = ()
    mode: Mode = "lapse"
    lapses_to: str = ""
    does: str = ""
    tells: tuple[Who, ...] = ()
    notices: tuple[Notice, ...] = ()
    repeats: bool = False
    late: Late = "fire"
    drop_after: Span | None = None


@dataclass(frozen=True, slots=True)
class Schedule(Element):
    """A rhythm (定期): slots of an evening, rounds, the daily meeting.

    Attributes:
        code: stable.
        title: what the work list says.
        every: the term between two rounds, or the time of day.
        does: the act the clock performs each time.
        during: the states in which it runs.
        late: rounds missed in an outage are dropped unless stated otherwise; the rhythm is kept.
        drop_after: how late a round may still begin.
    """

    code: str
    title: Text
    every: Term | Daily
    does: str
    during: tuple[str, ...]
    late: Late = "drop"
    drop_after: Span = HALF_AN_HOUR
