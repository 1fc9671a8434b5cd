"""What a party may see of its own matter: the course, the photographs, the papers, and who looked. No names.

The proof is made before (`visitor`); these functions take the matter it opened and nothing else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from guangyue.city.models import Account, RoleHolding
from guangyue.kernel import Actor, Entry, Matter, Procedure, read_entry, read_matter
from guangyue.kernel.grammar import Kind, T
from guangyue.kernel.matrix import may_do, may_read
from guangyue.law import Text
from guangyue.records.commands.looks import LOOK_UP
from guangyue.records.database import db
from guangyue.records.library import LIBRARY
from guangyue.records.matters.priors import PURPOSE as PRIORS
from guangyue.web.doing import plainly
from guangyue.web.present.story import Line, story

if TYPE_CHECKING:
    from guangyue.records.matters import PublicView

__all__ = ["Look", "Opened", "Photo", "looks_at", "opened", "owns_photo"]

_SYSTEMS = {
    "outbox:sms": T("短信发送系统", "The system that sends messages"),
    "outbox": T("发送系统", "The sending system"),
    "clock": T("计时系统", "The clock"),
}
PROOF = "proof:"
"""So begins who proved to know a matter, in journal and access log."""
OWN = T("当事人本人，凭单查询", "The party, with the paper in hand")
_LOOKS = "select at, viewer, purpose, what from access_log where matter_id = %s order by id desc limit 200"
_PHOTO = "select exists (select from piece where matter_id = %s and sha256 = %s)"
ATTEMPT = "attempt "
_PURPOSES = {
    PRIORS: T("查询以往记录，供选择处理方式参考", "Earlier records, to choose a measure by"),
    "paper": T("打印、查看文书", "To print or read the paper"),
    LOOK_UP: T("公安机关核验身份，供本案使用", "Police checked the identity for this matter"),
}


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph of the evidence."""

    sha256: str
    set_title: Text
    taken_at: datetime | None
    panorama: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """The matter as its party sees it.

    Attributes:
        row: its row. lines: its story, oldest first. may: the acts this party may do now.
    """

    row: int
    title: str
    place: str
    procedure: Procedure
    matter: Matter
    actor: Actor
    lines: tuple[Line, ...]
    photos: tuple[Photo, ...]
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """One reading of personal data in this matter: when, by which office, what for."""

    at: datetime
    office: Text
    purpose: str
    refused: bool


def opened(view: PublicView) -> Opened:
    """The matter behind a proof, with what its declaration lets this party read."""
    raw = db()
    row = raw.execute(
        "select id, title, place, version, procedure, snapshot from matter where ref = %s", [view.id]
    ).fetchone()
    if row is None:
        raise LookupError(view.id)
    procedure = LIBRARY.find(raw, row[4], row[3])
    snapshot = plainly(row[5])
    personal = procedure.tables.personal
    matter = read_matter(
        {**snapshot, "fields": {k: v for k, v in snapshot["fields"].items() if k not in personal}}, procedure
    )
    actor = Actor(id=f"{PROOF}{view.number}", parties=view.parties)
    places = {f.name for f in procedure.fields if f.kind is Kind.PLACE}  # the street says it in words
    readable = frozenset(name.rpartition(".")[2] for name in may_read(procedure, matter, actor)) - personal - places
    bodies = raw.execute("select body from journal where matter_id = %s order by seq", [row[0]]).fetchall()
    entries = [_entry(body, procedure) for (body,) in bodies]
    told = [e for e in entries if e.kind != "alarm" and (e.before != e.after or e.papers or e.actor == actor.id)]
    may = sorted(
        code
        for code in may_do(procedure, matter, actor)
        if procedure.tables.steps[code].get(matter.state) is not None and not procedure.action(code).opens
    )
    return Opened(
        row=row[0], title=row[1], place=row[2], procedure=procedure, matter=matter, actor=actor,
        lines=story(procedure, told, lambda _: "", readable), photos=tuple(_photos(procedure, entries)),
        may=tuple(may),
    )  # fmt: skip


def owns_photo(found: Opened, sha256: str) -> bool:
    """Whether a photograph belongs to this matter's journal."""
    row = db().execute(_PHOTO, [found.row, sha256]).fetchone()
    return bool(row and row[0])


def looks_at(found: Opened) -> tuple[Look, ...]:
    """Who read personal data in this matter, by office and purpose, the latest first; refused attempts stand there too."""
    rows = db().execute(_LOOKS, [found.row]).fetchall()
    offices = _offices({viewer for _, viewer, _, _ in rows})
    return tuple(
        Look(at, offices.get(viewer) or _said(viewer), _plainly(found, purpose), what.startswith("refused"))
        for at, viewer, purpose, what in rows
    )  # fmt: skip


def _said(viewer: str) -> Text:
    """Who read that is no member of staff."""
    return OWN if viewer.startswith(PROOF) else _SYSTEMS.get(viewer, T("系统", "A system"))


def _plainly(found: Opened, purpose: str) -> str:
    """The purpose in words: its own, or an act's title where the purpose names one."""
    code = purpose.removeprefix(ATTEMPT)
    action = found.procedure.tables.actions.get(code)
    said = action.title if action else _PURPOSES.get(code)
    if said is None:
        return purpose
    from guangyue.web.templatetags.guangyue import say

    return str(say(said))


def _offices(viewers: set[str]) -> dict[str, Text]:
    """The offices in which accounts stand; never their names."""
    ids = {int(v.removeprefix("account:")): v for v in viewers if v.removeprefix("account:").isdigit()}
    people = dict(Account.objects.filter(pk__in=ids).values_list("person", "pk"))
    held = RoleHolding.objects.filter(Q(person__in=[p for p in people if p])).select_related("unit__agency")
    found: dict[str, Text] = {}
    for holding in held.order_by("unit__path"):
        agency = holding.unit.agency
        name = ids[people[holding.person_id]]
        found.setdefault(
            name,
            Text(
                f"{agency.name_zh} · {holding.unit.name_zh}",
                f"{agency.name_en} · {holding.unit.name_en or holding.unit.name_zh}",
            ),
        )
    return found


def _entry(body: object, procedure: Procedure) -> Entry:
    data = json.loads(str(body))
    for part in ("sets", "values"):
        for name in procedure.tables.personal & data.get(part, {}).keys():
            del data[part][name]
    return read_entry(data, procedure)


def _photos(procedure: Procedure, entries: list[Entry]) -> list[Photo]:
    titles = {s.code: s.title for a in procedure.actions for s in a.evidence}
    return [
        Photo(p.sha256, titles.get(p.set, T(p.set, p.set)), p.taken_at, p.panorama)
        for e in entries
        for p in e.evidence
        if p.kind == "photo"
    ]
