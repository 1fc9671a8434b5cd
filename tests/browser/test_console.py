"""The console in a real browser: live, with and without JavaScript, no fault of accessibility, no request elsewhere."""

from __future__ import annotations

import json
import re

import pytest
from tests.browser.stage import ARGUMENTS, CHROMIUM, ROOT, Stage, stage

playwright = pytest.importorskip("playwright.sync_api")
playwright.expect.set_options(timeout=60_000)  # a loaded machine is slow, not wrong
AXE = ROOT / "src/guangyue/web/frontend/node_modules/axe-core/axe.min.js"
BUILT = ROOT / "src/guangyue/web/static/guangyue/console.js"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.database,
    pytest.mark.timeout(600),
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt-get install chromium)"),
    pytest.mark.skipif(not BUILT.exists(), reason="needs the built front end (npm run build)"),
]


@pytest.fixture(scope="module")
def made() -> Stage:
    with stage(fill="few") as running:
        yield running


@pytest.fixture(scope="module")
def browser(made):
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


NO_MAP = """HTMLCanvasElement.prototype.getContext = ((original) => function (kind, ...more) {
  return kind.startsWith('webgl') ? null : original.call(this, kind, ...more);
})(HTMLCanvasElement.prototype.getContext)"""
"""A device that cannot draw the map: the pages work all the same, and a test need not wait for software to render it."""


@pytest.fixture
def tab(made, browser):
    """Opens tabs for people; at the end nothing may have been asked of anybody else, and no script complained."""
    contexts = []

    def open_tab(login: str = "", path: str = "", *, drawn: bool = False, **options):
        contexts.append(made.context(browser, login, **options))
        if not drawn:
            contexts[-1].add_init_script(NO_MAP)
        page = contexts[-1].new_page()
        page.goto(made.address + path)
        return page

    made.foreign.clear()
    made.complaints.clear()
    yield open_tab
    for context in contexts:
        context.close()
    assert made.foreign == []
    assert [c for c in made.complaints if not any(word in c for word in EXPECTED)] == []


EXPECTED = ("status of 422", "status of 404", "status of 403", "ERR_INTERNET_DISCONNECTED", "Worker failed to load")
"""What a browser says of refusals, absent matters, and of the network that a test took away."""

PAGES = [
    ("", "/"), ("", "/account/login/"), ("review1", "/console/"), ("urban1", "/console/?view=due"),
    ("urban1", "/console/?view=closed"), ("review1", "/console/matters/{in_review}"),
    ("review1", "/console/matters/{in_review}/act/reject"), ("urban1", "/console/matters/{overdue}/act/still_there"),
    ("urban1", "/console/new/streets.parking/record"), ("urban1", "/console/figures"),
    ("urban1", "/console/figures/streets.parking/reminders"), ("review1", "/console/matters/999999"),
    ("commander1", "/console/streets"), ("commander1", "/console/streets/board"), ("urbanhead1", "/console/streets/roster"),
    ("commander1", "/console/streets/gaps"), ("urban1", "/console/streets/inspections"), ("urban1", "/console/streets/visits"),
    ("station1", "/console/matters/{asking}"), ("urban1", "/console/new/streets.goods/list"),
    ("commander1", "/console/patrol"), ("fraud1", "/console/fraud"), ("fraud1", "/console/fraud?at=16:30&person=abc123def"),
    ("citizen1", "/console/"),
]  # fmt: skip


@pytest.mark.skipif(not AXE.exists(), reason="needs axe-core (npm ci)")
def test_axe_finds_no_violation(made, tab):
    """Every rule in the light theme; the dark one differs in its colours alone, so there the contrasts are looked at."""
    tabs = {login: tab(login, color_scheme="light", reduced_motion="reduce") for login, _ in PAGES}
    axe, found = AXE.read_text("utf-8"), {}
    for login, path in PAGES:
        page = tabs[login]
        page.emulate_media(color_scheme="light")
        page.goto(made.address + path.format(**made.left))
        page.evaluate(axe)
        for theme, options in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
            page.emulate_media(color_scheme=theme)
            result = page.evaluate(
                "(options) => axe.run(document, options)", {**options, "resultTypes": ["violations"]}
            )
            if result["violations"]:
                found[path, theme] = [
                    (v["id"], [n["html"][:140] for n in v["nodes"][:3]]) for v in result["violations"]
                ]
    assert found == {}, json.dumps([*found.items()], ensure_ascii=False, indent=1)


def test_the_map_draws_the_matters_and_follows_the_list(made, tab):
    page = tab("review1", "/console/", drawn=True)
    page.wait_for_selector("#map[data-ready=true]", timeout=60_000)
    assert page.locator("#map canvas").count() == 1
    page.locator("#list a.row").first.focus()
    page.wait_for_selector("#map[data-chosen]")
    assert page.get_attribute("#map", "data-chosen") == page.get_attribute("#list tr[aria-selected=true]", "data-id")


