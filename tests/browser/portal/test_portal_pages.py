"""The portal in a browser: without JavaScript end to end, and every page in both languages and themes held against axe."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.field.pictures import jpeg, street
from tests.browser.portal.people import OTHER

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / "src/guangyue/web/frontend/node_modules/axe-core/axe.min.js"
PLATE = "鲁P12345"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.database,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt-get install chromium)"),
]


@pytest.fixture(scope="module")
def site(module_database) -> Iterator[dict[str, Any]]:
    """A server with two decided cases: its address, the slips' numbers and a slip's code."""
    env = module_database.environment() | {
        "DJANGO_SETTINGS_MODULE": "guangyue.web.settings",
        "GUANGYUE_HOSTS": "localhost,127.0.0.1,testserver",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    command = [sys.executable, "-m", "tests.browser.field.serving", "tests.browser.portal.people:two_cases"]
    with subprocess.Popen(
        command, env=env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        said = json.loads(server.stdout.readline() or "{}")
        assert "port" in said, "the server did not start"
        yield {**said, "url": f"http://localhost:{said['port']}"}
        server.stdin.close()
        server.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield made
        made.close()


def come_in(page: Any, site: dict[str, Any], which: str = "slip", plate: str = PLATE) -> None:
    page.goto(f"{site['url']}/p/")
    page.fill("#number", site[which])
    page.fill("#proof", plate)
    page.click("main button.primary")
    page.wait_for_url("**/p/matter")


def test_an_owner_objects_without_javascript(site, browser, tmp_path):
    context = browser.new_context(viewport={"width": 360, "height": 780}, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(30_000)
    come_in(page, site, "other", OTHER)
    assert page.locator(".photos img").count() == 3
    first = context.request.get(site["url"] + page.locator(".photos img").first.get_attribute("src"))
    assert first.headers["content-type"] == "image/jpeg"
    page.click("a:has-text('提出异议')")
    proof = tmp_path / "证明.jpg"
    proof.write_bytes(jpeg(street("鲁P99999", seed=3)))
    page.fill("textarea[name=q_reason]", "车辆故障，已报警等候拖车。")
    page.set_input_files("#files", str(proof))
    page.click("main button.primary")
    page.wait_for_url("**/p/matter?done=act")
    text = page.locator("main").inner_text()
    assert "车主提出异议" in text
    assert "异议审查" in text, "the clock of the review runs"
    page.get_by_label("较好").check(force=True)
    page.click("button:has-text('提交评价')")
    assert "感谢您的评价" in page.locator("main").inner_text()
    page.click("button:has-text('离开')")
    page.goto(f"{site['url']}/p/matter")
    assert page.url.endswith("/p/"), "whoever comes next sees nothing"
    context.close()


def test_every_page_is_open_to_everybody(site, browser):
    """Both languages and themes on a phone: axe finds nothing, nothing is wider, and the first page is light."""
    faults: dict[tuple[str, str], list[str]] = {}
    for locale in ("zh-CN", "en-GB"):
        context = browser.new_context(viewport={"width": 360, "height": 780}, locale=locale)
        page = context.new_page()
        page.set_default_timeout(30_000)
        fetched: list[int] = []
        page.on("response", lambda r, got=fetched: got.append(int(r.headers.get("content-length") or 0)))
        page.goto(f"{site['url']}/p/")
        assert 0 < sum(fetched) < 100_000, "the first page on a bad line"
        faults["front", locale] = axe(page)
        come_in(page, site)
        for name, path in (
            ("matter", "/p/matter"), ("looks", "/p/looks"), ("object", "/p/act/object"), ("verify", "/verify/"),
            ("genuine", f"/verify/{site['code']}"), ("unknown", "/verify/x.y"),
        ):  # fmt: skip
            page.goto(site["url"] + path)
            faults[name, locale] = axe(page)
        context.close()
    assert {k: v for k, v in faults.items() if v} == {}


def axe(page: Any) -> list[str]:
    """What axe finds, the dark theme's contrasts included, and whether the page is wider than the phone."""
    page.evaluate(AXE.read_text())
    found = []
    for theme, options in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=theme)
        said = page.evaluate("(options) => axe.run(document, options)", {**options, "resultTypes": ["violations"]})
        found += [f"{theme} {v['id']}: {[n['target'] for n in v['nodes']][:3]}" for v in said["violations"]]
    page.emulate_media(color_scheme="light")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the phone")
    return found
