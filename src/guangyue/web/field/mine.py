"""The matters an officer has in hand on the street: those they recorded or acted on, open, or closed just now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from guangyue.city.errors import NotVisibleError
from guangyue.law import BOOK, CALENDAR, Text
from guangyue.records.database import city_now, db
from guangyue.records.matters import account_name, documents_for, matter_for, timeline_for
from guangyue.records.papers import NoTemplateError, template_for
from guangyue.web.present.clocks import clocks

if TYPE_CHECKING:
    from datetime import datetime

    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Entry
    from guangyue.records.matters import DocumentLine, MatterLine, MatterView

__all__ = ["MOST", "my_matters"]

MOST = 60
SHIFT = timedelta(hours=2)
"""How long a closed matter is told to the phone."""
LOOK_BACK = timedelta(days=7)
"""How far back an officer's own acts are looked for."""
_ACTED = """
    select m.ref from matter m
    where m.id in (select j.matter_id from journal j where j.actor = %(who)s and j.at > %(from)s)
        and (m.closed_at is null or m.closed_at > %(shift)s)
    order by m.opened_at desc limit %(most)s
"""


def my_matters(viewer: Viewer) -> list[dict[str, Any]]:
    """What the phone lists; each through the access functions, so that what one may no longer see is gone."""
    raw = db()
    if viewer.account_id is None:
        return []
    now = city_now(raw)
    who = account_name(viewer.account_id)
    rows = raw.execute(_ACTED, {"who": who, "from": now - LOOK_BACK, "shift": now - SHIFT, "most": MOST}).fetchall()
    found: list[dict[str, Any]] = []
    for (ref,) in rows:
        try:
            found.append(_said(viewer, matter_for(viewer, ref), now))
        except NotVisibleError:
            continue
    return found


def _said(viewer: Viewer, view: MatterView, now: datetime) -> dict[str, Any]:
    line, procedure, matter = view.line, view.procedure, view.matter
    inclusive = {a.key: a.inclusive for a in matter.deadlines.values() if a.status == "pending"}
    said: dict[str, Any] = {
        "id": line.id,
        "number": line.number,
        "procedure": line.procedure,
        "title": line.title,
        "where": line.place,
        "state": line.state,
        "closed": line.closed,
        "opened_at": line.opened_at.isoformat(),
        "clocks": [
            {
                "key": c.key,
                "title": _words(c.title),
                "from": c.started_at.isoformat(),
                "due": c.due_at.isoformat(),
                "inclusive": inclusive[c.key],
                "law": _words(c.law),
                "left": _words(c.left),
            }
            for c in clocks(procedure, matter, now, BOOK, CALENDAR)
            if c.key in inclusive
        ],
        "papers": [_paper(line, d) for d in documents_for(viewer, line.id)] if matter.papers else [],
    }
    if not line.closed and (note := _note(view, timeline_for(viewer, line.id).entries)):
        said["note"] = _words(note)
    return said


def _note(view: MatterView, entries: tuple[Entry, ...]) -> Text | None:
    """What an outside system said last and why: a reminder that no carrier took."""
    last = next((e for e in reversed(entries) if e.kind == "act"), None)
    action = view.procedure.tables.actions.get(last.act) if last else None
    if last is None or action is None or any(w.kind != "system" for w in action.by):
        return None
    why = last.values.get("reason")
    return Text(f"{action.title.zh}：{why}", f"{action.title.en}: {why}") if why else None


def _paper(line: MatterLine, paper: DocumentLine) -> dict[str, Any]:
    """A paper, with the address to print it from where it has a printed form."""
    try:
        template_for(line.procedure, paper.code)
        href = reverse("field_paper", args=[line.id, paper.id])
        ticket = reverse("field_ticket", args=[line.id, paper.id])
    except NoTemplateError:
        href = ticket = ""
    return {"code": paper.code, "title": _words(paper.title), "number": paper.number, "href": href, "ticket": ticket}


def _words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
