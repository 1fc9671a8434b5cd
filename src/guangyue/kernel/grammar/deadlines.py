"""Clocks: where a term comes from, when it runs, what happens when it lapses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guangyue.kernel.grammar.base import Element
from guangyue.kernel.grammar.papers import Notice
from guangyue.kernel.grammar.who import Who
from guangyue.law import Span, Text, Unit

Mode = Literal["lapse", "alarm", "reference"]
Late = Literal["fire", "as_late", "drop"]
HALF_AN_HOUR = Span(30, Unit.MINUTE)


@dataclass(frozen=True, slots=True)
class Term(Element):
    """A term of the catalogue of law or of the city's own promises; its length stands there, never here."""

    code: str


@dataclass(frozen=True, slots=True)
class FromField(Element):
    """A moment that somebody set: the date on a notice, the date agreed."""

    name: str


@dataclass(frozen=True, slots=True)
class Deadline(Element):
    """A clock on the matter (期限).

    Attributes:
        key: stable.
        title: what the chip says.
        term: the law's term, or the field with the moment.
        during: it runs while the matter is in one of these states, and stops when it leaves them.
        starts_on: the acts that start it (anew at each time); empty: entering ``during`` starts it.
        stops_on: acts that fulfil it without leaving the states.
        mode: ``lapse`` changes the matter, ``alarm`` tells somebody, ``reference`` only shows.
        lapses_to: the state after a lapse.
        does: the act that the clock performs at a lapse, instead of a bare change of state.
        tells: who is told at a lapse or alarm.
        notices: messages that go out at a lapse.
        repeats: after firing it starts again, so often as it must.
        late: after an outage: ``fire`` at its legal time, ``as_late`` counts from now on, ``drop`` is skipped.
        drop_after: how late a ``drop`` may still fire.
    """

    key: str
    title: Text
    term: Term | FromField
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
        every: the term between two rounds.
        does: the act the clock performs each time.
        during: the states in which it runs.
        late: rounds missed in an outage are dropped unless stated otherwise.
        drop_after: how late a round may still begin.
    """

    code: str
    title: Text
    every: Term
    does: str
    during: tuple[str, ...]
    late: Late = "drop"
    drop_after: Span = HALF_AN_HOUR
