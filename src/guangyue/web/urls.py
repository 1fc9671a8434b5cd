"""The addresses of the product; each part brings its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import include, path
from django.views.i18n import set_language

from guangyue.web import pages
from guangyue.web.api.urls import api
from guangyue.web.console import programs, stream
from guangyue.web.metrics.page import metrics
from guangyue.web.portal import urls as portal

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

handler429 = "guangyue.web.pages.too_many"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("health", pages.health, name="health"),
    path("health/live", pages.live, name="health_live"),
    path("health/ready", pages.health, name="health_ready"),
    path("health/programs", programs.page, name="health_programs"),
    path("metrics", metrics, name="metrics"),
    path("theme", pages.set_theme, name="set_theme"),
    path("language", set_language, name="set_language"),
    path("api/", api.urls),
    path("events", stream.events, name="events"),
    path("console/", include("guangyue.web.console.urls")),
    path("account/", include("guangyue.city.accounts.urls")),
    path("field/", include("guangyue.web.field.urls")),
    path("p/", include(portal.portal)),
    path("verify/", include(portal.verify)),
    path("evidence/", include("guangyue.records.evidence.urls")),
]
