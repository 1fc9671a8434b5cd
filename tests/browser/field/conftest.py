"""A phone: Chromium with touch, a pretended camera that sees a drawn street, and a position in Liaocheng."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.browser.field.pictures import film

from guangyue.kernel import Actor, Command
from guangyue.records.commands import Done, Order
from guangyue.records.commands.execute import execute_on
from guangyue.records.deadlines import fire_due
from guangyue.records.library import LIBRARY

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ROOT = Path(__file__).resolve().parents[3]
FRONTEND = ROOT / "src" / "guangyue" / "web" / "frontend"
SHOTS = os.environ.get("GUANGYUE_SHOTS")
PHONE = {"width": 360, "height": 780}
LIUYUAN_ROAD = {"longitude": 115.98543, "latitude": 36.45678, "accuracy": 6}
CARRIER = Actor(id="carrier", system="carrier")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.database)


@dataclass
class City:
    """A running server over a database of its own, and the hands that move its clock."""

    url: str
    people: dict[str, Any]
    raw: psycopg.Connection[Any]
    tabs: list[Any] = field(default_factory=list)

    def now(self) -> datetime:
        return self.raw.execute("select city_now()").fetchone()[0]

    def set(self, at: datetime) -> None:
        """The city's clock shows this moment and goes on from there; what is due fires, as the runner would."""
        self.raw.execute("update city_clock set anchor_city = %s, anchor_real = clock_timestamp()", [at])
        while fire_due(self.raw, LIBRARY).fired:
            pass

    def go(self, **by: float) -> None:
        self.set(self.now() + timedelta(**by))

    def carrier(self, ref: str, act: str, **values: str) -> Done:
        """What the SMS link brings in."""
        command = Command(act=act, received_at=self.now(), values=values)
        done = execute_on(self.raw, Order(command=command, actor=CARRIER, matter=ref), LIBRARY)
        assert isinstance(done, Done), done
        return done

    def one(self, sql: str, *params: Any) -> Any:
        row = self.raw.execute(sql, list(params)).fetchone()
        return row[0] if row and len(row) == 1 else row

    def newest(self) -> str:
        """The matter opened last."""
        return str(self.one("select ref from matter order by id desc limit 1"))


KEPT = frozenset({"procedure_text"})
"""What the server remembers having written."""
STILL = """() => new Promise((done) => {
  const toast = document.querySelector('#toast');
  const look = () => !toast || getComputedStyle(toast).opacity === '0' ? done() : setTimeout(look, 50);
  look();
})"""
"""What fades is looked at once it has faded: half a message has no contrast to measure."""


