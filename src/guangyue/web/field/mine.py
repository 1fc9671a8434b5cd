"""The matters an officer has in hand on the street: those they recorded or acted on, open, or closed since yesterday."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from guangyue.city.errors import NotVisibleError
from guangyue.law import BOOK, CALENDAR, Text
from guangyue.records.database import city_now, db
from guangyue.web.present.clocks import clocks
from guangyue.web.reading import seen

if TYPE_CHECKING:
    from datetime import datetime

    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Matter, Procedure
    from guangyue.records.database import Db

__all__ = ["my_matters"]

MOST = 100
SHIFT = timedelta(days=1)
"""How long a closed matter stays on the phone, and an open one that the officer has not touched since is not theirs."""
LOOK_BACK = timedelta(days=7)
_ACTED = """
    select m.ref, m.number, m.title, m.place, m.opened_at from matter m
    where m.id in (select j.matter_id from journal j where j.actor = %(who)s and j.at > %(from)s)
        and (m.closed_at is null or m.closed_at > %(shift)s)
    order by m.opened_at desc limit %(most)s
"""
_PAPERS = "select code, number from document where matter_id = (select id from matter where ref = %s) order by id"
_LAST = """
    select j.body::jsonb ->> 'act', j.body::jsonb -> 'values' ->> 'reason' from journal j join matter m on m.id = j.matter_id
    where m.ref = %s and j.kind = 'act' order by j.seq desc limit 1
"""


def my_matters(viewer: Viewer) -> list[dict[str, Any]]:
    """What the phone lists; each through the access function, so that what one may no longer see is gone."""
    raw = db()
    now = city_now(raw)
    asked = {"who": f"account:{viewer.account_id}", "from": now - LOOK_BACK, "shift": now - SHIFT, "most": MOST}
    rows = raw.execute(_ACTED, asked).fetchall()
    found: list[dict[str, Any]] = []
    for ref, number, title, place, opened_at in rows:
        try:
            may = seen(viewer, ref)
        except NotVisibleError:
            continue
        said = _said(raw, may.procedure, may.matter, now)
        found.append(
            {"id": ref, "number": number or ref, "title": title, "where": place, "opened_at": _iso(opened_at), **said}
        )
    return found


def _said(raw: Db, procedure: Procedure, matter: Matter, now: datetime) -> dict[str, Any]:
    running = [a for a in matter.deadlines.values() if a.status == "pending"]
    inclusive = {a.key: a.inclusive for a in running}
    said: dict[str, Any] = {
        "procedure": procedure.code,
        "state": matter.state,
        "closed": matter.closed,
        "clocks": [
            {
                "key": c.key,
                "title": _words(c.title),
                "from": _iso(c.started_at),
                "due": _iso(c.due_at),
                "inclusive": inclusive[c.key],
                "law": _words(c.law),
            }
            for c in clocks(procedure, matter, now, BOOK, CALENDAR)
            if c.key in inclusive
        ],
        "papers": [
            {"code": code, "title": _words(procedure.paper(code).title), "number": number or "", "href": _href(number)}
            for code, number in raw.execute(_PAPERS, [matter.id]).fetchall()
            if number and code in procedure.tables.papers
        ],
    }
    note = _note(raw, procedure, matter)
    return {**said, "note": _words(note)} if note else said


def _note(raw: Db, procedure: Procedure, matter: Matter) -> Text | None:
    """What an outside system said last and why: a reminder that no carrier took."""
    row = raw.execute(_LAST, [matter.id]).fetchone()
    action = procedure.tables.actions.get(row[0]) if row else None
    if row is None or not row[1] or action is None or any(w.kind != "system" for w in action.by):
        return None
    return Text(f"{action.title.zh}：{row[1]}", f"{action.title.en}: {row[1]}")


def _href(number: str) -> str:
    return f"/papers/{number}.pdf"


def _iso(at: datetime) -> str:
    return at.isoformat()


def _words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
