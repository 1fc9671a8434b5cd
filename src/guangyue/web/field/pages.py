"""The page, its manifest and service worker, and the bundle a phone fetches whenever there is a network."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guangyue.city import clock
from guangyue.city.models import Account
from guangyue.city.viewer import viewer_of
from guangyue.records.database import city_now, db
from guangyue.web.field.declared import for_phone
from guangyue.web.field.mine import MOST, my_matters
from guangyue.web.field.shell import script, shell_files, version
from guangyue.web.onshift import beside
from guangyue.web.plates import installed

__all__ = ["bundle", "manifest", "page", "worker"]

PLATE_HEAD = "鲁P"
"""What most plates of the city begin with; the keyboard starts there."""

BEGIN = "streets.parking"
"""What most officers begin; a phone remembers what it began last."""


def _page() -> str:
    """The shell is the same for everybody: nothing about anybody is in it."""
    return render_to_string("field/app.html", {"version": version()})


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """The app's one page."""
    return HttpResponse(_page())


@require_safe
def worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """The service worker, with the shell it keeps written in front."""
    said = {"version": version(_page().encode()), "page": reverse("field"), "files": shell_files()}
    answer = HttpResponse(f"const SHELL = {json.dumps(said)};\n{script()}", content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django passes it
    """What the phone needs to install the app (Web Application Manifest)."""
    said = {
        "id": reverse("field"),
        "name": "光岳 · 执勤",
        "short_name": "光岳执勤",
        "description": "事项现场登记、取证与复查 · Field work: photograph, remind, look again",
        "lang": "zh-Hans",
        "start_url": reverse("field"),
        "scope": reverse("field"),
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#0e141b",
        "theme_color": "#0e141b",
        "icons": [
            {"src": static("field/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": static("field/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("field/icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {"src": static("field/maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
        "shortcuts": [{"name": "待传 · Queue", "url": f"{reverse('field')}#/queue"}],
    }
    return JsonResponse(said, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@never_cache
@require_safe
def bundle(request: HttpRequest) -> JsonResponse:
    """Who is signed in, what they may do, their open matters, and the city's time."""
    viewer = viewer_of(request)
    if viewer.account_id is None or not viewer.held or not isinstance(request.user, Account):
        return JsonResponse({"code": "sign_in"}, status=401)
    matters = my_matters(viewer)
    said: dict[str, Any] = {
        "now": city_now(db()).isoformat(),
        "account": {"id": str(viewer.account_id), "name": request.user.username},
        "csrf": get_token(request),
        "plate_head": PLATE_HEAD,
        "begin": BEGIN,
        "plates": installed(),
        "beside": [
            {"number": b.number, "unit": {"zh": b.unit.zh, "en": b.unit.en}, "crew": b.crew}
            for b in beside(viewer, None, clock.now())
        ],
        "procedures": for_phone(viewer),
        "matters": matters,
        "whole": len(matters) < MOST,
    }
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})
