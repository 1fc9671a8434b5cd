"""The addresses of the product; each part brings its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import include, path

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("guangyue.city.accounts.urls")),
    path("evidence/", include("guangyue.records.evidence.urls")),
]
