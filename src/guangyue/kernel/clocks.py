"""Starting, stopping, extending, suspending and resuming clocks. All arithmetic is the law's; here is only its use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from guangyue.kernel.command import Facts
from guangyue.kernel.decision import Stop
from guangyue.kernel.grammar.deadlines import Deadline, Term
from guangyue.kernel.grammar.verbs import Extend
from guangyue.kernel.matter import Armed, Matter
from guangyue.kernel.reasons import Reason
from guangyue.law import CITY, Due, LawError, Span, TermRule, due, remaining, resuming

RUNNING = frozenset({"pending", "reference"})


@dataclass(frozen=True, slots=True)
class Start:
    """Where and when a clock starts."""

    deadline: Deadline
    key: str
    at: datetime
    values: Mapping[str, object]


def arm(start: Start, occurrence: int, facts: Facts) -> Armed | Reason:
    """A clock that starts now, or why it cannot."""
    deadline = start.deadline
    status = "reference" if deadline.mode == "reference" else "pending"
    if isinstance(deadline.term, Term):
        try:
            rule = facts.law.term(deadline.term.code, start.at)
            end = due(rule, start.at, facts.calendar)
        except LawError as error:
            return Reason("requires.condition", {"title": error.text})
        return _armed(start.key, occurrence, rule.code, start.at, end, rule.span, status)
    name = deadline.term.name
    value = start.values.get(name)
    end_at = _moment(value)
    if end_at is None:
        return Reason("deadline.value_missing", {"title": deadline.title, "name": name}, field=name)
    whole_day = not isinstance(value, datetime)
    return Armed(
        key=start.key, occurrence=occurrence, rule=f"field:{name}", started_at=start.at, due_at=end_at,
        inclusive=not whole_day, provisional=False, calendar=facts.calendar.version, status=status,  # type: ignore[arg-type]
    )  # fmt: skip


def _moment(value: object) -> datetime | None:
    """A moment as it is; a day as its end, 24:00 in the city."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=CITY) + timedelta(days=1)
    return None


def _armed(key: str, occurrence: int, rule: str, at: datetime, end: Due, span: Span, status: str) -> Armed:
    return Armed(
        key=key, occurrence=occurrence, rule=rule, started_at=at, due_at=end.at, inclusive=end.inclusive,
        provisional=end.provisional, calendar=end.calendar_version, status=status, span=span,  # type: ignore[arg-type]
    )  # fmt: skip


def next_occurrence(matter: Matter, key: str) -> int:
    """The number of a clock that starts (again)."""
    known = matter.deadlines.get(key)
    return known.occurrence + 1 if known else 1


def stop(matter: Matter, keys: Iterable[str], status: str) -> list[Stop]:
    """Stops those of the clocks that run or are suspended."""
    found: list[Stop] = []
    for key in keys:
        armed = matter.deadlines.get(key)
        if armed is not None and (armed.status in RUNNING or armed.status == "suspended"):
            found.append(Stop(key, armed.occurrence, status))  # type: ignore[arg-type]
    return found


def suspend(matter: Matter, keys: Iterable[str], at: datetime, facts: Facts) -> list[Stop]:
    """Suspends running clocks; each keeps what remains, in its rule's own unit. Field-held moments run on."""
    stops: list[Stop] = []
    for key in keys:
        armed = matter.deadlines.get(key)
        if armed is None or armed.status not in RUNNING or armed.span is None:
            continue
        left = remaining(armed.span, armed.started_at, at, facts.calendar)
        stops.append(Stop(key, armed.occurrence, "suspended", left))
    return stops


def resume(matter: Matter, deadlines: Mapping[str, Deadline], at: datetime, facts: Facts) -> list[Armed]:
    """Starts all suspended clocks again with what remained; each is a new occurrence."""
    arms: list[Armed] = []
    for key, armed in matter.deadlines.items():
        if armed.status != "suspended" or armed.remaining is None:
            continue
        deadline = deadlines.get(key)
        status = "reference" if deadline is not None and deadline.mode == "reference" else "pending"
        end = due(resuming(_rule(armed, facts), armed.remaining), at, facts.calendar)
        again = _armed(key, armed.occurrence + 1, armed.rule, at, end, armed.remaining, status)
        arms.append(replace(again, granted=armed.granted))
    return arms


def _rule(armed: Armed, facts: Facts) -> TermRule:
    return facts.law.term(armed.rule, armed.started_at)


def extend(matter: Matter, verb: Extend, deadline: Deadline, facts: Facts) -> tuple[Stop, Armed] | Reason:
    """A longer term, as a new occurrence, within what the law allows."""
    armed = matter.deadlines.get(verb.deadline)
    if armed is None or armed.status not in RUNNING or armed.span is None:
        return Reason("deadline.not_running", {"title": deadline.title})
    rule = _rule(armed, facts)
    by = verb.by or rule.extension
    if by is None:
        return Reason("deadline.no_extension", {"title": deadline.title})
    if verb.at_most is not None and len(armed.granted) >= verb.at_most:
        return Reason("deadline.extended_enough", {"title": deadline.title, "times": verb.at_most})
    granted = (*armed.granted, by)
    try:
        rule.extended(*granted)
    except LawError as error:
        return Reason("requires.condition", {"title": error.text})
    if armed.span.unit is by.unit:
        span = Span(armed.span.amount + by.amount, by.unit)
        end = due(resuming(rule, span), armed.started_at, facts.calendar)
    else:
        span = armed.span
        end = due(resuming(rule, by), armed.due_at, facts.calendar)
    longer = _armed(armed.key, armed.occurrence + 1, armed.rule, armed.started_at, end, span, armed.status)
    return Stop(armed.key, armed.occurrence, "cancelled"), replace(longer, granted=granted)
