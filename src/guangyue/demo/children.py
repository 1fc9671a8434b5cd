"""The programs of a running demonstration: started together, watched, ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["Child", "Children", "EndedError"]

PATIENCE = 10.0
"""Seconds a program has to end by itself."""


class EndedError(RuntimeError):
    """A program that has to run ended by itself."""

    def __init__(self, child: Child) -> None:
        self.child = child
        super().__init__(f"{child.name} ended by itself:\n{child.tail()}")


@dataclass
class Child:
    """One program.

    Attributes:
        needed: whether the demonstration ends with it.
        log: where its words go.
    """

    name: str
    command: Sequence[str]
    log: Path
    needed: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C reaches us alone, and we end all in order."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
                env=os.environ | dict(self.environment),
            )  # fmt: skip

    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def tail(self, lines: int = 15) -> str:
        """The last of what it said."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:]) if self.log.exists() else ""


class Children:
    """All programs, in the order they were started."""

    def __init__(self) -> None:
        self._all: list[Child] = []

    def start(self, child: Child) -> Child:
        """Start one more."""
        child.start()
        self._all.append(child)
        return child

    def check(self) -> None:
        """Look at all of them.

        Raises:
            EndedError: one that is needed has ended.
        """
        for child in self._all:
            if child.needed and not child.alive():
                raise EndedError(child)

    def end(self) -> None:
        """End all, the last one first; none is left behind."""
        for child in reversed(self._all):
            if child.alive() and child.process:
                child.process.send_signal(signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        for child in reversed(self._all):
            if child.process is None:
                continue
            try:
                child.process.wait(timeout=max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.process.pid, signal.SIGKILL)
                child.process.wait()
