"""The product as a browser meets it: a database, the demo city, some days of work, and the real server.

``with stage() as s`` starts everything in a folder of its own and ends it; ``s.context(browser, "review1")`` is the
browser of somebody signed in. Used by the browser tests of the console and by ``make screens``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.installation import ROOT, Installation, installation
from tests.web.fraud_days import DAY

__all__ = ["ARGUMENTS", "CHROMIUM", "ROOT", "Stage", "stage"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-dev-shm-usage", "--use-gl=angle", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]  # fmt: skip


@dataclass
class Stage:
    """What runs: its address, the keys of sessions by login, and what the filling left.

    Attributes:
        installation: its folder, database and programs. address: of the server, without a slash.
        hands: the process that does what people elsewhere do (:mod:`tests.browser.fill`).
        left: what was filled in, by name: the id of a matter in each state. sessions: by login.
        foreign: requests that went anywhere else. complaints: what scripts wrote to the console as errors.
    """

    installation: Installation
    address: str
    hands: subprocess.Popen[str]
    left: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def context(
        self, browser: Any, login: str = "", *, language: str = "zh-hans", theme: str = "", **options: Any
    ) -> Any:
        """A browser's profile: somebody signed in, a language, a theme, a size."""
        given = {
            "viewport": {"width": 1366, "height": 768},
            "locale": "zh-CN" if language.startswith("zh") else "en-GB",
        }
        context = browser.new_context(**(given | options))
        cookies = [("django_language", language)]
        if theme:
            cookies.append(("theme", theme))
        if login:
            cookies.append(("session", self.session(login)))
        context.add_cookies([{"name": n, "value": v, "url": self.address} for n, v in cookies])
        context.on("request", lambda r: self.foreign.append(r.url) if not self._own(r.url) else None)
        context.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        context.set_default_timeout(60_000)
        return context

    def _own(self, url: str) -> bool:
        return url.startswith((self.address, "blob:", "data:"))

    def session(self, login: str) -> str:
        """The session of somebody of the demo city."""
        if login not in self.sessions:
            self.sessions[login] = str(self.ask("session", login))
        return self.sessions[login]

    def story(self, until: str) -> str:
        """A car in the street, told as far as this state; the matter's id."""
        return str(self.ask("story", until))

    def ask(self, *words: str) -> Any:
        """What :mod:`tests.browser.fill` answers to these words."""
        assert self.hands.stdin is not None
        assert self.hands.stdout is not None
        self.hands.stdin.write(json.dumps(words) + "\n")
        self.hands.stdin.flush()
        answer = self.hands.stdout.readline()
        if not answer:
            raise RuntimeError(f"{words}: " + (self.installation.home / "hands.log").read_text("utf-8")[-3000:])
        return json.loads(answer)


@contextmanager
def stage(*, fill: str = "small", interface: str = "asginl") -> Iterator[Stage]:
    """Everything, from an empty folder to a server that answers, and all of it ended afterwards."""
    hasty = {"fsync": "off", "full_page_writes": "off"}
    with installation(settings=hasty, GUANGYUE_DB_POOL="4") as made:
        made.run("scripts/messages.py")
        (made.home / "fraud").mkdir()
        (made.home / "fraud" / "day.json").write_text(json.dumps(DAY), "utf-8")
        command = [sys.executable, "-m", "tests.browser.fill", made.cluster.dsn("guangyue")]
        with (
            (made.home / "hands.log").open("w") as log,
            subprocess.Popen(
                command, cwd=ROOT, env=made.environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            ) as hands,
            made.served(interface=interface) as address,
        ):  # fmt: skip
            running = Stage(made, address, hands)
            running.left = running.ask("fill", fill)
            yield running
