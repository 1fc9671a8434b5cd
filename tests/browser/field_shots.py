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


def _card(words: str, act: str = "") -> Any:
    """Opens the card that says so, and the form of an act there; in whichever language the page is."""

    def before(page: Any) -> None:
        page.locator("a.card", has_text=words).first.click()
        page.wait_for_selector(".now-card")
        if act:
            page.evaluate(
                "(act) => { location.hash = [...document.querySelectorAll('a')].find(a => a.hash.includes(`/${act}/`)).hash }",
                act,
            )
            page.wait_for_selector(".footed .button.primary")

    return before


PHONE = ("phone",)
SHOTS = [
    Shot("field-signed-out", "/field/", ready=READY, sizes=PHONE),
    Shot("field-list", "/field/", "urban1", ready=READY),
    Shot("field-begin", "/field/#/new", "urban1", ready=READY, sizes=PHONE),
    Shot("field-matter", "/field/", "urban1", ready=READY, before=_matter),
    Shot("field-camera", "/field/", "urban1", ready=READY, before=_camera, sizes=PHONE),
    Shot("field-offline", "/field/", "urban1", ready=READY, before=_offline, sizes=PHONE),
    Shot("field-ads", "/field/", "urban1", ready=READY, before=_card("柳园路66号"), sizes=PHONE, whole=True),
    Shot("field-hear", "/field/", "urban1", ready=READY, before=_card("柳园路66号", "hear"), sizes=PHONE, whole=True),
    Shot("field-goods", "/field/", "urban1", ready=READY, before=_card("一中队物证室", "add"), sizes=PHONE, whole=True),
    Shot("field-check", "/field/", "urban1", ready=READY, before=_card("运河西网格", "meets"), sizes=PHONE, whole=True),
    Shot("field-queue", "/field/#/queue", "urban1", ready=READY, sizes=PHONE),
    Shot("field-more", "/field/#/more", "urban1", ready=READY, sizes=PHONE),
]
