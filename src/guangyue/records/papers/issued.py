"""An issued paper as the records hold it, and its PDF."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from guangyue.city.errors import NotVisibleError
from guangyue.records.database import db
from guangyue.records.library import LIBRARY
from guangyue.records.matters import documents_for, follow_code, reveal_for
from guangyue.records.papers.draw import Drawing, draw, qr_svg
from guangyue.records.papers.templates import checked, template_for

if TYPE_CHECKING:
    from datetime import datetime

    from guangyue.city.viewer import Viewer
    from guangyue.law import Text

__all__ = ["Issued", "issued", "pdf_for", "pdf_of", "verify_code"]

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


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper with what stands around it.

    Attributes:
        facts: the values it was issued with. fields: the matter's public ones, where the paper shows more.
        opened_at: when the matter began. unit, agency: who issued it. officer: the officer's number.
        verify: what the QR code opens. version: the procedure's, 0 for the one in force.
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
        verify=f"{origin.rstrip('/')}/verify/{verify_code(number)}" if number else "",
    )  # fmt: skip


def pdf_of(paper: Issued) -> Drawing:
    """The paper as PDF.

    Raises:
        NoTemplateError: it has no printed form. IncompleteError: the law asks for more than it carries.
    """
    template = template_for(paper.procedure, paper.code)
    values = checked(template, template.fill(paper), paper.issued_at)
    return Drawing(draw(template.file, values), f"{paper.number or paper.code}.pdf")


def pdf_for(viewer: Viewer, matter: str, document: int, origin: str) -> Drawing:
    """A paper of a matter that the viewer may open; the name on it is read under this viewer's name and stands in the log.

    Raises:
        NotVisibleError: absent or not for this viewer. NoTemplateError, IncompleteError: as `pdf_of`.
    """
    line = next((d for d in documents_for(viewer, matter) if d.id == document), None)
    paper = issued(document, origin) if line else None
    if line is None or paper is None:
        raise NotVisibleError
    return pdf_of(replace(paper, facts=paper.facts | _personal(viewer, matter, paper)))


def _personal(viewer: Viewer, matter: str, paper: Issued) -> dict[str, str]:
    """The personal values that the paper is made of and the viewer may read, each reading on record."""
    procedure = LIBRARY.find(db(), paper.procedure, paper.version)
    found: dict[str, str] = {}
    for name in procedure.paper(paper.code).needs:
        if name in procedure.tables.personal:
            try:
                value = reveal_for(viewer, matter, name, reason="paper", basis=paper.law.zh if paper.law else "")
            except NotVisibleError:
                continue
            if value is not None:
                found[name] = value
    return found


def _json(value: Any) -> dict[str, Any]:  # noqa: ANN401 - text or parsed, as the connection gives it
    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value or {}
    return found
