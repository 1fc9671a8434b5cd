"""Real processes: born to end with their supervisor, heard through a pipe, signalled with all they have started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from guangyue.serve import birth
from guangyue.serve.keeping import Program
from guangyue.serve.pulse import PIPE, WORD

__all__ = ["LISTENER", "Process", "born"]

LISTENER = "GUANGYUE_LISTENER"
"""Environment variable: the descriptor of the socket that a program takes connections from."""
_MOST = 1 << 16


def born(command: Sequence[str], parent: int, orphaned: int) -> list[str]:
    """A command whose process ends with its parent."""
    return [sys.executable, "-I", "-S", str(Path(birth.__file__)), str(parent), str(int(orphaned)), *command]


class Process:
    """One life of a program.

    Args:
        listener: the descriptor of what is listened on, for a program that listens.

    Attributes:
        deaf: whether the other end of the pipe is closed.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self, program: Program, listener: int | None = None) -> None:
        environment = {**os.environ, **program.environment}
        passed: list[int] = []
        if program.listens and listener is not None:
            environment[LISTENER] = str(listener)
            passed.append(listener)
        self.pipe: int | None = None
        theirs: int | None = None
        if program.pulse:
            self.pipe, theirs = os.pipe()
            os.set_blocking(self.pipe, False)
            environment[PIPE] = str(theirs)
            passed.append(theirs)
        self._word: int | None = None
        waits: int | None = None
        if program.early:
            waits, self._word = os.pipe()
            environment[WORD] = str(waits)
            passed.append(waits)
        log = program.log.open("ab") if program.log else None
        try:
            self._process = subprocess.Popen(
                born(program.command, os.getpid(), program.orphaned), env=environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, pass_fds=passed, start_new_session=True,
            )  # fmt: skip
        except OSError:
            self.close()
            raise
        finally:
            if log is not None:
                log.close()
            for end in (theirs, waits):
                if end is not None:
                    os.close(end)
        self._left = b""
        self.deaf = False

    @property
    def pid(self) -> int:
        """Its process id, and that of its group."""
        return self._process.pid

    def code(self) -> int | None:
        """How it ended, or nothing while it runs."""
        return self._process.poll()

    def heard(self) -> list[Mapping[str, Any]]:
        """What it has said since the last time; the pipe's end is no news."""
        if self.pipe is None:
            return []
        said = b""
        with suppress(BlockingIOError):
            said = os.read(self.pipe, _MOST)
            self.deaf = not said
        *lines, self._left = (self._left + said).split(b"\n")
        found: list[Mapping[str, Any]] = []
        for line in lines:
            with suppress(ValueError):
                one = json.loads(line)
                found.append(one if isinstance(one, dict) else {})
        return found

    def signal(self, number: int) -> None:
        """A signal: to the program alone while it may end in order, to all it started when it is to be gone."""
        with suppress(ProcessLookupError):
            if number == signal.SIGKILL:
                os.killpg(self.pid, number)
            else:
                self._process.send_signal(number)

    def go(self) -> None:
        """Tell it that what it waits for is there."""
        if self._word is not None:
            with suppress(BrokenPipeError):
                os.write(self._word, b"!")
            os.close(self._word)
            self._word = None

    def close(self) -> None:
        """Close our ends of the pipes."""
        for end in (self.pipe, self._word):
            if end is not None:
                os.close(end)
        self.pipe = self._word = None
