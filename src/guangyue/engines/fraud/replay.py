"""A run through a recorded stream that can be stopped anywhere and goes on with the same alerts.

The hook sees every batch with its answer and raises alerts. An alert's id is a hash of rule, entity and stretch of
time, so raising it again after a restart changes nothing: with the snapshot's offsets this makes alerts exactly once.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from guangyue.engines.fraud import snapshot
from guangyue.engines.fraud.batch import Batch, Result
from guangyue.engines.fraud.engine import Engine, Settings

if TYPE_CHECKING:
    from pathlib import Path

    from guangyue.engines.fraud.stream.plan import Plan

__all__ = ["Alert", "AlertLog", "Hook", "Raised", "Replay", "alert_id", "threshold"]


class Raised(NamedTuple):
    """A rule that fired on an event."""

    rule: str
    entity: int
    time: int


@dataclass(slots=True)
class Alert:
    """One alert, however often its rule fired."""

    id: str
    rule: str
    entity: int
    bucket: int
    count: int


Hook = Callable[[Batch, Result], Iterable[Raised]]
"""What looks at a batch and its answer and says which rules fired; it keeps nothing between batches."""


def alert_id(rule: str, entity: int, bucket: int) -> str:
    """The same alert has the same id in every run."""
    return hashlib.blake2b(f"{rule}\x00{entity}\x00{bucket}".encode(), digest_size=12).hexdigest()


def threshold(plan: Plan, rules: Iterable[tuple[str, float]], entity: str = "person") -> Hook:
    """A hook that fires where a feature of the vector reaches a value; rules are named by their column."""
    listed = [(name, plan.names.index(name), least) for name, least in rules]

    def hook(batch: Batch, result: Result) -> Iterable[Raised]:
        for name, column, least in listed:
            for i in np.flatnonzero(result.values[:, column] >= least):
                place = plan.sources[int(batch.source[i])].names.index(entity)
                yield Raised(name, int(batch.values[i, place]), int(batch.time[i]))

    return hook


def _torn(path: Path) -> bool:
    """Whether the last line of a file has no end."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


class AlertLog:
    """Alerts on disk, a JSON line each time one is opened or counted anew, synced before the offsets move on."""

    def __init__(self, path: Path, bucket: int = 86_400_000) -> None:
        self.path, self.bucket = path, bucket
        self._mend = "\n" if _torn(path) else ""  # or the next line would be lost with the torn one
        self.alerts: dict[str, Alert] = {}

    def restore(self, kept: Iterable[list[Any]]) -> None:
        """Takes back the alerts of a snapshot; lines written after it are written again, with the same ids."""
        self.alerts = {row[0]: Alert(*row) for row in kept}

    def keep(self) -> list[list[Any]]:
        """The alerts as a snapshot holds them."""
        return [[a.id, a.rule, a.entity, a.bucket, a.count] for a in self.alerts.values()]

    def add(self, fired: Iterable[Raised]) -> None:
        """Opens alerts or counts them up."""
        touched: dict[str, Alert] = {}
        for rule, entity, time in fired:
            bucket = time // self.bucket
            key = alert_id(rule, entity, bucket)
            alert = self.alerts.setdefault(key, Alert(key, rule, entity, bucket, 0))
            alert.count += 1
            touched[key] = alert
        if touched:
            lines = [json.dumps([a.id, a.rule, a.entity, a.bucket, a.count]) + "\n" for a in touched.values()]
            with self.path.open("a", encoding="utf-8") as file:
                file.write(self._mend + "".join(lines))
                file.flush()
                os.fsync(file.fileno())
            self._mend = ""

    @staticmethod
    def read(path: Path) -> dict[str, Alert]:
        """The last word on every alert; a line torn by a crash is passed over, for it is written again."""
        out: dict[str, Alert] = {}
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            try:
                alert = Alert(*json.loads(line))
            except (ValueError, TypeError):
                continue
            out[alert.id] = alert
        return out


class Replay:
    """Feeds a stream in batches, with snapshots; begins where the newest usable snapshot ends."""

    def __init__(
        self,
        plan: Plan,
        hook: Hook,
        folder: Path,
        *,
        settings: Settings | None = None,
        batch: int = 2_000,
        every: int = 10,
    ) -> None:
        self.hook, self.folder, self.batch, self.every = hook, folder, batch, every
        folder.mkdir(parents=True, exist_ok=True)
        found, extra, self.refused = snapshot.newest(folder, plan, settings)
        self.engine = found or Engine(plan, settings)
        self.position = int(extra.get("position", 0))
        self.log = AlertLog(folder / "alerts.jsonl")
        self.log.restore(extra.get("alerts", ()))

    def run(self, stream: Batch, progress: Callable[[int, int], None] = lambda _done, _all: None) -> int:
        """Feeds the rest of the stream; returns how many events were fed.

        Args:
            stream: the whole recorded stream in its order of arrival, always the same.
            progress: called with events done and all events after every batch.
        """
        began, n = self.position, len(stream)
        while self.position < n:
            # Batches lie on a fixed grid, whatever happened before.
            end = min((self.position // self.batch + 1) * self.batch, n)
            part = stream.take(slice(self.position, end))
            self.log.add(self.hook(part, self.engine.process(part)))
            self.position = end
            if (end // self.batch) % self.every == 0 or end == n:
                self.save()
            progress(end, n)
        return n - began

    def save(self) -> Path:
        """Writes a snapshot: state, offsets, place in the stream, open alerts."""
        return snapshot.save(self.engine, self.folder, {"position": self.position, "alerts": self.log.keep()})
