"""What a citizen may do to its own matter: the acts its declaration gives a party, and a rating."""

from __future__ import annotations

import os
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from guangyue.city import clock
from guangyue.city.models import Account
from guangyue.city.models.accounts import AccountKind
from guangyue.city.personal.stray import without
from guangyue.kernel import Command, Reason, Refusal
from guangyue.kernel.grammar import PhotoSet
from guangyue.kernel.grammar.values import parse
from guangyue.records.commands import IdempotencyError, Order, execute
from guangyue.records.evidence.errors import EvidenceError
from guangyue.records.evidence.models import Evidence
from guangyue.records.evidence.receive import Origin, piece_of, receive
from guangyue.web.doing import strays
from guangyue.web.portal.models import Rating
from guangyue.web.portal.pages import known
from guangyue.web.portal.reading import Opened, opened

if TYPE_CHECKING:
    from guangyue.kernel import Piece
    from guangyue.kernel.grammar import Action
    from guangyue.records.matters import PublicView

__all__ = ["act", "rate"]

MOST_FILES = 3
MOST_BYTES = 8 << 20
BEST = 5
UPLOADER = "portal"
_LONGEST_WORDS = 500


@require_http_methods(["GET", "HEAD", "POST"])
@known
def act(request: HttpRequest, view: PublicView, code: str) -> HttpResponse:
    """The form of an act, and doing it. What the kernel refuses comes back with all reasons, nothing typed is lost."""
    found = opened(view)
    if code not in found.may:
        return HttpResponse(status=404)
    action = found.procedure.action(code)
    questions = found.procedure.tables.forms[code]
    given = {name: request.POST.get(f"q_{name}", "").strip() for name in questions}
    said = {"view": view, "found": found, "action": action, "questions": questions, "given": given, "most": MOST_FILES}
    if request.method != "POST":
        return render(request, "portal/act.html", {**said, "key": uuid.uuid4()})
    key = request.POST.get("key", "")[:60] or str(uuid.uuid4())
    refused = _do(request, found, action, key, given)
    if refused:
        return render(request, "portal/act.html", {**said, "key": uuid.uuid4(), "reasons": refused}, status=422)
    return HttpResponseRedirect(f"{reverse('portal_matter')}?done=act")


def _do(
    request: HttpRequest, found: Opened, action: Action, key: str, given: dict[str, str]
) -> tuple[Reason | EvidenceError, ...]:
    """Carry it out; the reasons why not, none when done."""
    files = request.FILES.getlist("files")
    if len(files) > MOST_FILES or any((f.size or 0) > MOST_BYTES for f in files):
        return (Reason("evidence.too_many", {"files": MOST_FILES, "megabytes": MOST_BYTES >> 20}, field="files"),)
    if misplaced := strays(found.procedure, action.code, given):
        return misplaced
    form = found.procedure.tables.forms[action.code]
    values = {name: parse(form[name].field.kind, text) for name, text in given.items() if text}
    try:
        kept = [_received(file) for file in files]
    except EvidenceError as refused:
        return (refused,)
    command = Command(act=action.code, received_at=clock.now(), values=values, evidence=_pieces(action, kept))
    order = Order(
        matter=found.matter.id, command=command, actor=found.actor, key=key, handed_in=tuple(str(e.pk) for e in kept)
    )
    try:
        answer = execute(order)
    except IdempotencyError:
        return ()  # the same form sent twice: it was done the first time
    if isinstance(answer, Refusal):
        return tuple(answer.reasons)
    return ()


def _pieces(action: Action, kept: list[Evidence]) -> tuple[Piece, ...]:
    """The files as the evidence the act asks for; where it asks for none they only lie with the matter."""
    wanted = next((p for p in action.evidence if isinstance(p, PhotoSet)), None)
    return tuple(piece_of(e, wanted.code) for e in kept) if wanted is not None else ()


def _received(file: UploadedFile[Any]) -> Evidence:
    """An uploaded file as evidence, examined like any other; the portal's own account stands for an unknown citizen."""
    off = {"is_active": False, "disabled_at": clock.now(), "disabled_for": UPLOADER, "password": "!"}
    account, _ = Account.objects.get_or_create(username=UPLOADER, defaults={"kind": AccountKind.KIOSK, **off})
    handle, name = tempfile.mkstemp(prefix="guangyue-")
    with os.fdopen(handle, "wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    try:
        return receive(Path(name), Origin(account=account, received_at=clock.now(), name=(file.name or "")[:120]))
    finally:
        Path(name).unlink(missing_ok=True)


@require_POST
@known
def rate(request: HttpRequest, view: PublicView) -> HttpResponse:
    """How it was handled, one to five, and words if one likes."""
    found = opened(view)
    stars = request.POST.get("stars", "")
    if not stars.isascii() or not stars.isdigit() or not 1 <= int(stars) <= BEST:
        return HttpResponseRedirect(f"{reverse('portal_matter')}#rate")
    words = without(request.POST.get("words", "").strip()[:_LONGEST_WORDS])
    Rating.objects.update_or_create(matter=found.row, defaults={"stars": int(stars), "words": words, "at": clock.now()})
    return HttpResponseRedirect(f"{reverse('portal_matter')}?done=rate")
