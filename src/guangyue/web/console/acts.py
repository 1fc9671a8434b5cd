"""Acting: an act's form, and what becomes of it; opening a matter."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guangyue.city import clock
from guangyue.city.errors import NotVisibleError
from guangyue.city.models import Account
from guangyue.kernel import Reason, Refusal
from guangyue.records.commands import Done, IdempotencyError
from guangyue.records.evidence.errors import EvidenceError
from guangyue.records.evidence.models import Evidence
from guangyue.records.evidence.receive import Origin, receive
from guangyue.records.matters import matter_for
from guangyue.web import doing
from guangyue.web.console import forms, many
from guangyue.web.console.door import frame, staff_page
from guangyue.web.console.matter import whole
from guangyue.web.console.opening import openings, procedure_of
from guangyue.web.console.tasks import SAID

if TYPE_CHECKING:
    from django.http import HttpRequest

    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Procedure
    from guangyue.kernel.grammar import Action

__all__ = ["act", "new", "open_one", "tell"]

MOST_FILES = 12


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def act(request: HttpRequest, viewer: Viewer, ref: str, code: str) -> HttpResponse:
    """An act on a matter: its form, or the doing of it."""
    m = matter_for(viewer, ref)
    action = m.procedure.tables.actions.get(code)
    if action is None or action.opens:
        raise NotVisibleError
    address, back = reverse("console_act", args=[ref, code]), reverse("console_matter", args=[ref])
    form = forms.build(viewer, m.procedure, action, m.matter, address=address, back=back)
    if request.method == "POST":
        done, form = _do(request, viewer, m.procedure, action, form, matter=ref)
        if isinstance(done, Done):
            return _shown(request, viewer, back, ref, done)
    template = "console/now.html" if request.headers.get("HX-Request") else "console/matter.html"
    return render(request, template, whole(viewer, ref, form=form), status=422 if form.refused else 200)


@require_safe
@staff_page
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Which matters one may open; one choice alone is taken at once."""
    found = list(openings(viewer))
    if len(found) == 1:
        return HttpResponseRedirect(reverse("console_open", args=[found[0].procedure.code, found[0].action.code]))
    return render(request, "console/new.html", frame(viewer, "new") | {"openings": found})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def open_one(request: HttpRequest, viewer: Viewer, procedure: str, code: str) -> HttpResponse:
    """Opening a matter."""
    declared = procedure_of(procedure)
    action = declared.tables.actions.get(code) if declared else None
    if declared is None or action is None or not any(o.action is action for o in openings(viewer)):
        raise NotVisibleError
    back = reverse("console_home")
    form = forms.build(viewer, declared, action, None, address=request.path, back=back)
    if form.tie and (about := request.GET.get("about", "")[:80]):
        form = replace(form, tie=replace(form.tie, value=about))
    if request.method == "POST":
        done, form = _do(request, viewer, declared, action, form)
        if isinstance(done, Done):
            return HttpResponseRedirect(reverse("console_matter", args=[done.matter]))
    context = frame(viewer, "new") | {"form": form, "procedure": declared}
    return render(request, "console/new.html", context, status=422 if form.refused else 200)


def _shown(request: HttpRequest, viewer: Viewer, back: str, ref: str, done: Done) -> HttpResponse:  # noqa: ARG001 - one signature for both ways
    """After an act: the page anew, at the place where it stands now."""
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = back
        return answer
    return HttpResponseRedirect(back)


def _do(
    request: HttpRequest, viewer: Viewer, procedure: Procedure, action: Action, form: forms.ActForm, matter: str = ""
) -> tuple[Done | None, forms.ActForm]:
    """Does what was sent; on refusal the form again with everything that speaks against it."""
    kept, faults = _take(request, viewer, action)
    asked = doing.Asked(
        act=action.code, procedure="" if matter else procedure.code, matter=matter,
        key=request.POST.get("key", "")[:80] or form.key,
        values=forms.answers(procedure, action, request.POST), evidence=forms.shots(action, request, kept),
        checks=frozenset(request.POST.getlist("check")), present=frozenset(request.POST.getlist("present")),
        officers=forms.colleagues(request.POST), related=forms.related(viewer, action, request.POST),
        assign=many.assigned(action, request.POST), items=forms.things(procedure, action, request.POST),
    )  # fmt: skip
    try:
        answer = doing.do(viewer, asked) if not faults else Refusal(action.code, tuple(faults))
    except IdempotencyError:
        answer = Refusal(action.code, (Reason("act.sent_before"),))
    if not isinstance(answer, Refusal):
        return answer, form
    again = forms.build(
        viewer, procedure, action, None, address=form.action, back=form.back, given=request.POST, kept=kept
    )  # fmt: skip
    # A new key: what comes next is another request.
    again = replace(again, key=form.key, inline=form.inline, draft=form.draft, follows=form.follows)
    return None, forms.refused(again, answer.reasons)


def _take(request: HttpRequest, viewer: Viewer, action: Action) -> tuple[dict[str, tuple[str, ...]], list[Reason]]:
    """Takes in the files that came with the form; those of an earlier try are still there."""
    account = Account.objects.get(pk=viewer.account_id or 0)
    kept: dict[str, tuple[str, ...]] = {}
    faults: list[Reason] = []
    for profile in action.evidence:
        earlier = [s for s in request.POST.getlist(f"kept-{profile.code}")[:MOST_FILES] if len(s) == 64]  # noqa: PLR2004 - hex of SHA-256
        found = list(
            Evidence.objects.filter(blob__in=earlier, uploader=account, disposed_at=None).values_list("blob", flat=True)
        )
        for sent in request.FILES.getlist(f"photo-{profile.code}")[:MOST_FILES]:
            with tempfile.NamedTemporaryFile(delete=False) as copy:
                for chunk in sent.chunks():
                    copy.write(chunk)
            path = Path(copy.name)
            try:
                origin = Origin(account=account, received_at=clock.now(), name=(sent.name or "")[:120])
                found.append(receive(path, origin).blob_id)
            except EvidenceError as error:
                faults.append(Reason("evidence.file", {"why": error.text}))
            finally:
                path.unlink(missing_ok=True)
        kept[profile.code] = tuple(dict.fromkeys(found))
    return kept, faults


@require_POST
@staff_page
def tell(request: HttpRequest, viewer: Viewer, ref: str, code: str, number: int, hop: int) -> HttpResponse:
    """Accepts a task, gives it back, finishes it, or gives it to another unit."""
    what = request.POST.get("what", "")
    m = matter_for(viewer, ref)
    if what not in SAID or m.matter.task(code, number) is None:
        raise NotVisibleError
    words = {n: text for n in SAID[what] if (text := request.POST.get("words", "").strip()[:2000])}
    units = tuple(u for u in request.POST.getlist("unit")[:12] if u)
    asked = doing.Asked(
        act=f"task.{what}", matter=ref, key=request.POST.get("key", "")[:80], values=words,
        assign={code: units} if what == "assign" else {}, task=(code, number, hop),
    )  # fmt: skip
    try:
        answer = doing.do(viewer, asked)
    except IdempotencyError:
        answer = Refusal(asked.act, (Reason("act.sent_before"),))
    if isinstance(answer, Refusal):
        return render(request, "console/matter.html", whole(viewer, ref, refused=answer.reasons), status=422)
    return HttpResponseRedirect(reverse("console_matter", args=[ref]))
