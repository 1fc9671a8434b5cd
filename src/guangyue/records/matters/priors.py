"""Earlier records of the same subject, for whoever chooses a measure (初犯查询): they suggest and never decide.

The subject is a plate or a party, found by a keyed hash of the party's code; nobody searches for people here.

Only outcomes that the declaration counts are shown: a car that left in time has no record anywhere. Every look stands in
the access log, before anything is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guangyue.city.errors import NotVisibleError
from guangyue.kernel.grammar import Kind
from guangyue.kernel.matrix import may_do
from guangyue.law import BOOK, Unit
from guangyue.records.access_log import Reading, write
from guangyue.records.database import city_now
from guangyue.records.library import LIBRARY
from guangyue.records.matters.one import open_matter
from guangyue.records.matters.standing import visible_rows

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Procedure
    from guangyue.kernel.grammar import Priors
    from guangyue.law import Span, Text
    from guangyue.records.library import Library

__all__ = ["Consulted", "Prior", "priors_for"]

MOST = 20
PURPOSE = "first-offence look-up"
_INTERVALS = {Unit.YEAR: "years", Unit.MONTH: "months", Unit.DAY: "days"}
_SINCE = """
    select (date_trunc('day', %(now)s::timestamptz at time zone 'Asia/Shanghai') - %(back)s::interval)
        at time zone 'Asia/Shanghai'
"""
_EARLIER = """
    select m.id, m.ref, coalesce(m.number, m.ref), m.version, m.state, m.opened_at, m.place, m.snapshot -> 'fields'
    from matter m where m.id = any(array(
        select o.id from matter o, matter own where own.id = %(own)s and o.subject = own.subject
        union select p.matter_id from personal_value p where p.name = %(party)s and p.search = any(%(known)s::bytea[])
    )) and m.id <> %(own)s and m.procedure = %(procedure)s and m.state = any(%(outcomes)s) and m.opened_at >= %(since)s
    order by m.id desc limit %(most)s
"""
_SUBJECT = "select subject from matter where id = %s"
_KNOWN = "select search from personal_value where matter_id = %s and name = %s and search is not null"


@dataclass(frozen=True, slots=True)
class Prior:
    """One earlier record.

    Attributes:
        id: the matter's, empty where this viewer may not open it.
        outcome: how it ended. said: the values that the declaration shows of it.
    """

    id: str
    number: str
    opened_at: datetime
    place: str
    outcome: Text
    said: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Consulted:
    """The answer of a look: what was found since when, and what it suggests."""

    since: datetime
    records: tuple[Prior, ...]
    suggests: Text


def priors_for(viewer: Viewer, matter: str, act: str, *, library: Library = LIBRARY) -> Consulted | None:
    """What is on record about a matter's subject, for somebody who may do an act that consults it; nothing where none does.

    Raises:
        NotVisibleError: no such matter for this viewer, or not an act of this viewer.
    """
    found = open_matter(viewer, matter, library)
    action = found.procedure.tables.actions.get(act)
    if action is None or not any(
        act in may_do(found.procedure, found.whole, actor) for actor in found.scope.actors(found.standing)
    ):
        raise NotVisibleError
    asks = action.consults
    if asks is None:
        return None
    now = city_now(found.raw)
    since = found.raw.execute(_SINCE, {"now": now, "back": _interval(BOOK.term(asks.look_back, now).span)}).fetchone()[
        0
    ]  # type: ignore[index]  # one row
    (subject,) = found.raw.execute(_SUBJECT, [found.line.row]).fetchone()  # type: ignore[misc]  # it was just opened
    party = _party(found.procedure)
    known = [bytes(row[0]) for row in found.raw.execute(_KNOWN, [found.line.row, party]).fetchall()]
    subject = subject or (known[-1] if known else None)
    write(
        found.raw,
        Reading(
            viewer=found.scope.account, purpose=PURPOSE, what=f"earlier records of {found.procedure.code}",
            basis=str(action.law.zh if action.law else ""), matter=found.line.row,
            subject=bytes(subject) if subject else None,
        ),
    )  # fmt: skip
    given = {
        "own": found.line.row, "outcomes": list(asks.outcomes), "since": since, "most": MOST, "party": party,
        "known": known, "procedure": found.procedure.code,
    }  # fmt: skip
    rows = found.raw.execute(_EARLIER, given).fetchall()
    mine = visible_rows(found.raw, found.scope, [row[0] for row in rows])
    records = tuple(_prior(row, library.find(found.raw, found.procedure.code, row[3]), asks, mine) for row in rows)
    return Consulted(since, records, asks.again if records else asks.first)


def _party(procedure: Procedure) -> str:
    """The personal field that says who the party is, where there is one: an identity number or a credit code."""
    return next((f.name for f in procedure.fields if f.personal and f.kind is Kind.CODE), "")


def _prior(row: Any, procedure: Procedure, asks: Priors, mine: frozenset[int]) -> Prior:  # noqa: ANN401 - a row
    id_, ref, number, _, state, opened_at, place, fields = row
    said = []
    for name in asks.shows:
        field = procedure.tables.fields.get(name)
        if field is not None and (text := dict(field.choices).get(fields.get(name, ""))):
            said.append(text)
    return Prior(
        ref if id_ in mine else "", number, opened_at, place or "", procedure.state(state).title, tuple(said)
    )  # fmt: skip


def _interval(span: Span) -> str:
    if span.unit not in _INTERVALS:
        raise ValueError(f"nobody looks back by {span}")
    return f"{span.amount} {_INTERVALS[span.unit]}"
