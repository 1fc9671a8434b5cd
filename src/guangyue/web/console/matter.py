"""A matter's page: what is happening and what one can do; then the story with its evidence; then facts and papers."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guangyue.kernel.grammar import REASON, T
from guangyue.kernel.wording import listed
from guangyue.law import BOOK, CALENDAR, Text
from guangyue.records.database import city_now, db
from guangyue.records.matters import cursor_now, dossier_for, offers_for, priors_for, related_for
from guangyue.web.console.door import frame, staff_page
from guangyue.web.console.names import people, unit_name
from guangyue.web.console.opening import about
from guangyue.web.console.showing import tone_of
from guangyue.web.console.tasks import given
from guangyue.web.present.clocks import clocks
from guangyue.web.present.story import Line, shown, story
from guangyue.web.shifts import signed_in_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Entry, Offer, Reason
    from guangyue.records.matters import DocumentLine, Dossier, MatterLine, MatterView, PieceLine

__all__ = ["offers_of", "page", "whole"]


TIES: dict[str, Text] = {"parent": T("上级事项", "Part of")}


@dataclass(frozen=True, slots=True)
class OfferShown:
    """A button, or a grey line with its reasons."""

    code: str
    title: Text
    open: bool
    primary: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Photo:
    """A piece of evidence in the story."""

    title: Text
    url: str
    image: bool
    at: datetime | None
    panorama: bool
    legible: bool
    audio: bool = False


@dataclass(frozen=True, slots=True)
class PaperShown:
    """A paper with the way to its file."""

    title: Text
    number: str
    issued_at: datetime
    statutory: bool
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """One point of the story with what belongs to it."""

    line: Line
    office: Text | None
    photos: tuple[Photo, ...]
    papers: tuple[PaperShown, ...]
    hidden: bool
    tied: tuple[Tied, ...] = ()


@dataclass(frozen=True, slots=True)
class Right:
    """Those who may do something, and the acts that are theirs."""

    who: Text
    titles: Text


@dataclass(frozen=True, slots=True)
class Tied:
    """Another matter that belongs to this one, and how."""

    how: Text
    line: MatterLine
    tone: str


@require_safe
@staff_page
def page(request: HttpRequest, viewer: Viewer, ref: str) -> HttpResponse:
    """The page."""
    return render(request, "console/matter.html", whole(viewer, ref))


def whole(viewer: Viewer, ref: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - what a template is given
    """Everything the page shows.

    Raises:
        NotVisibleError: absent or not for this viewer.
    """
    cursor = cursor_now()
    known = dossier_for(viewer, ref, signed_in_at=signed_in_at(viewer.account_id))
    m, papers = known.view, known.papers
    now = city_now(db())
    tied = _tied(m, related_for(viewer, ref))
    open_, closed = _offers(known.offers)
    asking = next((o.code for o in open_ if m.procedure.action(o.code).consults is not None), "")
    return frame(viewer, "matters") | {
        "m": m, "cursor": cursor, "tone": tone_of(m.line, viewer, now), "holder": unit_name(m.line.holder),
        "clocks": clocks(m.procedure, m.matter, now, BOOK, CALENDAR), "offers": open_, "closed_offers": closed,
        "lines": _steps(ref, known, tied), "facts": _facts(m), "papers": [_paper(ref, p) for p in papers],
        "tasks": given(m, ref), "task_key": uuid.uuid4().hex, "tied": tied,
        "rights": _rights(m, now=True), "other_rights": _rights(m, now=False), "about": about(viewer, m.procedure.code),
        "priors": priors_for(viewer, ref, asking) if asking else None, **more,
    }  # fmt: skip


def offers_of(viewer: Viewer, ref: str) -> tuple[list[OfferShown], list[OfferShown]]:
    """What the viewer may do now, the first of it primary; and what waits for something, with the reasons.

    What is another's to do is absent: the page says elsewhere who may do what.
    """
    return _offers(offers_for(viewer, ref, signed_in_at=signed_in_at(viewer.account_id)))


def _offers(offers: Iterable[Offer]) -> tuple[list[OfferShown], list[OfferShown]]:
    found = [o for o in offers if o.mine]
    # What leads on stands before what turns something down or takes it back: such acts ask for the reason.
    now = sorted((o for o in found if not _barred(o)), key=lambda o: any(q.name == REASON.name for q in o.action.form))
    later = [o for o in found if _barred(o)]
    return (
        [_offer(o, primary=n == 0) for n, o in enumerate(now)],
        [_offer(o, primary=False, barred=True) for o in later],
    )


def _barred(offer: Offer) -> bool:
    """Whether something stands against it that its form cannot mend."""
    form = {q.name for q in offer.action.form}
    return any(not _askable(r, form) for r in offer.reasons)


def _askable(reason: Reason, form: set[str]) -> bool:
    return reason.field in form or (reason.code == "requires.condition" and bool(form))


def _offer(offer: Offer, *, primary: bool, barred: bool = False) -> OfferShown:
    reasons = offer.reasons if barred else ()
    return OfferShown(offer.action.code, offer.action.title, not barred, primary, reasons)


def _steps(ref: str, known: Dossier, tied: Iterable[Tied]) -> list[Step]:
    m, journal = known.view, known.story
    names = people(e.actor for e in journal.entries)
    pieces: defaultdict[int, list[Photo]] = defaultdict(list)
    for p in known.evidence:
        pieces[p.seq].append(_photo(p))
    issued: defaultdict[int, list[PaperShown]] = defaultdict(list)
    for d in known.papers:
        issued[d.seq].append(_paper(ref, d))
    from guangyue.web.templatetags.guangyue import say

    lines = story(m.procedure, journal.entries, lambda a: str(say(names.get(a, T(a, a)))), m.readable)
    others = {t.line.id: t for t in tied}
    return [
        Step(
            line,
            _office(e),
            tuple(pieces[line.seq]),
            tuple(issued[line.seq]),
            bool(hidden),
            tuple(others[other] for _, other in e.relations if other in others),
        )
        for line, e, hidden in zip(lines, journal.entries, journal.hidden, strict=True)
    ]


def _photo(p: PieceLine) -> Photo:
    url = reverse("evidence_file", args=[p.evidence]) if p.evidence else ""
    audio = bool(url) and p.media_type.startswith("audio/")
    return Photo(p.set_title, url, p.kind == "photo", p.taken_at, p.panorama, p.plate_legible, audio)


def _office(entry: Entry) -> Text | None:
    """Where somebody stood who acted; machines stand nowhere."""
    return unit_name(entry.unit) if entry.unit and entry.actor.startswith("account:") else None


def _paper(ref: str, d: DocumentLine) -> PaperShown:
    return PaperShown(d.title, d.number, d.issued_at, d.statutory, reverse("field_paper", args=[ref, d.id]))


def _facts(m: MatterView) -> list[dict[str, object]]:
    """The fields that hold something; what is not this reader's to see is named, not shown."""
    return [
        {
            "title": f.title,
            "readable": f.readable,
            "value": shown(m.procedure.tables.fields[f.name], f.value) if f.readable else None,
        }
        for f in m.fields
        if f.set or not f.readable
    ]


def _tied(m: MatterView, found: Iterable[tuple[str, MatterLine]]) -> list[Tied]:
    """Related matters by what ties them; of a tie that both sides know, each is listed once."""
    slots = {c.id: m.procedure.child(c.slot).title for c in m.matter.children}
    named = {r.kind: r.title for r in m.procedure.relations}
    once: dict[str, Tied] = {}
    for kind, line in found:
        how = named.get(kind) or slots.get(line.id) or TIES.get(kind) or line.procedure_title
        once.setdefault(line.id, Tied(how, line, "closed" if line.closed else ""))
    return list(once.values())


def _rights(m: MatterView, *, now: bool) -> list[Right]:
    """Who may do what in this state, or in another one; acts of the same people stand together."""
    steps = m.procedure.tables.steps
    found: dict[Text, list[Text]] = {}
    for a in m.procedure.actions:
        if not a.opens and (steps[a.code].get(m.line.state) is not None) is now:
            found.setdefault(listed(w.title for w in a.by), []).append(a.title)
    return [
        Right(who, T(" · ".join(t.zh for t in titles), " · ".join(t.en for t in titles)))
        for who, titles in found.items()
    ]
