"""The pages a citizen reads: the way in, the matter, its photographs, who looked."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from PIL import Image, ImageOps, UnidentifiedImageError

from guangyue.city.errors import NotVisibleError
from guangyue.law import BOOK, CALENDAR
from guangyue.records.database import city_now, db
from guangyue.records.evidence.installed import store
from guangyue.records.evidence.models import Blob
from guangyue.records.matters import public_matter
from guangyue.records.matters.public import ADDRESSEE
from guangyue.records.papers import IncompleteError, NoTemplateError, issued, own_paper, pdf_of
from guangyue.web.field.papers import as_pdf
from guangyue.web.portal import visitor
from guangyue.web.portal.guessing import count_wrong, must_wait
from guangyue.web.portal.models import Rating
from guangyue.web.portal.reading import PROOF, Opened, looks_at, opened, owns_photo
from guangyue.web.present.clocks import clocks

if TYPE_CHECKING:
    from guangyue.records.matters import PublicView

__all__ = ["front", "known", "leave", "looks", "matter", "page_of", "paper", "photo"]

LONGEST = 60
WIDE = 1280
"""Pixels of a photograph as the portal shows it; the original is for the review."""
_PAPER = "select id from document where number = %s and matter_id = %s"
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_View = Callable[..., HttpResponse]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def front(request: HttpRequest) -> HttpResponse:
    """Number and plate; whoever knows both comes in."""
    given = {"number": "", "proof": ""}
    if request.method != "POST":
        given = {"number": request.GET.get("n", "")[:LONGEST], "proof": request.GET.get("c", "")[:LONGEST]}
        return render(request, "portal/front.html", given)
    given = {name: request.POST.get(name, "").strip()[:LONGEST] for name in given}
    if not all(given.values()):
        return render(request, "portal/front.html", {**given, "wrong": "empty"}, status=422)
    if (wait := must_wait(request, given["number"])) is not None:
        minutes = int(wait.total_seconds() // 60) + 1
        answer = render(request, "portal/front.html", {**given, "wrong": "wait", "minutes": minutes}, status=429)
        answer["Retry-After"] = str(int(wait.total_seconds()) + 1)
        return answer
    try:
        public_matter(given["number"], given["proof"])
    except NotVisibleError:
        count_wrong(request, given["number"])
        return render(request, "portal/front.html", {**given, "wrong": "unknown"}, status=404)
    inside = HttpResponseRedirect(reverse("portal_matter"))
    visitor.come_in(inside, given["number"], given["proof"])
    return inside


def known(view: _View) -> _View:
    """Only for a browser that proved to know a matter; everybody else is led to the front."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, **captured: str) -> HttpResponse:
        found = visitor.visited(request)
        if found is None:
            away = HttpResponseRedirect(reverse("portal"))
            visitor.leave(away)
            return away
        return view(request, found, **captured)

    return guarded


def page_of(
    request: HttpRequest, view: PublicView, found: Opened, *, status: int = 200, **more: object
) -> HttpResponse:
    """The matter's page, with a message or a refusal where there is one."""
    now = city_now(db())
    chips = clocks(found.procedure, found.matter, now, BOOK, CALENDAR)
    said = {
        "view": view,
        "found": found,
        "city_now": now,
        "chips": chips,
        "acts": [found.procedure.action(code) for code in found.may],
        "rating": Rating.objects.filter(matter=found.row).first(),
        **more,
    }
    return render(request, "portal/matter.html", said, status=status)


@require_safe
@known
def matter(request: HttpRequest, view: PublicView) -> HttpResponse:
    """One's matter: what is happening, the evidence, the papers, what one can do."""
    done = request.GET.get("done", "")
    return page_of(request, view, opened(view), done=done if done in {"act", "rate"} else "")


@require_safe
@known
def photo(request: HttpRequest, view: PublicView, sha256: str) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """A photograph of the evidence, made smaller for a phone on a bad line, without what else its file says."""
    found = opened(view)
    blob = Blob.objects.filter(pk=sha256, removed_at=None).first() if _DIGEST.fullmatch(sha256) else None
    if blob is None or not owns_photo(found, sha256):
        return HttpResponse(status=404)
    try:
        with store().open(sha256) as stream, Image.open(stream) as picture:
            small = ImageOps.exif_transpose(picture).convert("RGB")
            small.thumbnail((WIDE, WIDE))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return HttpResponse(status=404)
    held = io.BytesIO()
    small.save(held, "JPEG", quality=78)
    answer = HttpResponse(held.getvalue(), content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
@known
def paper(request: HttpRequest, view: PublicView, number: str) -> HttpResponse:
    """One of the matter's papers, to print."""
    matter = opened(view).row
    row = db().execute(_PAPER, [number, matter]).fetchone()
    if row is None:
        return HttpResponse(status=404)
    origin = request.build_absolute_uri("/")
    mine = ADDRESSEE in view.parties
    found = own_paper(matter, row[0], origin, f"{PROOF}{view.number}") if mine else issued(row[0], origin)
    try:
        return as_pdf(pdf_of(found)) if found is not None else HttpResponse(status=404)
    except (NoTemplateError, IncompleteError):
        return HttpResponse(status=404)


@require_safe
@known
def looks(request: HttpRequest, view: PublicView) -> HttpResponse:
    """Who read personal data in this matter, and what for."""
    found = opened(view)
    return render(request, "portal/looks.html", {"view": view, "found": found, "looks": looks_at(found)})


@require_POST
def leave(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """On a shared computer: forget the proof."""
    away = HttpResponseRedirect(reverse("portal"))
    visitor.leave(away)
    return away
