"""A replay that can be killed anywhere: ``python -m bench.fraud_workload.restart DATA`` starts one life for each line it reads.

The process that imports and compiles forks a child for each ``<folder>`` on its standard input. The child says its number,
goes on where the folder was left, says each batch, and ``end``; after its death the parent says ``over``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from guangyue.engines.fraud.catalogue import CATALOGUE
from guangyue.engines.fraud.ingest import Rejects, read_folder
from guangyue.engines.fraud.replay import Replay, threshold
from guangyue.engines.fraud.sources import SOURCES
from guangyue.engines.fraud.stream.plan import build

if TYPE_CHECKING:
    from guangyue.engines.fraud.batch import Batch

ROOT = Path(__file__).parents[2]
RULES = (("person.calls_abroad_24h", 2.0), ("person.out_new_count_24h", 2.0), ("person.risky_visits_24h", 2.0))
PLAN = build(CATALOGUE, SOURCES)


def recorded(data: Path) -> Batch:
    """The events of a data folder."""
    return read_folder(data, SOURCES, PLAN.columns, Rejects())


def replay(events: Batch, into: Path) -> Replay:
    """The replay of the events, from the place where the folder was left."""
    run = Replay(PLAN, threshold(PLAN, RULES), into, batch=200, every=4)
    run.run(events, lambda done, _: print(done, flush=True))
    return run


class Lives:
    """``with Lives(data) as live: live(folder, batches)`` runs one life and kills it after so many batches."""

    def __init__(self, data: Path, environment: dict[str, str]) -> None:
        """Start the process that forks."""
        command = [sys.executable, "-m", "bench.fraud_workload.restart", str(data)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def __call__(self, folder: Path, batches: int) -> bool:
        """Whether this life came to the end before it was killed."""
        told, lines = self._process.stdin, self._process.stdout
        assert told
        assert lines
        told.write(f"{folder}\n")
        told.flush()
        child, ended = int(lines.readline()), False
        for done, line in enumerate(lines, 1):
            if line == "over\n":
                return ended
            ended = ended or line == "end\n"
            if done == batches and not ended:
                with suppress(ProcessLookupError):  # it came to its end in this moment, and says so next
                    os.kill(child, signal.SIGKILL)
        raise RuntimeError("the process that forks has ended")


def main() -> None:
    """Forks a child for each line of the standard input."""
    events = recorded(Path(sys.argv[1]))
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            print(os.getpid(), flush=True)
            replay(events, Path(line.rstrip("\n")))
            print("end", flush=True)
            os._exit(0)
        os.waitpid(child, 0)
        print("over", flush=True)


if __name__ == "__main__":
    main()
