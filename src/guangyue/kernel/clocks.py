"""Starting, stopping, extending, suspending and resuming clocks. All arithmetic is the law's; here is only its use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from guangyue.kernel.decision import Stop
from guangyue.kernel.grammar.deadlines import Daily, Deadline, FromField, Term
from guangyue.kernel.matter import INSTANT, Armed, ArmedStatus, Matter
from guangyue.kernel.reasons import Reason
from guangyue.law import CITY, LawError, Span, TermRule, Unit, due, remaining, resuming
from guangyue.law.swift import NOTHING

if TYPE_CHECKING:
    from guangyue.kernel.command import Facts
    from guangyue.kernel.grammar.verbs import Extend
    from guangyue.law import Due

RUNNING = frozenset({"pending", "reference"})
ALIVE = frozenset({"pending", "reference", "suspended"})
MOST_MISSED = 100_000
"""Rounds a repeating clock may have missed; more means that it makes no progress."""


def status_of(deadline: Deadline) -> ArmedStatus:
    """The status in which a clock runs."""
    return "reference" if deadline.mode == "reference" else "pending"


def arm(
    deadline: Deadline,
    key: str,
    occurrence: int,
    at: datetime,
    facts: Facts,
    fields: Mapping[str, object] = NOTHING,
    given: Mapping[str, object] = NOTHING,
) -> Armed | Reason:
    """A clock that starts at a moment, or why it cannot.

    Args:
        deadline: its declaration.
        key: its key, which for a task's hop is not the declaration's.
        occurrence: its number.
        at: when it starts.
        facts: law and calendar.
        fields: the matter's fields, for a moment that somebody set.
        given: the answers of the act that starts it, likewise.
    """
    term = deadline.term
    if type(term) is Term:
        try:
            rule = facts.law.term(term.code, at)
            end = due(rule, at, facts.calendar)
        except LawError as error:
            return Reason("deadline.law", {"why": error.text})
        return _armed(key, occurrence, rule.code, at, end, rule.span, status_of(deadline))
    if isinstance(term, Daily):
        end_at, inclusive, rule_code = next_time(term, at, facts), True, f"daily:{term.at}"
    elif isinstance(term, FromField):
        rule_code = f"field:{term.name}"
        value = given.get(term.name, fields.get(term.name))
        if isinstance(value, datetime):
            end_at, inclusive = value, True
        elif isinstance(value, date):
            end_at = datetime(value.year, value.month, value.day, tzinfo=CITY) + timedelta(days=1)
            inclusive = False
        else:
            return Reason("deadline.value_missing", {"title": deadline.title, "name": term.name}, field=term.name)
        if term.name in given and end_at <= at:
            return Reason("deadline.value_past", {"title": deadline.title}, field=term.name)
    else:
        raise TypeError(f"{type(term).__name__} is no term")
    status, version = status_of(deadline), facts.calendar.version
    return Armed(key, occurrence, rule_code, at, end_at, inclusive, provisional=False, calendar=version, status=status)


def _armed(key: str, occurrence: int, rule: str, at: datetime, end: Due, span: Span, status: ArmedStatus) -> Armed:
    return Armed(
        key, occurrence, rule, at, end.at, end.inclusive, end.provisional, end.calendar_version, status, None, span,
    )  # fmt: skip


def next_time(daily: Daily, after: datetime, facts: Facts) -> datetime:
    """The next moment at a fixed time of day, strictly later than ``after``."""
    local = after.astimezone(CITY)
    hour, minute = divmod(daily.minutes, 60)
    at = datetime(local.year, local.month, local.day, tzinfo=CITY) + timedelta(hours=hour, minutes=minute)
    # "24:00" belongs to the day that ends with it
    day = local.date()
    while at <= after or (daily.working and not facts.calendar.is_working_day(day)) or not daily.falls_on(day):
        at += timedelta(days=1)
        day += timedelta(days=1)
    return at


def next_round(
    deadline: Deadline, armed: Armed, matter: Matter, facts: Facts, *, late: datetime | None
) -> Armed | Reason:
    """The next round of a clock that repeats.

    Args:
        deadline: its declaration.
        armed: the round that is over.
        matter: the matter.
        facts: now, law and calendar.
        late: the moment up to which missed rounds are skipped; the rhythm is kept. Nothing: the very next round.
    """
    start, made = armed.last, armed
    for _ in range(MOST_MISSED):
        again = arm(deadline, armed.key, armed.occurrence + 1, start, facts, matter.fields)
        if isinstance(again, Reason):
            return again
        if again.due_at <= made.due_at and start != made.due_at:
            start = made.due_at
            continue
        if again.due_at <= made.due_at:
            break
        if late is None or not _over(again, late):
            return again
        made = again
        start = _skipping(again, late)
    raise RecursionError(f"the clock {armed.key} makes no progress")


def _over(armed: Armed, at: datetime) -> bool:
    return armed.due_at <= at and not armed.met_by(at)


def _skipping(armed: Armed, late: datetime) -> datetime:
    """Where the last round before ``late`` begins: at once for clock spans, round by round for days."""
    length = armed.span.clock if armed.span is not None else None
    if not length:
        return armed.last
    return armed.due_at + length * ((late - armed.due_at) // length)


def next_occurrence(matter: Matter, key: str) -> int:
    """The number of a clock that starts (again)."""
    known = matter.deadlines.get(key)
    return known.occurrence + 1 if known else 1


def stop(matter: Matter, keys: Iterable[str], status: ArmedStatus) -> list[Stop]:
    """Stops those of the clocks that run or are suspended."""
    found: list[Stop] = []
    for key in keys:
        armed = matter.deadlines.get(key)
        if armed is not None and armed.status in ALIVE:
            found.append(Stop(key, armed.occurrence, status))
    return found


def suspend(matter: Matter, keys: Iterable[str], at: datetime, facts: Facts) -> list[Stop]:
    """Suspends running clocks; each keeps what remains, in its rule's own unit. A fixed moment stays the same moment."""
    stops: list[Stop] = []
    for key in keys:
        armed = matter.deadlines.get(key)
        if armed is not None and armed.status in RUNNING:
            left = remaining(armed.span, armed.started_at, at, facts.calendar) if armed.span is not None else None
            stops.append(Stop(key, armed.occurrence, "suspended", left))
    return stops


