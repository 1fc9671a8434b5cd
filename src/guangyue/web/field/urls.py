"""The addresses of the field app; the service worker must lie beside the page it serves."""

from __future__ import annotations

from django.urls import path

from guangyue.web.field import pages, papers, priors, reader

urlpatterns = [
    path("", pages.page, name="field"),
    path("worker.js", pages.worker, name="field_worker"),
    path("manifest.webmanifest", pages.manifest, name="field_manifest"),
    path("bundle", pages.bundle, name="field_bundle"),
    path("paper/<str:matter>/<int:document>.pdf", papers.paper, name="field_paper"),
    path("ticket/<str:matter>/<int:document>.escpos", papers.ticket_of, name="field_ticket"),
    path("priors/<str:matter>/<str:act>", priors.priors, name="field_priors"),
    path("plate", reader.plate, name="field_plate"),
]
