"""An installation of its own for tests and benches: a folder, a private database, the real server, all ended afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from guangyue.records.postgres import Cluster
from guangyue.records.postgres.private import prepare

__all__ = ["ROOT", "Installation", "free_port", "installation"]

ROOT = Path(__file__).parents[1]
PATIENCE = 60
"""Seconds for the server to answer."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Where it lies, how to reach its database, and under which settings its programs run."""

    home: Path
    environment: dict[str, str]
    cluster: Cluster

    def run(self, *arguments: str) -> str:
        """One of our own Python programs on this installation; its output.

        Raises:
            RuntimeError: it failed; with the end of what it said.
        """
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError((done.stderr or done.stdout)[-3000:])
        return done.stdout

    @contextmanager
    def served(self, *, interface: str = "asginl", workers: int = 1) -> Iterator[str]:
        """The server, answering; its address without a slash."""
        port, log = free_port(), self.home / "web.log"
        name = "wsgi" if interface == "wsgi" else "asgi"
        command = [
            sys.executable, "-m", "granian", "--interface", interface, "--host", "127.0.0.1", "--port", str(port),
            "--workers", str(workers), "--workers-kill-timeout", "3", "--no-ws", f"guangyue.web.{name}:application",
        ]  # fmt: skip
        with log.open("ab") as out:
            server = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=out, stderr=out)
        try:
            address = f"http://127.0.0.1:{port}"
            _await(server, f"{address}/health", log)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.kill()


@contextmanager
def installation(
    *, settings: Mapping[str, str] | None = None, kept: Path | None = None, **environment: str
) -> Iterator[Installation]:
    """The tables and the pages' files are there; ``settings`` are PostgreSQL's, the rest stands in the environment.

    A folder given as ``kept`` stays as it is afterwards, for the next time.
    """
    home = kept.resolve() if kept else Path(tempfile.mkdtemp(prefix="guangyue-installation-"))
    home.mkdir(parents=True, exist_ok=True)
    made = Installation(
        home,
        {
            **{k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "GUANGYUE_"))},
            "GUANGYUE_HOME": str(home), "GUANGYUE_ENV": "demo", "DJANGO_SETTINGS_MODULE": "guangyue.web.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "GUANGYUE_STATIC": "collected", **environment,
        },
        Cluster(home / "postgres", settings=dict(settings)) if settings else Cluster(home / "postgres"),
    )  # fmt: skip
    try:
        made.cluster.start()
        prepare(made.cluster)
        made.run("-m", "guangyue", "db", "migrate")
        made.run("-m", "django", "collectstatic", "--noinput", "--verbosity=0")
        yield made
    finally:
        made.cluster.stop("fast" if kept else "immediate")
        if not kept:
            shutil.rmtree(home, ignore_errors=True)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not answer:\n" + "\n".join(log.read_text("utf-8", "replace").splitlines()[-20:]))
