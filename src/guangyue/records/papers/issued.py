"""An issued paper as the records hold it, and its PDF."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from guangyue.city.errors import NotVisibleError
from guangyue.city.personal.purpose import Purpose
from guangyue.records.database import db
from guangyue.records.library import LIBRARY
from guangyue.records.matters import documents_for, follow_code, matter_for, reveal_for
from guangyue.records.papers.draw import Drawing, draw, qr_svg
from guangyue.records.papers.templates import checked, template_for
from guangyue.records.personal import reveal

if TYPE_CHECKING:
    from datetime import datetime

    from guangyue.city.viewer import Viewer
    from guangyue.law import Text

__all__ = ["Issued", "issued", "own_paper", "paper_for", "pdf_for", "pdf_of", "verify_code"]

PURPOSE = "paper"
"""What a name is read for, in the access log."""

_ROW = """
    select d.code, coalesce(d.number, ''), d.facts, d.issued_at, m.procedure, m.version, m.snapshot, m.opened_at,
        coalesce(u.name_zh, ''), coalesce(a.name_zh, ''), coalesce(j.body::jsonb ->> 'actor', ''), m.ref
    from document d join matter m on m.id = d.matter_id
    join journal j on j.matter_id = d.matter_id and j.seq = d.seq
    left join city_unit u on u.code = j.body::jsonb ->> 'unit'
    left join city_agency a on a.id = u.agency_id
    where d.id = %s
"""
_BADGE = "select p.number from city_account c join city_person p on p.id = c.person_id where c.id = %s"


_STEPS = """
    select j.act, j.at, j.body::jsonb -> 'values', coalesce(u.name_zh, ''), coalesce(a.name_zh, ''), coalesce(p.number, '')
    from journal j left join city_unit u on u.code = j.body::jsonb ->> 'unit' left join city_agency a on a.id = u.agency_id
    left join city_account c on j.actor = 'account:' || c.id left join city_person p on p.id = c.person_id
    where j.matter_id = (select matter_id from document where id = %(id)s) and j.kind = 'act'
        and j.seq < (select seq from document where id = %(id)s) order by j.seq
"""


@dataclass(frozen=True, slots=True)
class Before:
    """An act that came before a paper, for papers that record a course of acts (笔录).

    Attributes:
        act: its code. said: what was answered in its form alone, nothing personal. officer: the officer's number.
    """

    act: str
    at: datetime
    said: dict[str, Any]
    unit: str
    agency: str
    officer: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper with what stands around it.

    Attributes:
        facts: the values it was issued with. fields: the matter's public ones, where the paper shows more.
        opened_at: when the matter began. unit, agency: who issued it. officer: the officer's number.
        verify: what the QR code opens. version: the procedure's, 0 for the one in force. before: what was done before it.
    """

    code: str
    title: Text
    number: str
    facts: dict[str, Any]
    fields: dict[str, Any]
    issued_at: datetime
    opened_at: datetime
    procedure: str
    law: Text | None
    unit: str
    agency: str
    officer: str
    verify: str
    version: int = 0
    before: tuple[Before, ...] = ()

    @property
    def qr(self) -> str:
        """The code to print."""
        return qr_svg(self.verify)


def verify_code(number: str) -> str:
    """What stands behind ``/verify/`` for a paper: its number, and letters that only this installation can make."""
    return f"{number}.{follow_code(f'paper:{number}')}"


