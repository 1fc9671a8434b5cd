"""Clocks: each has a law or a field behind it, runs somewhere, ends in something, and comes back when it repeats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from guangyue.kernel.checks.fault import Fault
from guangyue.kernel.grammar.actions import Outcome
from guangyue.kernel.grammar.deadlines import Daily, Deadline, FromField, Term
from guangyue.kernel.grammar.values import Kind
from guangyue.kernel.grammar.verbs import Extend
from guangyue.kernel.tables import elements, reach
from guangyue.law import BOOK, LawError

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure

MOMENTS = frozenset({Kind.MOMENT, Kind.DATE})


def faults(p: Procedure) -> Iterator[Fault]:
    """Faults of terms and of deadlines."""
    for element in elements(p):
        if isinstance(element, Term):
            try:
                BOOK.versions(element.code)
            except LawError as error:
                yield Fault("deadline.no_law", element.declared_at, str(error))
        elif isinstance(element, Daily) and not element.well_formed:
            yield Fault(
                "deadline.no_time", element.declared_at, f"“{element.at}” is no time of day, or {element.on} no days"
            )
    yield from _fields(p)
    for d in p.deadlines:
        yield from _consequence(d)
        yield from _running(p, d)
    by_key = {d.key: d for d in p.deadlines}
    for a in p.actions:
        if isinstance(a.verb, Extend) and not isinstance(by_key[a.verb.deadline].term, Term):
            yield Fault("deadline.no_law", a.declared_at, f"“{a.verb.deadline}” rests on no law that could extend it")


def _fields(p: Procedure) -> Iterator[Fault]:
    """A field that holds the end of a term is a day or a moment."""
    kinds = {f.name: f.kind for f in p.fields}
    kinds |= {q.field.name: q.field.kind for a in p.actions for q in a.form if not isinstance(q.field, str)}
    for element in elements(p):
        if isinstance(element, FromField) and kinds.get(element.name) not in MOMENTS:
            yield Fault("deadline.no_time", element.declared_at, f"“{element.name}” is neither a day nor a moment")


def _consequence(d: Deadline) -> Iterator[Fault]:
    at = d.declared_at
    if d.mode == "lapse" and not (d.lapses_to or d.does):
        yield Fault("deadline.no_consequence", at, f"“{d.key}” lapses without consequence")
    if d.mode != "lapse" and (d.lapses_to or d.does):
        yield Fault("deadline.no_consequence", at, f"“{d.key}” has a consequence that a mere {d.mode} never has")
    if d.mode == "alarm" and not (d.tells or d.notices):
        yield Fault("deadline.no_consequence", at, f"“{d.key}” alarms nobody")
    if d.mode == "reference" and (d.repeats or d.tells or d.notices):
        yield Fault("deadline.no_consequence", at, f"“{d.key}” is only shown; it tells nobody and never repeats")
    if d.repeats and d.lapses_to and d.lapses_to not in d.during:
        yield Fault("deadline.never", at, f"“{d.key}” repeats but leaves its own states")
    if d.late == "drop" and d.drop_after is None:
        yield Fault("deadline.late", at, f"“{d.key}” may be dropped; say after how long")
    if d.late == "drop" and d.mode == "lapse" and not d.repeats:
        yield Fault("deadline.late", at, f"“{d.key}” may be dropped and never comes again; its matter would be lost")
    if d.repeats and isinstance(d.term, FromField):
        yield Fault("deadline.never", at, f"“{d.key}” repeats, but a fixed moment comes only once")
    if d.repeats and isinstance(d.term, Term) and not _advances(d.term):
        yield Fault("deadline.never", at, f"“{d.key}” repeats in no time at all")


def _advances(term: Term) -> bool:
    try:
        return all(rule.span.amount > 0 or rule.clock_time is not None for rule in BOOK.versions(term.code))
    except LawError:
        return True


def _running(p: Procedure, d: Deadline) -> Iterator[Fault]:
    at = d.declared_at
    states = {s.code: s for s in p.states}
    outcomes = frozenset(s.code for s in p.states if isinstance(s, Outcome))
    if not d.during:
        yield Fault("deadline.never", at, f"“{d.key}” runs in no state")
    acts = {a.code: a for a in p.actions}
    for code in d.starts_on:
        if not set(reach(acts[code], states, outcomes).values()) & set(d.during):
            yield Fault("deadline.never", at, f"“{code}” starts “{d.key}” only outside its states")
    if d.mode == "lapse" and d.lapses_to and set(d.during) & outcomes and d.lapses_to not in outcomes:
        yield Fault("deadline.outcome", at, f"“{d.key}” would reopen an outcome by itself")
