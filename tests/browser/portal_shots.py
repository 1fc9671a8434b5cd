"""The portal's pages for ``make screens``."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from tests.browser.screens import Shot

__all__ = ["SHOTS"]

INSIDE = "/p/?n={slip}#{plate}"


def _come_in(page: Any) -> None:
    page.fill("#proof", unquote(page.url.partition("#")[2]))
    page.click("main button.primary")
    page.wait_for_url("**/p/matter")
    page.evaluate("document.querySelectorAll('img').forEach((i) => { i.loading = 'eager'; })")
    page.wait_for_load_state("networkidle")


def _to(path: str) -> Any:
    def go(page: Any) -> None:
        _come_in(page)
        page.goto(page.url.partition("/p/")[0] + path)

    return go


def _wrong(page: Any) -> None:
    page.fill("#proof", "鲁P00000")
    page.click("main button.primary")
    page.wait_for_selector(".refusal")


SHOTS = [
    Shot("portal-front", "/p/"),
    Shot("portal-unknown", INSIDE, before=_wrong),
    Shot("portal-matter", INSIDE, before=_come_in, whole=True),
    Shot("portal-object", INSIDE, before=_to("/p/act/object")),
    Shot("portal-looks", INSIDE, before=_to("/p/looks")),
    Shot("portal-verify", "/verify/"),
    Shot("portal-verify-unknown", "/verify/slip-1.AAAAAAAA"),
]
