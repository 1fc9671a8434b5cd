"""The product's addresses, and the demo's own under ``/demo/``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import include, path

from guangyue.demo import pages

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("demo/", pages.logins, name="demo_logins"),
    path("demo/phones", pages.phones, name="demo_phones"),
    path("", include("guangyue.web.urls")),
]
