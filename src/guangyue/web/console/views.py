"""Saved views: a filter with a name, one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from guangyue.kernel.grammar import T
from guangyue.web.console.asking import Filters
from guangyue.web.console.door import staff_page
from guangyue.web.models import SavedView
from guangyue.web.templatetags.guangyue import say

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from guangyue.city.viewer import Viewer

__all__ = ["delete", "save"]

MOST = 20


@require_POST
@staff_page
def save(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Keep a filter under a name; the same name again replaces it."""
    name = request.POST.get("name", "").strip()[:40]
    query = Filters.read(QueryDict(request.POST.get("query", "")[:400])).query
    own = SavedView.objects.filter(account=viewer.account_id)
    if not name:
        messages.error(request, str(say(T("请给视图取个名称。", "Give the view a name."))))
    elif own.exclude(name=name).count() >= MOST:
        said = T("最多保存 {most} 个视图，请先删除一个。", "At most {most} views; delete one first.").format(most=MOST)
        messages.error(request, str(say(said)))
    else:
        SavedView.objects.update_or_create(account_id=viewer.account_id or 0, name=name, defaults={"query": query})
    return HttpResponseRedirect(f"{reverse('console_home')}?{query}")


@require_POST
@staff_page
def delete(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Let go of a view; another's is not touched."""
    SavedView.objects.filter(account=viewer.account_id, pk=pk).delete()
    return HttpResponseRedirect(reverse("console_home"))
