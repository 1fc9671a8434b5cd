"""A paper to print, for whoever may open its matter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guangyue.city.errors import NotVisibleError
from guangyue.city.viewer import viewer_of
from guangyue.kernel.grammar import T
from guangyue.records.papers import Drawing, IncompleteError, NoTemplateError, pdf_for
from guangyue.web.templatetags.guangyue import say

__all__ = ["as_pdf", "paper"]

_ABSENT = T("没有这份文书，或者您无权查看", "There is no such paper, or you may not see it")


@never_cache
@require_safe
def paper(request: HttpRequest, matter: str, document: int) -> HttpResponse:
    """The paper as PDF; the same answer for absent and forbidden."""
    try:
        return as_pdf(pdf_for(viewer_of(request), matter, document, request.build_absolute_uri("/")))
    except (NotVisibleError, NoTemplateError):
        said = {"code": "not_found", "title": str(say(_ABSENT)), "status": 404}
        return JsonResponse(said, status=404, content_type="application/problem+json")
    except IncompleteError as lacking:
        reasons = [{"code": lacking.code, "text": str(say(r))} for r in lacking.reasons]
        said = {"code": lacking.code, "title": str(lacking), "status": 409, "reasons": reasons}
        return JsonResponse(said, status=409, content_type="application/problem+json")


def as_pdf(drawn: Drawing) -> HttpResponse:
    """The answer: shown in the browser, named when saved."""
    answer = HttpResponse(drawn.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{drawn.name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
