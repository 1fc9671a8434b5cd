"""A real ``guangyue serve`` for tests and benches: started, found out about, killed in parts, ended."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from tests.installation import ROOT, free_port

from guangyue.records.postgres import Cluster
from guangyue.serve.state import State, read_state

__all__ = ["Serving", "descendants", "serving"]

PATIENCE = 180.0
"""Seconds for a start on a busy machine."""


class Serving:
    """One installation under its supervisor.

    Args:
        home: the installation's folder; made by the first start.
        options: of ``guangyue serve``.
        environment: beside the usual.
    """

    def __init__(self, home: Path, *options: str, **environment: str) -> None:
        self.home = home
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.cluster = Cluster(home / "postgres")
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "GUANGYUE_"))},
            "GUANGYUE_HOME": str(home), "GUANGYUE_ENV": "demo", "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "DJANGO_SETTINGS_MODULE": "guangyue.web.settings", **environment,
        }  # fmt: skip
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The supervisor's."""
        assert self._process is not None
        return self._process.pid

    def start(self, *, wait: bool = True) -> None:
        """Start it; by default until everything is ready."""
        command = [sys.executable, "-m", "guangyue", "serve", "--listen", f"127.0.0.1:{self.port}", *self._options]
        with (self.home / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        if wait:
            self.until_up()

    def until_up(self) -> None:
        """Until everything is ready.

        Raises:
            RuntimeError: it is not within three minutes; with what was said.
        """
        self.until(lambda: (s := self.state()) is not None and s.pid == self.pid and s.up and self.good())

    def until(self, found: object, seconds: float = PATIENCE) -> None:
        """Wait for something, at most so long.

        Raises:
            RuntimeError: it did not come; with what the supervisor said last.
        """
        assert callable(found)
        end = time.monotonic() + seconds
        while not found():
            if time.monotonic() > end or (self._process is not None and self._process.poll() is not None):
                if found():
                    return
                raise RuntimeError("waited in vain:\n" + self.said()[-4000:])
            time.sleep(0.02)

    def state(self) -> State | None:
        """As the supervisor notes it."""
        state = read_state(self.home)
        return None if state is None or state.silent(datetime.now(UTC)) else state

    def pid_of(self, name: str) -> int | None:
        """The process that keeps a program of this name now."""
        state = self.state()
        found = [p.pid for p in state.programs if p.key.partition("~")[0] == name and p.pid] if state else []
        return found[-1] if found else None

    def good(self, path: str = "/health") -> bool:
        """Whether it answers 200 now."""
        with suppress(OSError), urllib.request.urlopen(self.address + path, timeout=5) as answer:  # noqa: S310 - our own
            return bool(answer.status == 200)
        return False

    def said(self) -> str:
        """Everything the supervisor and its programs said."""
        return (self.home / "serve.log").read_text("utf-8", "replace")

    def run(self, *arguments: str) -> str:
        """One of our own Python programs on this installation; its output.

        Raises:
            RuntimeError: it failed.
        """
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError((done.stderr or done.stdout)[-3000:])
        return done.stdout

    def signal(self, number: int) -> None:
        """A signal to the supervisor alone."""
        os.kill(self.pid, number)

    def wait(self, seconds: float = 90) -> int:
        """Its exit status, when it has ended."""
        assert self._process is not None
        return self._process.wait(timeout=seconds)

    def kill(self) -> None:
        """Kill the supervisor; the kernel has to see to the rest."""
        self.signal(signal.SIGKILL)
        self.wait()

    def end(self) -> None:
        """End it whatever state it is in."""
        if self._process is not None and self._process.poll() is None:
            self.signal(signal.SIGTERM)
            try:
                self.wait()
            except subprocess.TimeoutExpired:
                self.kill()


def descendants(pid: int) -> set[int]:
    """All processes under one."""
    under: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            under.setdefault(parent, []).append(int(folder.name))
    found: set[int] = set()
    todo = [pid]
    while todo:
        for child in under.get(todo.pop(), ()):
            found.add(child)
            todo.append(child)
    return found


@contextmanager
def serving(*options: str, **environment: str) -> Iterator[Serving]:
    """A new installation, not yet started; removed afterwards."""
    home = Path(tempfile.mkdtemp(prefix="guangyue-serve-"))
    made = Serving(home, *options, **environment)
    try:
        yield made
    finally:
        made.end()
        shutil.rmtree(home, ignore_errors=True)
