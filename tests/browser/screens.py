"""``make screens``: every page as a picture, in both languages and themes, on phone and desk, into ``build/screens/``.

A face adds its pages with a module ``tests/browser/<face>_shots.py`` that holds ``SHOTS``: what is opened, by whom, and
what to wait for. ``python -m tests.browser.screens [BEGINNING …]`` takes only those whose name begins so.
"""

from __future__ import annotations

import importlib
import itertools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from tests.browser.stage import ARGUMENTS, CHROMIUM, ROOT, Stage, stage

__all__ = ["SIZES", "Shot", "shots"]

OUT = ROOT / "build" / "screens"
SIZES = {"phone": (360, 780), "desk": (1366, 768)}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
THEMES = ("light", "dark")
DRAWN = """() => new Promise((done) => {
  const holder = document.querySelector('#map');
  const look = () => holder.dataset.ready === 'true' ? done() : requestAnimationFrame(look);
  requestAnimationFrame(look);
})"""
"""The map has drawn all it holds, in the colours of now."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One page.

    Attributes:
        name: of the file. path: the address; ``{in_review}`` is the id of a matter in that state.
        login: of the demo city; nothing for somebody who has not signed in.
        ready: what must be there before the picture is taken. before: what to do first.
        sizes: on which it is shown. whole: the page to its end instead of what fits.
    """

    name: str
    path: str
    login: str = ""
    ready: str = "main"
    before: Callable[[Any], None] | None = None
    sizes: tuple[str, ...] = ("phone", "desk")
    whole: bool = False


def shots() -> list[Shot]:
    """Those of every face that is there."""
    found: list[Shot] = []
    for path in sorted(Path(__file__).parent.glob("*_shots.py")):
        found += importlib.import_module(f"tests.browser.{path.stem}").SHOTS
    return found


def take(page: Any, shot: Shot, made: Stage, called: str) -> int:
    """The page in both themes; loaded once, for the theme is a matter of style alone. How many pictures."""
    page.goto(made.address + shot.path.format(**made.left))
    page.wait_for_selector(shot.ready, state="attached")
    if shot.before:
        shot.before(page)
    page.evaluate("document.fonts.ready")
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        if page.locator("#map[data-ready]").count():
            page.evaluate(DRAWN)
        page.screenshot(path=OUT / f"{called}-{theme}.png", full_page=shot.whole, animations="disabled")
    return len(THEMES)


def main() -> int:
    """All of them, or those whose name begins as asked."""
    begins = tuple(sys.argv[1:]) or ("",)
    OUT.mkdir(parents=True, exist_ok=True)
    wanted = [s for s in shots() if s.name.startswith(begins)]
    count = 0
    with stage() as made, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for login, size, language in itertools.product(sorted({s.login for s in wanted}), SIZES, LANGUAGES):
            made.ask(
                "clock", made.left["now"]
            )  # however long it takes: the clocks show the same moment on every picture
            width, height = SIZES[size]
            context = made.context(
                browser, login, language=LANGUAGES[language], viewport={"width": width, "height": height},
                has_touch=size == "phone",
            )  # fmt: skip
            for shot in wanted:
                if shot.login != login or size not in shot.sizes:
                    continue
                page = context.new_page()
                count += take(page, shot, made, f"{shot.name}-{size}-{language}")
                context.set_offline(offline=False)
                page.close()
            context.close()
        browser.close()
        foreign = sorted(set(made.foreign))
    sys.stdout.write(f"{count} pictures of {len(wanted)} pages in {OUT.relative_to(ROOT)}\n")
    if foreign:
        sys.stdout.write(f"requests that left this machine: {foreign}\n")
    return 1 if foreign else 0


if __name__ == "__main__":
    raise SystemExit(main())
