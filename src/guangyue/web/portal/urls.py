"""The addresses of the portal. ``/verify/`` stands outside: it is printed on papers, and short."""

from __future__ import annotations

from django.urls import path

from guangyue.web.portal import acting, pages, verifying

portal = [
    path("", pages.front, name="portal"),
    path("matter", pages.matter, name="portal_matter"),
    path("photo/<str:sha256>", pages.photo, name="portal_photo"),
    path("paper/<str:number>.pdf", pages.paper, name="portal_paper"),
    path("looks", pages.looks, name="portal_looks"),
    path("act/<str:code>", acting.act, name="portal_act"),
    path("rate", acting.rate, name="portal_rate"),
    path("leave", pages.leave, name="portal_leave"),
]
verify = [
    path("", verifying.ask, name="verify"),
    path("<str:code>", verifying.show, name="verify_paper"),
]
