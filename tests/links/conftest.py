"""A real message centre on loopback, and the smallest city a notice needs."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import threading
from pathlib import Path

import pytest
from tests.installation import free_port

PEER = Path(__file__).parent / "peer" / "smsc.js"
FRONTEND = Path(
    os.environ.get("GUANGYUE_FRONTEND", Path(__file__).parents[2] / "src" / "guangyue" / "web" / "frontend")
)


class Smsc:
    """The peer as a child process; its events as they come."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._events: queue.Queue[dict] = queue.Queue()
        self._child = subprocess.Popen(
            [shutil.which("node") or "node", str(PEER), str(port)], cwd=FRONTEND, stdout=subprocess.PIPE, text=True
        )
        threading.Thread(target=self._read, daemon=True).start()
        self.wait("listening")

    def _read(self) -> None:
        for line in self._child.stdout:
            self._events.put(json.loads(line))

    def wait(self, event: str, seconds: float = 20) -> dict:
        """The next event of a kind."""
        while True:
            found = self._events.get(timeout=seconds)
            if found["event"] == event:
                return found

    def break_line(self) -> None:
        self._child.send_signal(signal.SIGUSR1)

    def end(self) -> None:
        self._child.terminate()
        self._child.wait(timeout=10)
        self._child.stdout.close()


@pytest.fixture(scope="module")
def smsc():
    if shutil.which("node") is None or not (FRONTEND / "node_modules" / "smpp").is_dir():
        pytest.skip("the peer needs Node and the front end's packages (`make setup-dev`)")
    made = Smsc(free_port())
    yield made
    made.end()
