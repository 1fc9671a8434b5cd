"""Who may open the console: members of staff who hold a role now; others are told why not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from guangyue.city.errors import NotVisibleError
from guangyue.city.viewer import Viewer, viewer_of
from guangyue.kernel.grammar import T
from guangyue.law import Text
from guangyue.web.console.names import unit_name

__all__ = ["frame", "staff_page"]

Page = Callable[..., HttpResponseBase]


def staff_page(view: Page) -> Page:
    """A page of the console: the view gets the viewer after the request."""

    @never_cache
    @login_required
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - a view's own arguments
        viewer = viewer_of(request)
        if not viewer.held:
            if "text/html" not in request.headers.get("Accept", "text/html"):
                return JsonResponse({"code": "access.role"}, status=403)
            return render(request, "console/no_role.html", status=403)
        try:
            return view(request, viewer, *args, **kwargs)
        except NotVisibleError:
            return render(request, "console/absent.html", status=404)

    return inner


def frame(viewer: Viewer, section: str) -> dict[str, Any]:
    """What the frame of every console page needs."""
    from guangyue.records.database import city_now, db
    from guangyue.web.console.fraud_page import may_replay
    from guangyue.web.console.opening import openings
    from guangyue.web.console.patrol import may_look
    from guangyue.web.console.streets.reach import may_look as may_streets

    held = viewer.held[0]
    name = unit_name(held.unit_code)
    place: Text = T(name.zh, name.en)
    return {
        "section": section, "place_of_work": place, "city_now": city_now(db()),
        "may_open": any(True for _ in openings(viewer)), "may_look": may_look(viewer),
        "may_replay": may_replay(viewer), "may_streets": may_streets(viewer),
    }  # fmt: skip
