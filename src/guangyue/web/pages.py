"""The front door, and the page that says whether all is well."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guangyue import __version__


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, and the way to each face."""
    return render(request, "home.html")


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Whether the server and its database answer; for load balancers and supervisors, without any figure of a matter."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return JsonResponse({"ok": False, "version": __version__, "database": False}, status=503)
    return JsonResponse({"ok": True, "version": __version__, "database": True})


def too_many(request: HttpRequest) -> HttpResponse:
    """Somebody signs in faster than people do."""
    answer = render(request, "429.html", status=429)
    answer["Retry-After"] = "60"
    return answer


YEAR = 365 * 24 * 3600


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device says; kept on this device only."""
    onward = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure()):
        onward = "/"
    answer = HttpResponseRedirect(onward)
    chosen = request.POST.get("theme", "")
    if chosen in {"light", "dark"}:
        answer.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    else:
        answer.delete_cookie("theme")
    return answer


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Whether this process answers at all; no database is asked, so that its trouble restarts nobody."""
    return JsonResponse({"ok": True, "version": __version__})
