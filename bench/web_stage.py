"""The product as the web benches meet it: a durable database, staff of two agencies, and the real server."""

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
from dataclasses import dataclass
from pathlib import Path

from guangyue.records.postgres import Cluster
from guangyue.records.postgres.private import prepare

__all__ = ["BENCHES", "Site", "quantile", "site"]

BENCHES = ()
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Site:
    """Where it runs, as whom one may knock, and how to reach its database."""

    address: str
    home: Path
    environment: dict[str, str]
    cluster: Cluster
    people: dict[str, dict[str, str]]


def quantile(values: list[float], share: float) -> float:
    """The smallest value that so large a share does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


@contextmanager
def site(*, workers: int = 2, fill: str = "") -> Iterator[Site]:
    """Database, people, server; ``fill`` names what `bench.web_people` does before the server starts."""
    home = Path(tempfile.mkdtemp(prefix="guangyue-bench-"))
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "GUANGYUE_"))},
        "GUANGYUE_HOME": str(home), "GUANGYUE_ENV": "demo", "DJANGO_SETTINGS_MODULE": "guangyue.web.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "GUANGYUE_STATIC": "collected",
    }  # fmt: skip
    cluster = Cluster(home / "postgres")
    server = None
    try:
        cluster.start()
        prepare(cluster)
        run(environment, "-m", "guangyue", "db", "migrate")
        run(environment, "-m", "django", "collectstatic", "--noinput", "--verbosity=0")
        people = json.loads(run(environment, "-m", "bench.web_people", cluster.dsn("guangyue"), fill))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [
            sys.executable, "-m", "granian", "--interface", "asginl", "--host", "127.0.0.1", "--port", str(port),
            "--workers", str(workers), "--workers-kill-timeout", "3", "--no-ws", "guangyue.web.asgi:application",
        ]  # fmt: skip
        with (home / "web.log").open("ab") as log:
            server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        _await(f"{address}/health", server)
        yield Site(address, home, environment, cluster, people)
    finally:
        if server is not None:
            server.terminate()
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.kill()
        cluster.stop("immediate")
        shutil.rmtree(home, ignore_errors=True)


def run(environment: dict[str, str], *arguments: str) -> str:
    """One of our own commands on this site."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError((done.stderr or done.stdout)[-2000:])
    return done.stdout


def _await(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not answer")
