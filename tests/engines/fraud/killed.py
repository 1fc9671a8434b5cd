"""Lives of a replay that are ended by SIGKILL before any one of their calls: ``python -m tests.engines.fraud.killed``.

The process that imports and compiles forks one child for each line it reads, ``<folder>\\t<calls>``; the child takes the
replay in the folder on and kills itself before that call into C (a write, a sync, a rename, a look into an array …), so
a life begins at once and the moment of death is exact, whatever else the machine does. It answers with the exit code.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
from pathlib import Path

from tests.engines.fraud.streams import random_stream

from guangyue.engines.fraud.catalogue import CATALOGUE
from guangyue.engines.fraud.engine import Engine
from guangyue.engines.fraud.replay import Replay, threshold
from guangyue.engines.fraud.sources import SOURCES
from guangyue.engines.fraud.stream.plan import build

ROOT = Path(__file__).parents[3]
RULES = [("person.out_count_1h", 1.0), ("person.calls_abroad_24h", 1.0), ("person.risky_visits_24h", 2.0)]
PLAN = build(CATALOGUE, SOURCES)


def recorded():
    """The stream that every life reads."""
    return random_stream(SOURCES, 9, n=800, tokens=8, disorder_ms=300_000).batch


def replay(folder):
    """The replay of a folder, at the place where it was left."""
    return Replay(PLAN, threshold(PLAN, RULES), folder, batch=20, every=3)


class Lives:
    """Starts the process that forks; ``with Lives() as live: live(folder, calls)``."""

    def __enter__(self):
        environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.engines.fraud.killed"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT,
        )  # fmt: skip
        return self

    def __call__(self, folder, calls):
        """Whether this life came to the end of the stream instead of to that call."""
        self.process.stdin.write(f"{folder}\t{calls}\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        assert code in {0, -signal.SIGKILL}, f"a life ended by itself with exit code {code}"
        return code == 0

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def _die_before(calls):
    left = calls

    def count(_frame, event, _argument):
        nonlocal left
        left -= event == "c_call"
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)


def _one_life(folder, calls, stream):
    try:
        _die_before(calls)
        replay(folder).run(stream)
        sys.setprofile(None)
    except BaseException:  # noqa: BLE001 - a forked child must not return into its parent's code
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main():
    """Forks a child for each line of the standard input."""
    stream = recorded()
    Engine(PLAN).process(stream.take(slice(0, 1)))
    for line in sys.stdin:
        folder, calls = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            _one_life(Path(folder), int(calls), stream)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
