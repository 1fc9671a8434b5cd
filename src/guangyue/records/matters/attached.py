"""What hangs on a matter: clocks, evidence, papers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from guangyue.kernel.grammar import T
from guangyue.records.library import LIBRARY
from guangyue.records.matters.lines import clock_title
from guangyue.records.matters.one import open_matter
from guangyue.records.matters.shown import Clock, DocumentLine, PieceLine

if TYPE_CHECKING:
    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Procedure
    from guangyue.law import Text
    from guangyue.records.library import Library
    from guangyue.records.matters.one import Opened

__all__ = ["deadlines_for", "documents_for", "evidence_for", "papers_of", "pieces_of"]

_CLOCKS = """
    select key, occurrence, status, started_at, due_at, provisional, basis, ended_at
    from deadline where matter_id = %s order by armed_seq, id
"""
_PIECES = """
    select j.seq, j.actor, j.act, j.body::jsonb -> 'evidence' from journal j
    where j.matter_id = %s and j.seq in (select seq from piece where matter_id = %s) order by j.seq
"""
_FILES = """
    select distinct on (e.blob_id) e.blob_id, e.id::text, b.media_type, b.size, e.earlier_id is not null
    from evidence_evidence e join evidence_blob b on b.sha256 = e.blob_id
    where e.blob_id = any(%s) and e.disposed_at is null order by e.blob_id, e.received_at
"""
_PAPERS = """
    select d.id, d.seq, d.code, d.number, d.facts, d.issued_at,
        (select json_agg(json_build_array(f.kind, encode(f.sha256, 'hex')) order by f.made_at)
            from document_file f where f.document_id = d.id)
    from document d where d.matter_id = %s order by d.id
"""


def deadlines_for(viewer: Viewer, matter: str, *, library: Library = LIBRARY) -> tuple[Clock, ...]:
    """Every clock a matter ever had, in the order in which they started.

    Raises:
        NotVisibleError: absent or not for this viewer.
    """
    found = open_matter(viewer, matter, library)
    rows = found.raw.execute(_CLOCKS, [found.line.row]).fetchall()
    return tuple(
        Clock(
            key=key, occurrence=occurrence, title=clock_title(found.procedure, key), status=status, started_at=started_at,
            due_at=due_at, inclusive=bool(basis.get("inclusive", True)), provisional=provisional,
            rule=basis.get("rule", ""), remaining=basis.get("remaining", ""), ended_at=ended_at,
        )
        for key, occurrence, status, started_at, due_at, provisional, basis, ended_at in rows
    )  # fmt: skip


def evidence_for(viewer: Viewer, matter: str, *, library: Library = LIBRARY) -> tuple[PieceLine, ...]:
    """The photographs and recordings that a matter's journal names, in its order.

    Raises:
        NotVisibleError: absent or not for this viewer.
    """
    return pieces_of(open_matter(viewer, matter, library))


def pieces_of(found: Opened) -> tuple[PieceLine, ...]:
    """The evidence of a matter that was opened."""
    rows = found.raw.execute(_PIECES, [found.line.row, found.line.row]).fetchall()
    digests = sorted({p["sha256"] for _, _, _, pieces in rows for p in pieces})
    files = {row[0]: row[1:] for row in found.raw.execute(_FILES, [digests]).fetchall()} if digests else {}
    titles = {s.code: s.title for a in found.procedure.actions for s in a.evidence}
    return tuple(
        _piece(found, titles, (seq, actor), data, files.get(data["sha256"]))
        for seq, actor, _, pieces in rows
        for data in pieces
    )


def _piece(
    found: Opened, titles: dict[str, Text], told: tuple[int, str], data: dict[str, Any], file: tuple[Any, ...] | None
) -> PieceLine:
    seq, actor = told
    evidence, media_type, size, earlier = file or ("", "", 0, False)
    return PieceLine(
        seq=seq, set=data["set"], set_title=titles.get(data["set"], T(data["set"], data["set"])), sha256=data["sha256"],
        kind=data["kind"], taken_at=_moment(data.get("taken_at")), until=_moment(data.get("until")),
        panorama=data.get("panorama", False), plate_legible=data.get("plate_legible", False),
        located=data.get("located", False),
        by=actor if found.staff or actor == found.scope.account else "", evidence=evidence, media_type=media_type,
        size=size, earlier=earlier,
    )  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def documents_for(viewer: Viewer, matter: str, *, library: Library = LIBRARY) -> tuple[DocumentLine, ...]:
    """The papers that were issued on a matter, in their order.

    Raises:
        NotVisibleError: absent or not for this viewer.
    """
    return papers_of(open_matter(viewer, matter, library))


def papers_of(found: Opened) -> tuple[DocumentLine, ...]:
    """The papers of a matter that was opened."""
    rows = found.raw.execute(_PAPERS, [found.line.row]).fetchall()
    return tuple(
        DocumentLine(
            id=id_, seq=seq, code=code, title=_title(found.procedure, code), number=number or "",
            facts=_facts(found, facts), issued_at=issued_at, statutory=_statutory(found.procedure, code),
            status=found.whole.papers.get(code, "issued"), files=tuple((kind, sha256) for kind, sha256 in files or ()),
        )
        for id_, seq, code, number, facts, issued_at, files in rows
    )  # fmt: skip


def _title(procedure: Procedure, code: str) -> Text:
    paper = procedure.tables.papers.get(code)
    return paper.title if paper else T(code, code)


def _statutory(procedure: Procedure, code: str) -> bool:
    paper = procedure.tables.papers.get(code)
    return paper is None or paper.statutory


def _facts(found: Opened, facts: dict[str, Any]) -> dict[str, object]:
    """What a paper states, without what this reader may not see; a personal value is a digest here and stays out."""
    personal, fields = found.procedure.tables.personal, found.procedure.tables.fields
    return {
        name: value
        for name, value in facts.items()
        if name not in personal and (name not in fields or name in found.readable)
    }
