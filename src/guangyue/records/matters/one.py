"""One matter and what hangs on it, for one reader."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from guangyue.city.errors import NotVisibleError
from guangyue.city.personal import Kind as PersonalKind
from guangyue.city.personal import Sealed
from guangyue.kernel import Facts, Matter, Offer, offers, read_entry, read_matter
from guangyue.law import BOOK, CALENDAR
from guangyue.records.commands import load
from guangyue.records.database import city_now
from guangyue.records.database import db as django_db
from guangyue.records.library import LIBRARY
from guangyue.records.matters import scope as scopes
from guangyue.records.matters.lines import COLUMNS, line_of, with_clocks
from guangyue.records.matters.shown import Entries, FieldShown, MatterLine, MatterView
from guangyue.records.matters.standing import readable_by, standings, visible_rows
from guangyue.records.personal import reveal, sealed_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Entry, Procedure
    from guangyue.records.database import Db
    from guangyue.records.library import Library
    from guangyue.records.matters.scope import Scope, Standing

__all__ = [
    "Opened",
    "entries_of",
    "masks_of",
    "matter_for",
    "offers_for",
    "offers_of",
    "open_matter",
    "related_for",
    "reveal_for",
    "sees_matter",
    "timeline_for",
    "view_of",
    "views_for",
]

_ONE = f"select {COLUMNS}, m.snapshot from matter m where m.ref = %s"  # noqa: S608 - our own columns
_SEVERAL = _ONE.replace("m.ref = %s", "m.ref = any(%s)")
_ENTRIES = "select body from journal where matter_id = %s order by seq"
_PERSONAL = "select name, seq, kind, token from personal_value where matter_id = %s order by seq"
_RELATED = f"""
    select {COLUMNS}, r.kind from (
        select kind, other_id as id from relation where matter_id = %(id)s
        union select kind, matter_id from relation where other_id = %(id)s
        union select 'parent', parent_id from matter where id = %(id)s and parent_id is not null
        union select 'child', id from matter where parent_id = %(id)s
    ) r join matter m on m.id = r.id order by r.kind, m.id limit 500
