"""The field app's screens for ``make screens``; the viewfinder here finds no camera, which is a state, too."""

from __future__ import annotations

from typing import Any

from tests.browser.screens import Shot

__all__ = ["SHOTS"]

READY = "html[data-ready=yes]"


def _matter(page: Any) -> None:
    page.locator("a.card").first.click()
    page.wait_for_selector(".now-card")


def _camera(page: Any) -> None:
    page.locator(".thumb .button").first.click()
    page.wait_for_selector(".finder .blind, .finder video")


def _offline(page: Any) -> None:
    page.context.set_offline(offline=True)
    page.wait_for_selector(".pill.off")


def _named(page: Any) -> None:
    page.wait_for_selector(".now-card")


def _doing(page: Any) -> None:
    page.wait_for_selector(".footed .button.primary")


PHONE = ("phone",)
SHOTS = [
    Shot("field-signed-out", "/field/", ready=READY, sizes=PHONE),
    Shot("field-list", "/field/", "urban1", ready=READY),
    Shot("field-begin", "/field/#/new", "urban1", ready=READY, sizes=PHONE),
    Shot("field-matter", "/field/", "urban1", ready=READY, before=_matter),
    Shot("field-camera", "/field/", "urban1", ready=READY, before=_camera, sizes=PHONE),
    Shot("field-offline", "/field/", "urban1", ready=READY, before=_offline, sizes=PHONE),
    Shot("field-ads", "/field/#/m/{ads}", "urban1", ready=READY, before=_named, sizes=PHONE, whole=True),
    Shot(
        "field-tell",
        "/field/#/do/streets.small_ads/tell/{ads}",
        "urban1",
        ready=READY,
        before=_doing,
        sizes=PHONE,
        whole=True,
    ),
    Shot(
        "field-goods",
        "/field/#/do/streets.goods/add/{goods}",
        "urban1",
        ready=READY,
        before=_doing,
        sizes=PHONE,
        whole=True,
    ),
    Shot(
        "field-check",
        "/field/#/do/streets.inspection/meets/{walking}",
        "urban1",
        ready=READY,
        before=_doing,
        sizes=PHONE,
        whole=True,
    ),
    Shot("field-queue", "/field/#/queue", "urban1", ready=READY, sizes=PHONE),
    Shot("field-more", "/field/#/more", "urban1", ready=READY, sizes=PHONE),
]
