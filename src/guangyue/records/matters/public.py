"""A matter for somebody without an account, who knows its number and something only its people know (凭单查询)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from guangyue.city.errors import CityError, NotVisibleError
from guangyue.city.identifiers.plate import parse_plate
from guangyue.records.database import db as django_db
from guangyue.records.library import LIBRARY
from guangyue.records.matters.lines import COLUMNS, clock_title, line_of
from guangyue.records.matters.shown import Clock
from guangyue.records.matters.subject import follow_code, plate_keys

if TYPE_CHECKING:
    from datetime import datetime

    from guangyue.law import Text
    from guangyue.records.database import Db
    from guangyue.records.library import Library

__all__ = ["ADDRESSEE", "PublicPaper", "PublicStep", "PublicView", "public_matter"]

_FOUND = f"""
    select {COLUMNS}, m.snapshot, m.subject from matter m where m.number = any(%(numbers)s)
    union
    select {COLUMNS}, m.snapshot, m.subject from document d join matter m on m.id = d.matter_id where d.number = any(%(numbers)s)
    limit 20
"""  # noqa: S608 - our own columns
_CLOCKS = """
    select key, occurrence, status, started_at, due_at, provisional, basis from deadline
    where matter_id = %s and status in ('pending', 'reference', 'suspended') order by due_at
"""
ADDRESSEE = "party"
"""Whom a paper is made out to (当事人)."""
_NUMBERED = "select code, number from document where matter_id = %s and number = any(%s)"
_PAPERS = "select code, number, issued_at from document where matter_id = %s order by id"


@dataclass(frozen=True, slots=True)
class PublicStep:
    """A state the matter came to, and when."""

    state: str
    title: Text
    at: datetime


@dataclass(frozen=True, slots=True)
class PublicPaper:
    """A paper that was issued."""

    code: str
    title: Text
    number: str
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicView:
    """What somebody sees who proved to know the matter: its course, its clocks, its papers; no names, no fields.

    Attributes:
        id: the matter, for the acts that parties may do on it.
        parties: what the proof makes of the reader: a plate makes its owner, a code the reporter. Acts still say who may.
    """

    id: str
    number: str
    title: Text
    state: str
    state_title: Text
    closed: bool
    agency: str
    holder: str
    opened_at: datetime
    closed_at: datetime | None
    steps: tuple[PublicStep, ...]
    clocks: tuple[Clock, ...]
    papers: tuple[PublicPaper, ...]
    parties: frozenset[str]


def public_matter(number: str, proof: str, *, library: Library = LIBRARY) -> PublicView:
    """A matter by its number, or that of one of its papers, together with the plate or the code it goes by.

    The caller counts the attempts: a code has forty bits, a plate far fewer.

    Args:
        number: as it stands on the slip.
        proof: the plate of the vehicle the matter is about, the code given when it was opened, or the code on a paper
            made out to a party.
        library: the procedures.

    Raises:
        NotVisibleError: there is no such matter, or the proof is wrong, which look the same.
    """
    raw = django_db()
    # Who types a number from paper does not mind its capitals.
    numbers = sorted({number.strip(), number.strip().upper()})
    rows = raw.execute(_FOUND, {"numbers": numbers}).fetchall()
    for row in rows:
        parties = _proved(row[1], row[-1], proof) or _addressed(raw, library, row, numbers, proof)
        if parties:
            break
    else:
        raise NotVisibleError
    line = line_of(raw, library, row, "")
    procedure = library.find(raw, line.procedure, row[4])
    clocks = tuple(
        Clock(
            key=key, occurrence=occurrence, title=clock_title(procedure, key), status=status, started_at=started_at,
            due_at=due_at, inclusive=bool(basis.get("inclusive", True)), provisional=provisional, rule=basis.get("rule", ""),
            remaining=basis.get("remaining", ""),
        )
        for key, occurrence, status, started_at, due_at, provisional, basis in raw.execute(_CLOCKS, [line.row]).fetchall()
    )  # fmt: skip
    papers = tuple(
        PublicPaper(code, procedure.paper(code).title, given or "", issued_at)
        for code, given, issued_at in raw.execute(_PAPERS, [line.row]).fetchall()
        if code in procedure.tables.papers
    )
    return PublicView(
        id=line.id, number=line.number, title=line.procedure_title, state=line.state, state_title=line.state_title,
        closed=line.closed, agency=line.agency, holder=line.holder, opened_at=line.opened_at, closed_at=line.closed_at,
        steps=tuple(_steps(procedure.tables.states, row[-2]["passages"])), clocks=clocks, papers=papers, parties=parties,
    )  # fmt: skip


def _steps(states: object, passages: list[list[object]]) -> list[PublicStep]:
    from datetime import datetime as moment

    return [
        PublicStep(str(state), states[state].title, moment.fromisoformat(str(at)))  # type: ignore[index]  # a mapping
        for state, at, *_ in passages
        if state in states  # type: ignore[operator]  # a mapping
    ]


def _addressed(raw: Db, library: Library, row: Any, numbers: list[str], proof: str) -> frozenset[str]:  # noqa: ANN401 - a row
    """Who holds a paper made out to a party knows its code; a slip left on a car or an inner paper proves nothing."""
    procedure, given = library.find(raw, row[3], row[4]), _typed(proof)
    for code, number in raw.execute(_NUMBERED, [row[0], numbers]).fetchall():
        paper = procedure.tables.papers.get(code)
        if paper is None or "party" not in paper.fills:
            continue
        if hmac.compare_digest(follow_code(f"paper:{number}").encode(), given.encode()):
            return frozenset({ADDRESSEE})
    return frozenset()


def _typed(proof: str) -> str:
    """A code as it was made, however somebody typed it."""
    return proof.strip().upper().replace("-", "").replace(" ", "")


def _proved(ref: str, subject: bytes | None, proof: str) -> frozenset[str]:
    if hmac.compare_digest(follow_code(ref).encode(), _typed(proof).encode()):
        return frozenset({"reporter"})
    try:
        keys = plate_keys(parse_plate(proof).value)
    except CityError:
        return frozenset()
    if subject is not None and any(hmac.compare_digest(bytes(subject), k) for k in keys):
        return frozenset({"owner"})
    return frozenset()