def resume(
    matter: Matter, deadlines: Mapping[str, Deadline], keys: Iterable[str], at: datetime, facts: Facts
) -> list[Armed]:
    """Starts suspended clocks again with what remained; each is a new occurrence."""
    arms: list[Armed] = []
    for key in keys:
        armed = matter.deadlines.get(key)
        if armed is None or armed.status != "suspended":
            continue
        deadline = deadlines.get(key)
        status = status_of(deadline) if deadline is not None else "pending"
        number = armed.occurrence + 1
        if armed.remaining is None:
            moved = (
                next_time(deadline.term, at, facts) if deadline and isinstance(deadline.term, Daily) else armed.due_at
            )
            arms.append(replace(armed, occurrence=number, status=status, due_at=moved, ended=0))
            continue
        end = due(resuming(_rule(armed, facts), armed.remaining), at, facts.calendar)
        again = _armed(key, number, armed.rule, at, end, armed.remaining, status)
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
        return Reason("deadline.law", {"why": error.text})
    if armed.span.unit is by.unit:
        span = Span(armed.span.amount + by.amount, by.unit)
        end = due(resuming(rule, span), armed.started_at, facts.calendar)
    else:
        # resumed with a remainder in days while the law extends by months: the extension follows the last day
        end = due(resuming(rule, by), armed.last, facts.calendar)
        span = _between(armed.started_at, end)
    longer = _armed(armed.key, armed.occurrence + 1, armed.rule, armed.started_at, end, span, armed.status)
    return Stop(armed.key, armed.occurrence, "cancelled"), replace(longer, granted=granted)


def _between(start: datetime, end: Due) -> Span:
    """A term's whole length by its two ends: seconds for clock terms, calendar days for others."""
    if end.inclusive:
        return Span(int((end.at - start).total_seconds()), Unit.SECOND)
    return Span((end.at - INSTANT).astimezone(CITY).toordinal() - start.astimezone(CITY).toordinal(), Unit.DAY)
