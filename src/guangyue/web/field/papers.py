"""A paper to print, for whoever may open its matter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guangyue.city.errors import NotVisibleError
from guangyue.city.viewer import viewer_of
from guangyue.kernel.grammar import T
from guangyue.records.matters import documents_for
from guangyue.records.papers import Drawing, IncompleteError, NoTemplateError, paper_for, pdf_for
from guangyue.web.field.escpos import NARROW, WIDE
from guangyue.web.field.ticket import ticket
from guangyue.web.templatetags.guangyue import say

__all__ = ["as_pdf", "paper", "ticket_of"]

_ABSENT = T("没有这份文书，或者您无权查看", "There is no such paper, or you may not see it")


@never_cache
@require_safe
def paper(request: HttpRequest, matter: str, document: int) -> HttpResponse:
    """The paper as PDF; the same answer for absent and forbidden."""
    try:
        return as_pdf(pdf_for(viewer_of(request), matter, document, request.build_absolute_uri("/")))
    except (NotVisibleError, NoTemplateError):
        return _absent()
    except IncompleteError as lacking:
        return _incomplete(lacking)


@never_cache
@require_safe
def ticket_of(request: HttpRequest, matter: str, document: int) -> HttpResponse:
    """The paper for the printer at the belt (ESC/POS); ``?columns=32`` for a 58 mm roll."""
    viewer = viewer_of(request)
    try:
        found = paper_for(viewer, matter, document, request.build_absolute_uri("/"))
        statutory = any(d.id == document and d.statutory for d in documents_for(viewer, matter))
        columns = NARROW if request.GET.get("columns") == str(NARROW) else WIDE
        said = ticket(found, statutory=statutory, columns=columns)
    except (NotVisibleError, NoTemplateError):
        return _absent()
    except IncompleteError as lacking:
        return _incomplete(lacking)
    answer = HttpResponse(said, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{found.number or found.code}.escpos"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _absent() -> HttpResponse:
    said = {"code": "not_found", "title": str(say(_ABSENT)), "status": 404}
    return JsonResponse(said, status=404, content_type="application/problem+json")


def _incomplete(lacking: IncompleteError) -> HttpResponse:
    reasons = [{"code": lacking.code, "text": str(say(r))} for r in lacking.reasons]
    said = {"code": lacking.code, "title": str(lacking), "status": 409, "reasons": reasons}
    return JsonResponse(said, status=409, content_type="application/problem+json")


def as_pdf(drawn: Drawing) -> HttpResponse:
    """The answer: shown in the browser, named when saved."""
    answer = HttpResponse(drawn.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{drawn.name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