@pytest.fixture(scope="module")
def served(module_database) -> Iterator[City]:
    """One server and its people for all tests of a module."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium (apt-get install chromium)")
    if not (ROOT / "src/guangyue/web/static/guangyue/field.js").exists():
        pytest.skip("the front end is not built (scripts/setup.sh)")
    env = module_database.environment() | {
        "DJANGO_SETTINGS_MODULE": "guangyue.web.settings",
        "GUANGYUE_HOSTS": "localhost,127.0.0.1,testserver",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.browser.field.serving", "tests.browser.field.people:joint_enforcement"],
        env=env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as server, psycopg.connect(module_database.superuser, autocommit=True) as raw:  # fmt: skip
        assert server.stdout is not None
        said = json.loads(server.stdout.readline() or "{}")
        assert "port" in said, "the server did not start"
        yield City(f"http://localhost:{said['port']}", said, raw)
        assert server.stdin is not None
        server.stdin.close()
        server.wait(10)


@pytest.fixture
def city(served: City) -> Iterator[City]:
    """The city before its first matter, at its own time; whatever a test brings in is gone after it."""
    clock = served.raw.execute("select anchor_city, anchor_real from city_clock").fetchone()
    names = served.raw.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    empty = [name for (name,) in names if served.one(f'select count(*) from "{name}"') == 0]  # noqa: S608 - our own tables
    yield served
    # As a replica, so that the triggers that guard the journal against exactly this stay silent.
    served.raw.execute("set session_replication_role = replica")
    served.raw.execute("truncate " + ", ".join(f'"{name}"' for name in empty if name not in KEPT))
    served.raw.execute("reset session_replication_role")
    served.raw.execute("update city_clock set anchor_city = %s, anchor_real = %s", clock)


@dataclass
class Phone:
    """One officer's phone."""

    city: City
    context: Any
    page: Any
    problems: list[str]

    def open(self, path: str = "/field/") -> None:
        self.page.goto(self.city.url + path)
        self.page.wait_for_selector("html[data-ready=yes]")

    def kept(self) -> None:
        """The service worker has the whole shell and serves this page. (A page function waits; CSP forbids polling by eval.)"""
        self.page.evaluate(
            """() => new Promise((done) => { if (navigator.serviceWorker.controller) done();
                navigator.serviceWorker.addEventListener('controllerchange', () => done()); })"""
        )

    def offline(self) -> None:
        self.context.set_offline(True)
        self.page.wait_for_selector(".pill.off")

    def online(self) -> None:
        self.context.set_offline(False)

    def tap(self, words: str) -> None:
        self.page.locator(f"button:visible:has-text('{words}'), a:visible:has-text('{words}')").first.click()

    def type_plate(self, plate: str) -> None:
        """With the app's own keyboard: province, then letters and digits."""
        keys = self.page.locator(".keys")
        if self.page.locator(".cell").first.inner_text():
            for _ in range(8):
                if not self.page.locator(".cell").first.inner_text():
                    break
                keys.get_by_label("删除").click()
        for letter in plate:
            keys.get_by_role("button", name=letter, exact=True).click()

    def waiting(self) -> int:
        return self.page.evaluate(
            """() => new Promise((done) => { const open = indexedDB.open('guangyue-field'); open.onsuccess = () => {
                const all = open.result.transaction('commands').objectStore('commands').getAll();
                all.onsuccess = () => { open.result.close(); done(all.result.filter(c => c.status === 'waiting' || c.status === 'sending').length); }; }; })"""
        )

    def shot(self, name: str) -> None:
        if SHOTS:
            self.page.screenshot(path=Path(SHOTS) / f"{name}.png")

    def axe(self) -> list[str]:
        """What axe finds wrong with the page as it stands."""
        self.page.evaluate((FRONTEND / "node_modules/axe-core/axe.min.js").read_text())
        self.page.evaluate(STILL)
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{v['id']}: {[n['target'] for n in v['nodes']][:3]}" for v in found["violations"]]


@pytest.fixture(scope="module")
def chromium(tmp_path_factory) -> Iterator[Any]:
    seen = film(tmp_path_factory.mktemp("film") / "street.mjpeg")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
                "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={seen}",
            ],
        )  # fmt: skip
        yield browser
        browser.close()


@pytest.fixture
def phone(city: City, chromium: Any) -> Iterator[Any]:
    """Makes phones: ``phone("li")``."""
    made: list[Phone] = []

    def make(who: str = "", **more: Any) -> Phone:
        context = chromium.new_context(
            viewport=more.pop("viewport", PHONE), has_touch=True, locale=more.pop("locale", "zh-CN"),
            geolocation=LIUYUAN_ROAD, permissions=["geolocation", "camera"], device_scale_factor=2, **more,
        )  # fmt: skip
        if who:
            context.add_cookies([{"name": "session", "value": city.people[who]["session"], "url": city.url}])
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda e: problems.append(str(e)))
        page.on(
            "console",
            lambda m: (
                problems.append(m.text)
                if m.type == "error" and "ERR_INTERNET" not in m.text and "Failed to load resource" not in m.text
                else None
            ),
        )
        page.set_default_timeout(30_000)  # a loaded machine is slow, not wrong
        made.append(Phone(city, context, page, problems))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
