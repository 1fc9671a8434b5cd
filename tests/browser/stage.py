"""The product as a browser meets it: a database, the demo city, some days of work, and the real server.

``with stage() as s`` starts everything in a folder of its own and ends it; ``s.page(browser, "review1")`` is a tab of
somebody signed in. Used by the browser tests of the console and by ``make screens``.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["ARGUMENTS", "CHROMIUM", "Stage", "stage"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-dev-shm-usage", "--use-gl=angle", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]  # fmt: skip
ROOT = Path(__file__).parents[2]


@dataclass
class Stage:
    """What runs: its address, the keys of sessions by login, and what the filling left.

    Attributes:
        home: the installation's folder. address: of the server, without a slash.
        left: what was filled in, by name: the id of a matter in each state.
        foreign: requests that went anywhere else.
    """

    home: Path
    address: str
    environment: dict[str, str]
    left: dict[str, str] = field(default_factory=dict)
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
        context.set_default_timeout(20_000)
        return context

    def _own(self, url: str) -> bool:
        return url.startswith((self.address, "blob:", "data:"))

    def session(self, login: str) -> str:
        """A new session of somebody of the demo city."""
        return self.run("session", login).strip()

    def run(self, *arguments: str) -> str:
        """One of the helpers in :mod:`tests.browser.fill`, in a process that is this installation's."""
        command = [sys.executable, "-m", "tests.browser.fill", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def stage(*, fill: str = "small", interface: str = "asginl") -> Iterator[Stage]:
    """Everything, from an empty folder to a server that answers, and all of it ended afterwards."""
    from guangyue.records.postgres import Cluster
    from guangyue.records.postgres.private import prepare

    home = Path(tempfile.mkdtemp(prefix="guangyue-stage-"))
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "GUANGYUE_"))},
        "GUANGYUE_HOME": str(home), "GUANGYUE_ENV": "demo", "GUANGYUE_DB_POOL": "4",
        "DJANGO_SETTINGS_MODULE": "guangyue.web.settings", "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "GUANGYUE_STATIC": "collected",
    }  # fmt: skip
    cluster = Cluster(home / "postgres", settings={"fsync": "off", "full_page_writes": "off"})
    server = None
    try:
        cluster.start()
        prepare(cluster)
        port = free_port()
        made = Stage(home, f"http://127.0.0.1:{port}", environment)
        _command(environment, "scripts/messages.py")
        _command(environment, "-m", "guangyue", "db", "migrate")
        _command(environment, "-m", "django", "collectstatic", "--noinput", "--verbosity=0")
        made.left = json.loads(made.run("fill", fill, cluster.dsn("guangyue")))
        server = _serve(environment, port, interface, home / "web.log")
        _await(server, f"{made.address}/health", home / "web.log")
        yield made
    finally:
        if server is not None:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
        cluster.stop("immediate")
        shutil.rmtree(home, ignore_errors=True)


def _command(environment: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError((done.stderr or done.stdout)[-3000:])


def _serve(environment: dict[str, str], port: int, interface: str, log: Path) -> subprocess.Popen[bytes]:
    name = "wsgi" if interface == "wsgi" else "asgi"
    command = [
        sys.executable, "-m", "granian", "--interface", interface, "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--workers-kill-timeout", "2", "--no-ws", f"guangyue.web.{name}:application",
    ]  # fmt: skip
    with log.open("ab") as out:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)


def _await(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not answer:\n" + "\n".join(log.read_text("utf-8", "replace").splitlines()[-20:]))
