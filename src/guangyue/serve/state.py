"""What the supervisor says of its programs, for health pages and `guangyue serve status`; a file, replaced as a whole."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guangyue.records.postgres.private import home

if TYPE_CHECKING:
    from guangyue.serve.house import House

__all__ = ["NAME", "SILENT", "Standing", "State", "StateFile", "read_state"]

NAME = "serve.json"
SILENT = timedelta(seconds=20)
"""After so long without a note the supervisor itself is taken for dead."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one program stands.

    Attributes:
        key: which one. title: what it does, for people. phase: see `keeping.Phase`. since: when it came to that phase.
        starts: how often it was started. failures: in a row. last_end: how it ended the last time; empty when it never did.
        details: what it says of itself.
    """

    key: str
    title: str
    phase: str
    since: datetime
    pid: int | None
    starts: int
    failures: int
    last_end: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """How all stand.

    Attributes:
        pid: the supervisor's. at: when it was noted. up: whether everything is ready. ending: whether all is to end.
        address: what is listened on.
    """

    pid: int
    at: datetime
    up: bool
    ending: bool
    address: str
    programs: tuple[Standing, ...]

    def silent(self, now: datetime) -> bool:
        """Whether nobody has noted anything for so long that nobody is there."""
        return now - self.at > SILENT


class StateFile:
    """The file, as the supervisor writes it.

    Args:
        folder: the installation's own. address: what is listened on.
    """

    def __init__(self, folder: Path, address: str = "") -> None:
        self._path = folder / NAME
        self._address = address
        self._last = ""

    def note(self, house: House, now: float, *, force: bool = False) -> bool:
        """Write it when something is other than before, or when told to; whether it was written."""
        wall = time.time()
        programs = [
            {
                "key": k.key, "title": k.program.title or k.key, "phase": str(k.phase),
                "since": round(wall - (now - k.since), 1), "pid": k.pid, "starts": k.starts, "failures": k.failures,
                "last_end": k.last_end, "details": dict(k.details),
            }
            for k in house.keepers.values()
        ]  # fmt: skip
        marks = json.dumps([[p["key"], p["phase"], p["pid"], p["starts"]] for p in programs])
        if marks == self._last and not force:
            return False
        self._last = marks
        said = {
            "pid": os.getpid(), "at": wall, "up": house.up, "ending": house.ending, "address": self._address,
            "programs": programs,
        }  # fmt: skip
        spare = self._path.with_suffix(".new")
        spare.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
        spare.replace(self._path)
        return True

    def clear(self) -> None:
        """Nobody is there any more."""
        self._path.unlink(missing_ok=True)


def read_state(folder: Path | None = None) -> State | None:
    """What was noted last; nothing where no supervisor runs, or what it noted cannot be read."""
    try:
        said = json.loads((folder or home()).joinpath(NAME).read_text("utf-8"))
        programs = tuple(
            Standing(**{**p, "since": datetime.fromtimestamp(p["since"], UTC)})
            for p in said.pop("programs")
        )  # fmt: skip
        return State(**{**said, "at": datetime.fromtimestamp(said["at"], UTC)}, programs=programs)
    except (OSError, ValueError, KeyError, TypeError):
        return None
