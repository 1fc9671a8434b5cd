"""Reading: lists, one matter, its time line; as far as the caller may see, and no further."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Query, Schema
from pydantic import Field, StringConstraints

from guangyue.kernel.canonical import plain
from guangyue.law import BOOK, CALENDAR
from guangyue.records.database import city_now, db
from guangyue.records.matters import (
    Asked,
    BadCursorError,
    MatterLine,
    documents_for,
    matter_for,
    matters_for,
    offers_for,
    timeline_for,
)
from guangyue.web.api.acts import MatterId
from guangyue.web.api.answers import ClockOut, Item, LineOut, Listing, MatterOut, OfferOut, PaperOut, Said, Story
from guangyue.web.api.bodies import Moment
from guangyue.web.api.callers import caller, may
from guangyue.web.api.problems import Problem
from guangyue.web.api.site import api
from guangyue.web.present.clocks import clocks
from guangyue.web.present.story import story
from guangyue.web.shifts import signed_in_at
from guangyue.web.templatetags.guangyue import say

__all__: list[str] = []

Word = Annotated[str, StringConstraints(max_length=80)]


class Filter(Schema):
    """What a list is asked for; all of it holds together."""

    where: Literal["held", "involved", "mine", "party"] = "held"
    procedure: Word = ""
    state: list[Word] = Field(default_factory=list, max_length=40)
    open: bool | None = None
    unit: list[Word] = Field(default_factory=list, max_length=40)
    agency: Word = ""
    text: Word = ""
    opened_from: Moment | None = None
    opened_until: Moment | None = None
    due_before: Moment | None = None
    order: Literal["newest", "deadline"] = "newest"
    most: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[str, StringConstraints(max_length=200)] = ""


@api.get("/matters", response=Listing, summary="Matters within reach", operation_id="list_matters")
def list_matters(request: HttpRequest, asked: Query[Filter]) -> Listing:
    """A page of matters; ``next`` is handed back as ``after``. Nothing is counted and nothing is skipped."""
    viewer = caller(request)
    may(viewer, "read", asked.procedure)
    try:
        page = matters_for(viewer, Asked(
            where=asked.where, procedures=(asked.procedure,) if asked.procedure else (), states=tuple(asked.state),
            open=asked.open, units=tuple(asked.unit), agency=asked.agency, text=asked.text,
            opened_from=asked.opened_from, opened_until=asked.opened_until, due_before=asked.due_before,
            order=asked.order, most=asked.most, after=asked.after,
        ))  # fmt: skip
    except BadCursorError:
        said = {"code": "list.cursor", "text": "after is no cursor of this list", "field": "after"}
        raise Problem("malformed", reasons=(said,)) from None
    return Listing(items=[Item(**_item(line)) for line in page.lines], next=page.next or None)


@api.get("/matters/{matter}", response=MatterOut, summary="One matter", operation_id="show_matter")
def show_matter(request: HttpRequest, matter: Path[MatterId]) -> MatterOut:
    """Its state, clocks, papers, the fields the caller may read, and what the caller could do now."""
    viewer = caller(request)
    found = matter_for(viewer, matter)
    may(viewer, "read", found.procedure)
    offers = (
        offers_for(viewer, matter, signed_in_at=signed_in_at(viewer.account_id))
        if viewer.allows("matters:write")
        else ()
    )
    running = found.matter.deadlines
    return MatterOut(
        **_item(found.line), version=found.procedure.version,
        fields={f.name: plain(f.value) for f in found.fields if f.readable and f.set},
        masked=[f.name for f in found.fields if not f.readable],
        deadlines=[
            ClockOut(
                key=c.key, title=str(say(c.title)), due_at=c.due_at, inclusive=running[c.key].inclusive,
                started_at=c.started_at, status=running[c.key].status, law=str(say(c.law)), provisional=c.provisional,
            )
            for c in clocks(found.procedure, found.matter, city_now(db()), BOOK, CALENDAR)
        ],
        offers=[
            OfferOut(
                code=o.action.code, title=str(say(o.action.title)), open=o.open,
                reasons=[Said(code=r.code, title=str(say(r.text))) for r in o.reasons],
            )
            for o in offers if o.mine
        ],
        papers=[
            PaperOut(code=d.code, title=str(say(d.title)), number=d.number, issued_at=d.issued_at)
            for d in documents_for(viewer, matter)
        ],
    )  # fmt: skip


@api.get("/matters/{matter}/timeline", response=Story, summary="Its story", operation_id="show_timeline")
def show_timeline(request: HttpRequest, matter: Path[MatterId]) -> Story:
    """What happened, when, by whom, with which evidence."""
    viewer = caller(request)
    found = matter_for(viewer, matter)
    may(viewer, "read", found.procedure)
    entries = timeline_for(viewer, matter).entries
    lines = story(found.procedure, entries, lambda actor: actor, found.readable)
    return Story(lines=[
        LineOut(
            seq=e.seq, kind=e.kind, code=e.act, title=str(say(line.title)), at=e.observed_at, decided_at=e.decided_at,
            who=e.actor, state=Said(code=e.after, title=str(say(line.state))) if line.state else None,
            values={k: plain(v) for k, v in {**e.sets, **e.values}.items()}, evidence=[p.sha256 for p in e.evidence],
        )
        for e, line in zip(entries, lines, strict=True)
    ])  # fmt: skip


def _item(line: MatterLine) -> dict[str, Any]:
    lon, lat = line.position or (None, None)
    return {
        "id": line.id, "number": line.number, "procedure": line.procedure, "title": line.title, "place": line.place,
        "state": Said(code=line.state, title=str(say(line.state_title))), "closed": line.closed, "holder": line.holder,
        "opened_at": line.opened_at, "updated_at": line.updated_at, "due_at": line.due_at,
        "lon": lon / 1e6 if lon is not None else None, "lat": lat / 1e6 if lat is not None else None, "seq": line.seq,
    }  # fmt: skip
