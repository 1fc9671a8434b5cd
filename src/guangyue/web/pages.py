"""The front door, and the page that says whether all is well."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

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