def test_a_device_that_cannot_draw_says_so_and_the_list_holds_the_same(tab):
    page = tab("review1", "/console/")
    playwright.expect(page.locator("#map")).to_contain_text("列表含同样内容")
    assert page.locator("#list tbody tr[data-id]").count() > 0


def test_what_happens_elsewhere_comes_to_the_open_list_and_nothing_jumps(made, tab):
    page = tab("urban1", "/console/")
    page.wait_for_selector('.live[data-live="on"]')
    before = page.locator("#list tbody tr[data-id]").count()
    ref = made.story("reminded")
    page.wait_for_selector(".fresh:not([hidden])")
    assert page.locator("#list tbody tr[data-id]").count() == before, "new rows wait"
    page.click(".fresh")
    page.wait_for_selector(f'tr[data-id="{ref}"]')
    left = page.locator(f'tr[data-id="{ref}"] .clock .left').inner_text()
    playwright.expect(page.locator(f'tr[data-id="{ref}"] .clock .left')).not_to_have_text(left)


def test_a_page_that_lost_its_stream_catches_up_without_a_gap(made, tab):
    page = tab("urban1", "/console/")
    page.wait_for_selector('.live[data-live="on"]')
    page.context.set_offline(True)
    refs = {made.story("reminded"), made.story("noticed")}
    page.context.set_offline(False)
    playwright.expect(page.locator(".fresh:not([hidden])")).to_have_text(re.compile(r"^\s*2"), timeout=60_000)
    page.click(".fresh")
    for ref in refs:
        page.wait_for_selector(f'tr[data-id="{ref}"]')


def test_a_reviewer_approves_and_is_told_beside_the_field_what_lacks(made, tab):
    ref = made.story("in_review")
    page = tab("review1", f"/console/matters/{ref}")
    page.click("text=规范、确认无误")
    page.wait_for_selector("form.act")
    page.click("form.act button.primary")
    page.wait_for_selector("#f-measure[aria-invalid=true]")
    assert "请填写" in page.inner_text("#f-measure-wrong")
    page.select_option("#f-measure", "warning")
    page.click("form.act button.primary")
    page.wait_for_selector("text=现在：已审核上传")
    assert page.locator(".offers").count() == 0


@pytest.mark.parametrize("script", [True, False], ids=["with", "without"])
def test_an_officer_closes_with_and_without_javascript(made, tab, script):
    ref = made.story("reminded")
    page = tab("urban1", f"/console/matters/{ref}", java_script_enabled=script)
    page.click("text=已驶离 >> nth=0")
    page.wait_for_selector("form.act")
    page.click("form.act button.primary")
    page.wait_for_selector("h2:has-text('提醒后驶离')")


def test_a_stranger_to_the_step_sees_who_may_do_it_and_no_button(made, tab):
    page = tab("urban1", f"/console/matters/{made.left['in_review']}")
    assert page.locator(".offers a:has-text('规范、确认无误')").count() == 0
    assert "交警审核人员" in page.inner_text(".rights")
    page.goto(f"{made.address}/console/matters/{made.left['in_review']}/act/approve")
    page.select_option("#f-measure", "fine")
    page.click("form.act button.primary")
    page.wait_for_selector(".refusal")
    assert "只能由以下人员办理" in page.inner_text(".refusal")


def test_views_filters_and_search(made, tab):
    page = tab("urban1", "/console/?procedure=streets.parking")
    page.select_option("select[name=state]", "in_review")
    page.wait_for_url("**state=in_review**")
    page.fill("#view-name", "待审核")
    page.click(".save-view button")
    page.wait_for_selector(".views a[aria-current]:has-text('待审核')")
    number = page.goto(f"{made.address}/console/matters/{made.left['decided']}") and page.inner_text(
        ".headline .number"
    )
    page.goto(f"{made.address}/console/?q={number}")
    assert page.locator("#list tbody tr[data-id]").count() == 1
    page.goto(f"{made.address}/console/?procedure=streets.parking&state=in_review")
    page.click(".views form button")
    page.wait_for_selector(".views a[aria-current]:has-text('在办')")
    assert "待审核" not in page.inner_text(".views")


def test_keys_walk_the_list_and_the_theme_is_kept(made, tab):
    page = tab("review1", "/console/")
    page.keyboard.press("j")
    assert page.locator('tr[aria-selected="true"]').count() == 1
    page.keyboard.press("Enter")
    page.wait_for_selector("#matter")
    page.click(".settings-button")
    page.click("[data-theme-choice=dark]")
    assert page.get_attribute("html", "data-theme") == "dark"
    page.reload()
    assert page.get_attribute("html", "data-theme") == "dark", "the server draws it so"
    page.click(".settings-button")
    page.click(".menu button[value=en]")
    page.wait_for_selector("text=Time line")


def test_a_reviewer_decides_with_the_keyboard_alone(made, tab):
    page = tab("review1", f"/console/matters/{made.story('in_review')}")
    offer = page.locator(".offers a.primary")
    for _ in range(40):
        page.keyboard.press("Tab")
        if offer.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    playwright.expect(page.locator("#f-measure")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    playwright.expect(page.locator("form.act button.primary")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=现在：已审核上传")
