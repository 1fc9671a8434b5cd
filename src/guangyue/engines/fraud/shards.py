"""Several processes, each with its part of the entities: the batch lies in shared memory, the answer too.

Every shard reads the same events in the same order and so has the same clock and watermarks; it keeps the entities that
hash to it and writes their slots of the shared vectors. Nothing is sent between processes but "go" and "done". There are
two rooms of shared memory, so that a shard that is done early goes on with the next batch instead of waiting.
"""

from __future__ import annotations

import mmap
import multiprocessing as mp
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from guangyue.engines.fraud.batch import Batch, Corrections, Result
from guangyue.engines.fraud.engine import Engine, Settings

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from multiprocessing.connection import Connection
    from types import TracebackType

    from guangyue.engines.fraud.engine import Counters
    from guangyue.engines.fraud.stream.plan import Plan

__all__ = ["ShardError", "Shards"]

_ROOMS = 2
_ENDED = "a shard has ended; start again from the last snapshots"


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


def _serve(pipe: Connection, plan: Plan, settings: Settings, rooms: tuple[_Room, ...]) -> None:
    engine = Engine(plan, settings)
    while True:
        message = pipe.recv()
        if message is None:
            return
        which, n = message
        if which < 0:
            pipe.send(engine.counters())
            continue
        room = rooms[which]
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
        self._rooms = tuple(_Room.of(plan, batch) for _ in range(_ROOMS))
        context = mp.get_context("fork")
        self._pipes: list[Connection] = []
        self._processes: list[Any] = []
        for k in range(shards):
            here, there = context.Pipe()
            mine = replace(settings or Settings(), shard=k, shards=shards)
            process = context.Process(target=_serve, args=(there, plan, mine, self._rooms), daemon=True)
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
        self._send(0, batch)
        return self._result(0, len(batch))

    def stream(self, batches: Iterable[Batch]) -> Generator[Result]:
        """Takes batches one after another, the next one while the shards are still at the one before.

        A result is a view: copy what must outlive the next one. Left half-way, the batches sent are taken all the same.

        Raises:
            ShardError: when a process has ended.
            ValueError: when a batch is too long.
        """
        sent: deque[tuple[int, int]] = deque()
        try:
            for k, batch in enumerate(batches):
                if len(sent) == _ROOMS:
                    yield self._result(*sent.popleft())
                self._send(k % _ROOMS, batch)
                sent.append((k % _ROOMS, len(batch)))
            while sent:
                yield self._result(*sent.popleft())
        finally:
            with suppress(ShardError):
                for _ in sent:
                    self._hear()

    def counters(self) -> list[Counters]:
        """What each shard has seen and holds."""
        self._tell((-1, 0))
        found: list[Counters] = self._hear()
        return found

    def _send(self, which: int, batch: Batch) -> None:
        n = len(batch)
        if n > self.batch:
            raise ValueError(f"a batch of {n} does not fit the shared {self.batch}")
        room = self._rooms[which]
        room.source[:n], room.time[:n], room.offset[:n], room.values[:n] = (
            batch.source, batch.time, batch.offset, batch.values,
        )  # fmt: skip
        self._tell((which, n))

    def _result(self, which: int, n: int) -> Result:
        fixes = self._hear()
        parts = [
            np.concatenate(p)
            for p in zip(*((f.time, f.source, f.offset, f.slot, f.values) for f in fixes), strict=True)
        ]
        room = self._rooms[which]
        return Result(room.out[:n], room.status[:n].copy(), Corrections(*parts))

    def _tell(self, message: tuple[int, int]) -> None:
        try:
            for pipe in self._pipes:
                pipe.send(message)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise ShardError(_ENDED) from error

    def _hear(self) -> list[Any]:
        try:
            return [pipe.recv() for pipe in self._pipes]
        except (EOFError, ConnectionResetError) as error:
            raise ShardError(_ENDED) from error
