"""Several processes, each with its part of the entities: the batch lies in shared memory, the answer too.

Every shard reads the same events in the same order and so has the same clock and watermarks; it keeps the entities that
hash to it and writes their slots of the shared vectors. Nothing is sent between processes but "go" and "done".
"""

from __future__ import annotations

import mmap
import multiprocessing as mp
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from guangyue.engines.fraud.batch import Batch, Corrections, Result
from guangyue.engines.fraud.engine import Engine, Settings

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from types import TracebackType

    from guangyue.engines.fraud.engine import Counters
    from guangyue.engines.fraud.stream.plan import Plan

__all__ = ["Shards"]


class ShardError(RuntimeError):
    """A shard's process has ended or failed."""

    code = "fraud.shard"


@dataclass(slots=True)
class _Room:
    """The shared memory of one batch."""

    source: np.ndarray
    time: np.ndarray
    offset: np.ndarray
    values: np.ndarray
    out: np.ndarray
    status: np.ndarray

    @classmethod
    def of(cls, plan: Plan, size: int) -> _Room:
        def words(*shape: int, kind: type = np.int64) -> np.ndarray:
            memory = mmap.mmap(-1, 8 * int(np.prod(shape)))  # inherited by the shards
            return np.frombuffer(memory, dtype=kind).reshape(shape)

        return cls(
            words(size), words(size), words(size), words(size, plan.columns),
            words(size, len(plan.names), kind=np.float64), words(size),
        )  # fmt: skip


def _serve(pipe: Connection, plan: Plan, settings: Settings, room: _Room) -> None:
    engine = Engine(plan, settings)
    while True:
        n = pipe.recv()
        if n is None:
            return
        if n < 0:
            pipe.send(engine.counters())
            continue
        batch = Batch(room.source[:n], room.time[:n], room.offset[:n], room.values[:n])
        result = engine.process(batch, room.out[:n])
        if settings.shard == 0:
            room.status[:n] = result.status
        pipe.send(result.corrections)


class Shards:
    """An engine in several processes; used as a context, so that they end with it.

    Processes are forked, for the shared memory is inherited: make it before starting threads.
    """

    def __init__(self, plan: Plan, shards: int, settings: Settings | None = None, *, batch: int = 65_536) -> None:
        self.plan, self.batch = plan, batch
        self._room = _Room.of(plan, batch)
        context = mp.get_context("fork")
        self._pipes: list[Connection] = []
        self._processes: list[Any] = []
        for k in range(shards):
            here, there = context.Pipe()
            mine = replace(settings or Settings(), shard=k, shards=shards)
            process = context.Process(target=_serve, args=(there, plan, mine, self._room), daemon=True)
            process.start()
            there.close()
            self._pipes.append(here)
            self._processes.append(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the processes."""
        for pipe, process in zip(self._pipes, self._processes, strict=True):
            if process.is_alive():
                pipe.send(None)
            process.join(timeout=10)
            pipe.close()

    def process(self, batch: Batch) -> Result:
        """Takes a batch no longer than the shared one. The vectors are a view: copy what must outlive the next batch.

        Raises:
            ShardError: when a process has ended.
            ValueError: when the batch is too long.
        """
        n = len(batch)
        if n > self.batch:
            raise ValueError(f"a batch of {n} does not fit the shared {self.batch}")
        room = self._room
        room.source[:n], room.time[:n], room.offset[:n], room.values[:n] = (
            batch.source, batch.time, batch.offset, batch.values,
        )  # fmt: skip
        fixes = self._ask(n)
        parts = [
            np.concatenate(p)
            for p in zip(*((f.time, f.source, f.offset, f.slot, f.values) for f in fixes), strict=True)
        ]
        return Result(room.out[:n], room.status[:n].copy(), Corrections(*parts))

    def counters(self) -> list[Counters]:
        """What each shard has seen and holds."""
        found: list[Counters] = self._ask(-1)
        return found

    def _ask(self, message: int) -> list[Any]:
        try:
            for pipe in self._pipes:
                pipe.send(message)
            return [pipe.recv() for pipe in self._pipes]
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            raise ShardError("a shard has ended; start again from the last snapshots") from error
