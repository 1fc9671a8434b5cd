"""A program's side of the pipe to its supervisor: it is ready, and it lives (心跳).

A line of JSON each: the first says ready, each says alive, all may say more. Without a supervisor nothing is said.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress

__all__ = ["PACE", "PIPE", "WORD", "Pulse"]

PIPE = "GUANGYUE_PULSE"
"""Environment variable: the number of the pipe's descriptor."""
WORD = "GUANGYUE_WORD"
"""Environment variable: the descriptor on which a program that has loaded itself early gets the word to go on."""
PACE = 1.0
"""Seconds between two signs of life."""


class Pulse:
    """The pipe, if there is one; taken out of the environment, so that no child of ours speaks for us."""

    def __init__(self) -> None:
        given = os.environ.pop(PIPE, "")
        self._pipe = int(given) if given else None
        if self._pipe is not None:
            os.set_blocking(self._pipe, False)
            os.set_inheritable(self._pipe, False)  # noqa: FBT003 - its only form

    def await_word(self) -> None:
        """Wait until the supervisor says that everything is there; at once where nobody supervises.

        Raises:
            SystemExit: it will never say so.
        """
        given = os.environ.pop(WORD, "")
        if given:
            word = os.read(int(given), 1)
            os.close(int(given))
            if not word:
                raise SystemExit(0)

    def beat(self, **details: object) -> None:
        """Ready, and alive."""
        if self._pipe is not None:
            # A supervisor that does not listen just now is no reason to wait; one that is gone ends us anyway.
            with suppress(BlockingIOError, BrokenPipeError):
                os.write(self._pipe, json.dumps(details).encode() + b"\n")
