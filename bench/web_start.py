"""The second ``guangyue demo``: from the command to the addresses it prints."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable
from pathlib import Path

from bench.table import Bench, Row, row

__all__ = ["BENCHES"]

ROOT = Path(__file__).parents[1]


def measure() -> Iterable[Row]:
    """Start, end, start again in the same folder; the second counts, and the page must answer."""
    home = Path(tempfile.mkdtemp(prefix="guangyue-start-"))
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "GUANGYUE_"))},
        "GUANGYUE_HOME": str(home), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    try:
        first, _ = start(environment)
        second, good = start(environment)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    how = f"first start {first:.1f} s; load {os.getloadavg()[0]:.1f}"
    yield row("web.start", second, how, ok=good)


def start(environment: dict[str, str]) -> tuple[float, bool]:
    """Seconds to the printed address, and whether it answers."""
    command = [sys.executable, "-m", "guangyue", "demo", "--port", "8900", "--speed", "0"]
    began = time.perf_counter()
    program = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    address = ""
    try:
        for line in program.stdout or ():
            found = next((word for word in line.split() if word.startswith("http://127.0.0.1:")), "")
            if found:
                address = found
                break
        spent = time.perf_counter() - began
        if not address:
            return spent, False
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own address
            return spent, answer.status == 200
    finally:
        program.send_signal(signal.SIGINT)
        try:
            program.wait(timeout=40)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)


BENCHES = (Bench(("web.start",), measure),)