"""  # noqa: S608 - our own columns


@dataclass(frozen=True, slots=True)
class Opened:
    """A matter that its viewer may open; it never leaves the records, only what is shown of it does."""

    raw: Db
    library: Library
    scope: Scope
    standing: Standing
    line: MatterLine
    procedure: Procedure
    whole: Matter
    readable: frozenset[str]

    @property
    def staff(self) -> bool:
        """Whether the viewer reaches it by office and not as a party only."""
        return self.scope.everything or bool(self.scope.through(self.standing))


def open_matter(viewer: Viewer, matter: str, library: Library = LIBRARY, *, needs: str = scopes.READ) -> Opened:
    """A matter, once it is certain that its viewer may open it.

    Raises:
        NotVisibleError: absent or not for this viewer, which look the same.
    """
    raw = django_db()
    scope = scopes.scope_of(raw, viewer, library, needs=needs)
    row = None if scope.nobody else raw.execute(_ONE, [matter]).fetchone()
    if row is None:
        raise NotVisibleError
    return opened_by(raw, library, scope, row)


def opened_by(raw: Db, library: Library, scope: Scope, row: Any) -> Opened:  # noqa: ANN401 - a row
    """A row that was found, if the scope admits it."""
    standing, version = standings(raw, [row[0]])[row[0]]
    if not scope.admits(standing):
        raise NotVisibleError
    procedure = library.find(raw, standing.procedure, version)
    whole = _whole(row[-1], procedure)
    line = with_clocks(raw, library, [(line_of(raw, library, row, scope.account), version)])[0]
    return Opened(raw, library, scope, standing, line, procedure, whole, readable_by(procedure, standing, scope))


def _whole(snapshot: dict[str, Any], procedure: Procedure) -> Matter:
    fields = dict(snapshot["fields"])
    personal = {name: fields.pop(name) for name in procedure.tables.personal if name in fields}
    matter = read_matter({**snapshot, "fields": fields}, procedure)
    return replace(matter, fields={**matter.fields, **personal}) if personal else matter


def sees_matter(viewer: Viewer, row: int, *, library: Library = LIBRARY) -> bool:
    """Whether a viewer may open a matter, by its row: the rule for its evidence."""
    raw = django_db()
    return bool(visible_rows(raw, scopes.scope_of(raw, viewer, library), [row]))


def matter_for(viewer: Viewer, matter: str, *, library: Library = LIBRARY) -> MatterView:
    """One matter: its state, its fields as far as this reader may see them, and the capacities to act on it.

    Raises:
        NotVisibleError: absent or not for this viewer.
    """
    found = open_matter(viewer, matter, library)
    return view_of(found, masks_of(found))


def views_for(viewer: Viewer, matters: Iterable[str], *, library: Library = LIBRARY) -> tuple[MatterView, ...]:
    """Several matters as `matter_for` shows each, in the order asked; those that are not for this viewer are left out."""
    raw, refs = django_db(), list(matters)
    scope = scopes.scope_of(raw, viewer, library)
    rows = {} if scope.nobody else {r[1]: r for r in raw.execute(_SEVERAL, [refs]).fetchall()}
    standing = standings(raw, [r[0] for r in rows.values()]) if rows else {}
    mine = [rows[ref] for ref in refs if ref in rows and scope.admits(standing[rows[ref][0]][0])]
    lines = with_clocks(raw, library, [(line_of(raw, library, r, scope.account), standing[r[0]][1]) for r in mine])
    found = []
    for row, line in zip(mine, lines, strict=True):
        stands, version = standing[row[0]]
        procedure = library.find(raw, stands.procedure, version)
        readable = readable_by(procedure, stands, scope)
        found.append(Opened(raw, library, scope, stands, line, procedure, _whole(row[-1], procedure), readable))
    return tuple(view_of(each, masks_of(each)) for each in found)


def view_of(found: Opened, masks: Mapping[tuple[str, int], str]) -> MatterView:
    """What is shown of a matter that was opened."""
    return MatterView(
        line=found.line, procedure=found.procedure, matter=_shown(found, masks), fields=tuple(_fields(found, masks)),
        readable=found.readable, actors=found.scope.actors(found.standing), parties=found.scope.parties(found.standing),
        staff=found.staff,
    )  # fmt: skip


def offers_for(
    viewer: Viewer, matter: str, *, signed_in_at: datetime | None = None, library: Library = LIBRARY
) -> tuple[Offer, ...]:
    """What the viewer could do next on a matter, with the reasons of what is not possible just now.

    In each capacity; of an act that several capacities offer, the one with the fewest reasons against it.

    Raises:
        NotVisibleError: absent or not for this viewer, or a token without ``matters:write``.
    """
    return offers_of(open_matter(viewer, matter, library, needs=scopes.WRITE), signed_in_at)


def offers_of(found: Opened, signed_in_at: datetime | None) -> tuple[Offer, ...]:
    """What can be done on a matter that was opened for acting."""
    related = _ties(found)
    now, library = city_now(found.raw), found.library
    best: dict[str, Offer] = {}
    for actor in found.scope.actors(found.standing, signed_in_at):
        facts = Facts(now=now, actor=actor, law=BOOK, calendar=CALENDAR, library=library, related=related)
        for offer in offers(found.procedure, found.whole, facts):
            kept = best.get(offer.action.code)
            if kept is None or (offer.mine, -len(offer.reasons)) > (kept.mine, -len(kept.reasons)):
                best[offer.action.code] = offer
    return tuple(best[a.code] for a in found.procedure.actions if a.code in best)


def _ties(found: Opened) -> dict[str, Matter]:
    refs = sorted(load.ties(found.whole))
    rows = found.raw.execute("select procedure, version, snapshot from matter where ref = any(%s)", [refs]).fetchall()
    return (
        {s["id"]: _whole(s, found.library.find(found.raw, code, version)) for code, version, s in rows} if refs else {}
    )


def timeline_for(viewer: Viewer, matter: str, *, library: Library = LIBRARY) -> Entries:
    """The story of a matter (时间线). A party sees what it did itself and what it was told, the opening and the outcome.

    Raises:
        NotVisibleError: absent or not for this viewer.
    """
    found = open_matter(viewer, matter, library)
    return entries_of(found, masks_of(found))


def entries_of(found: Opened, masks: Mapping[tuple[str, int], str]) -> Entries:
    """The story of a matter that was opened."""
    shown: list[Entry] = []
    hidden: list[tuple[str, ...]] = []
    numbers: list[dict[str, str]] = []
    for (body,) in found.raw.execute(_ENTRIES, [found.line.row]).fetchall():
        data = json.loads(body)
        entry = _entry(data, found.procedure)
        if found.staff or _told(entry, found):
            masked, left_out = _masked(entry, found, masks)
            shown.append(masked)
            hidden.append(left_out)
            numbers.append(data.get("numbers", {}))
    return Entries(tuple(shown), tuple(hidden), tuple(numbers))


def _entry(data: dict[str, Any], procedure: Procedure) -> Entry:
    personal = {
        part: {name: data.get(part, {}).pop(name) for name in procedure.tables.personal if name in data.get(part, {})}
        for part in ("sets", "values")
    }
    entry = read_entry(data, procedure)
    return replace(entry, sets={**entry.sets, **personal["sets"]}, values={**entry.values, **personal["values"]})


def _told(entry: Entry, found: Opened) -> bool:
    mine = found.scope.parties(found.standing)
    told = any(n.to.kind == "party" and n.to.code in mine for n in entry.notices)
    own = entry.actor == found.scope.account
    return own or told or bool(entry.papers) or entry.seq == 1 or entry.closes


def _masked(entry: Entry, found: Opened, masks: Mapping[tuple[str, int], str]) -> tuple[Entry, tuple[str, ...]]:
    def shown(values: Mapping[str, object], prefix: str) -> dict[str, object]:
        kept: dict[str, object] = {}
        for name, value in values.items():
            if name in found.procedure.tables.fields:
                if name in found.readable:
                    kept[name] = masks.get((name, entry.seq), value)
            elif f"{prefix}{name}" in found.readable:
                kept[name] = masks.get((name, entry.seq), value)
        return kept

    sets, values = shown(entry.sets, ""), shown(entry.values, f"{entry.act}.")
    left_out = tuple(sorted((entry.sets.keys() | entry.values.keys()) - sets.keys() - values.keys()))
    masked = replace(entry, sets=sets, values=values)
    if not found.staff and entry.actor != found.scope.account:
        masked = replace(masked, actor="", officers=(), tasks=())
    return masked, left_out


def reveal_for(
    viewer: Viewer, matter: str, name: str, *, reason: str, basis: str = "", library: Library = LIBRARY
) -> str | None:
    """The plain text of a personal field, once who reads it and why stands in the access log; nothing when erased.

    Args:
        viewer: who reads.
        matter: which matter.
        name: the field.
        reason: what for, in words or as a stable code; it is kept and can be seen by the oversight desk.
        basis: the power it rests on, an article.
        library: the procedures.

    Raises:
        NotVisibleError: no such matter for this viewer, or not a field this viewer may read.
        CityError: ``personal.purpose.empty``: no reason was given.
    """
    found = open_matter(viewer, matter, library)
    if name not in found.readable or name not in found.procedure.tables.personal:
        raise NotVisibleError
    purpose = viewer.purpose(reason, basis=basis, matter=str(found.line.row))
    return reveal(found.raw, found.line.row, name, purpose)


def related_for(viewer: Viewer, matter: str, *, library: Library = LIBRARY) -> tuple[tuple[str, MatterLine], ...]:
    """Parent, children and related matters that the viewer may open too, each with what ties them.

    Raises:
        NotVisibleError: absent or not for this viewer.
    """
    found = open_matter(viewer, matter, library)
    rows = found.raw.execute(_RELATED, {"id": found.line.row}).fetchall()
    may = visible_rows(found.raw, found.scope, [r[0] for r in rows])
    lines = [(line_of(found.raw, library, r, found.scope.account), r[4]) for r in rows if r[0] in may]
    kinds = [r[-1] for r in rows if r[0] in may]
    return tuple(zip(kinds, with_clocks(found.raw, library, lines), strict=True))


def masks_of(found: Opened) -> dict[tuple[str, int], str]:
    """The masked text of each personal answer, by field and entry; under entry 0 the latest."""
    readable = {name.rpartition(".")[2] for name in found.readable} & found.procedure.tables.personal
    if not readable:
        return {}
    masks: dict[tuple[str, int], str] = {}
    for name, seq, kind, token in found.raw.execute(_PERSONAL, [found.line.row]).fetchall():
        if name in readable:
            label = sealed_label(found.procedure.code, name)
            text = "—" if token is None else Sealed(PersonalKind(kind), label, bytes(token)).masked()
            masks[name, seq] = masks[name, 0] = text
    return masks


def _shown(found: Opened, masks: Mapping[tuple[str, int], str]) -> Matter:
    kept = {name: masks.get((name, 0), v) for name, v in found.whole.fields.items() if name in found.readable}
    shown = replace(found.whole, fields=kept)
    if not found.staff:
        shown = replace(shown, doers={}, tasks=(), relations=(), children=())
    return shown


def _fields(found: Opened, masks: Mapping[tuple[str, int], str]) -> Iterable[FieldShown]:
    for f in found.procedure.fields:
        readable = f.name in found.readable
        value = found.whole.fields.get(f.name)
        yield FieldShown(
            name=f.name, title=f.title, value=masks.get((f.name, 0), None if f.personal else value) if readable else None,
            readable=readable, personal=f.personal, set=value not in (None, ""),
        )  # fmt: skip