def issued(document: int, origin: str) -> Issued | None:
    """A paper by its row; whoever asks has made sure that the reader may see it.

    Args:
        document: its row.
        origin: the public address of the portal (``https://…/``), for the QR code.
    """
    raw = db()
    row = raw.execute(_ROW, [document]).fetchone()
    if row is None:
        return None
    code, number, facts, issued_at, name, version, snapshot, opened_at, unit, agency, actor, _ = row
    procedure = LIBRARY.find(raw, name, version)
    personal = procedure.tables.personal
    fields = _json(snapshot).get("fields", {})
    badge = raw.execute(_BADGE, [int(actor[8:])]).fetchone() if actor[8:].isdigit() else None
    return Issued(
        code=code, title=procedure.paper(code).title, number=number, issued_at=issued_at, opened_at=opened_at,
        facts={k: v for k, v in _json(facts).items() if k not in personal},
        fields={k: v for k, v in fields.items() if k not in personal},
        procedure=name, version=version, law=procedure.law, unit=unit, agency=agency, officer=badge[0] if badge else "",
        verify=f"{origin.rstrip('/')}/verify/{verify_code(number)}" if number else "", before=_before(document, personal),
    )  # fmt: skip


def _before(document: int, personal: frozenset[str]) -> tuple[Before, ...]:
    rows = db().execute(_STEPS, {"id": document}).fetchall()
    return tuple(
        Before(act, at, {k: v for k, v in _json(said).items() if k not in personal}, unit, agency, officer)
        for act, at, said, unit, agency, officer in rows
    )


def pdf_of(paper: Issued) -> Drawing:
    """The paper as PDF.

    Raises:
        NoTemplateError: it has no printed form. IncompleteError: the law asks for more than it carries.
    """
    template = template_for(paper.procedure, paper.code)
    values = checked(template, template.fill(paper), paper.issued_at)
    return Drawing(draw(template.file, values), f"{paper.number or paper.code}.pdf")


def pdf_for(viewer: Viewer, matter: str, document: int, origin: str) -> Drawing:
    """A paper of a matter that the viewer may open, as PDF.

    Raises:
        NotVisibleError: absent or not for this viewer. NoTemplateError, IncompleteError: as `pdf_of`.
    """
    return pdf_of(paper_for(viewer, matter, document, origin))


def paper_for(viewer: Viewer, matter: str, document: int, origin: str) -> Issued:
    """A paper of a matter that the viewer may open, with what of it the viewer may read.

    The name on it is read under this viewer's name and stands in the log; what is not this reader's to see is left out,
    and a paper that cannot do without it is then not drawn.

    Raises:
        NotVisibleError: absent or not for this viewer.
    """
    if all(d.id != document for d in documents_for(viewer, matter)) or (paper := issued(document, origin)) is None:
        raise NotVisibleError
    view = matter_for(viewer, matter)
    readable = {name.rpartition(".")[2] for name in view.readable}
    law = paper.law.zh if paper.law else ""
    facts = {name: value for name, value in paper.facts.items() if name in readable}
    for name in _personal(paper):
        if name in readable:
            facts[name] = reveal_for(viewer, matter, name, reason=PURPOSE, basis=law)
    before = tuple(
        replace(b, said={k: v for k, v in b.said.items() if f"{b.act}.{k}" in view.readable}) for b in paper.before
    )
    return replace(paper, facts=facts, before=before)


def own_paper(row: int, document: int, origin: str, reader: str) -> Issued | None:
    """A paper as whoever it is addressed to gets it, who has proved to be that person; the reading of the own name is on record.

    Args:
        row: the matter's.
        document: the paper's.
        origin: as for `issued`.
        reader: who reads, as the access log names it.
    """
    paper = issued(document, origin)
    if paper is None:
        return None
    purpose = Purpose(reader=reader, reason=PURPOSE, basis=paper.law.zh if paper.law else "", matter=str(row))
    named = {name: reveal(db(), row, name, purpose) for name in _personal(paper)}
    return replace(paper, facts=paper.facts | named)


def _personal(paper: Issued) -> list[str]:
    """The personal values that a paper is made of."""
    procedure = LIBRARY.find(db(), paper.procedure, paper.version)
    return [name for name in procedure.paper(paper.code).needs if name in procedure.tables.personal]


def _json(value: Any) -> dict[str, Any]:  # noqa: ANN401 - text or parsed, as the connection gives it
    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value or {}
    return found
