"""The engine: events in, vectors out, state in arrays that grow by doubling and never move otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from guangyue.engines.fraud.batch import Batch, Corrections, Result
from guangyue.engines.fraud.schema import ENTITIES, SERVICE
from guangyue.engines.fraud.stream import layout as at
from guangyue.engines.fraud.stream.grow import fresh_state, grown, ready
from guangyue.engines.fraud.stream.kernel import process
from guangyue.engines.fraud.stream.special import special

if TYPE_CHECKING:
    from guangyue.engines.fraud.stream.plan import Plan

__all__ = ["Counters", "Engine", "HotKey", "Settings"]

_SOURCE_SHIFT = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How an engine runs.

    Attributes:
        cap: records an entity keeps in its exact windows; over it the oldest leave early and the entity is named hot.
        shard: this engine's part. shards: in how many parts the entities are split.
        once: refuse an offset that is not above the last one of its source (off for history in time order).
        special: compile a kernel for this plan alone, some times as fast: half a minute the first time, then kept.
    """

    cap: int = 16_384
    shard: int = 0
    shards: int = 1
    once: bool = True
    special: bool = False


class HotKey(NamedTuple):
    """An entity over its cap."""

    entity: str
    token: int
    left_early: int


@dataclass(frozen=True, slots=True)
class Counters:
    """What the engine has seen and holds.

    Attributes:
        taken: events taken. late: behind their source's watermark. duplicate: offsets seen before.
        out_of_order: records put in their place behind others. service: slots with a service number.
        entities: live entities. freed: entities of which nothing was left. records: records inside windows.
        left_early: records dropped by the cap. bytes: size of the state. used: bytes of it in use.
    """

    taken: int
    late: int
    duplicate: int
    out_of_order: int
    service: int
    entities: int
    freed: int
    records: int
    left_early: int
    bytes: int
    used: int


class Engine:
    """Computes every feature of every entity of every event, as the events come."""

    def __init__(self, plan: Plan, settings: Settings | None = None, state: at.StateArrays | None = None) -> None:
        self.plan = plan
        self.settings = settings or Settings()
        self.state = state if state is not None else fresh_state(plan)
        ctl = self.state.control
        ctl[at.C_CAP], ctl[at.C_SHARD], ctl[at.C_SHARDS] = self.settings.cap, self.settings.shard, self.settings.shards
        ctl[at.C_ONCE] = self.settings.once
        self._kernel = special(plan) if self.settings.special else process
        ready()

    def process(self, batch: Batch, out: at.Floats | None = None) -> Result:
        """Takes a batch of one or many events.

        Args:
            batch: the events in the order of their arrival.
            out: float64[n, names] to write into instead of a new array; one of several shards writes only its own slots.

        Raises:
            ValueError: when the arrays have other shapes than the plan asks for: the kernel does not look.
        """
        n = len(batch)
        self._check(batch)
        if out is None:
            out = np.full((n, len(self.plan.names)), np.nan)
        elif out.shape != (n, len(self.plan.names)) or out.dtype != np.float64 or not out.flags.c_contiguous:
            raise ValueError(f"the output must be a whole float64 array of {n} rows and {len(self.plan.names)} columns")
        status = np.zeros(n, dtype=np.int64)
        ctl = self.state.control
        ctl[at.C_EVENT] = ctl[at.C_FIRST] = ctl[at.C_LAST] = ctl[at.C_CORRECTIONS] = 0
        values, flat = batch.values.reshape(-1), out.reshape(-1)
        while True:
            need = self._kernel(
                self.plan.words, self.state.control, batch.source, batch.time, batch.offset, values, self.plan.columns,
                flat, len(self.plan.names), status,
            )  # fmt: skip
            if need == at.NEED_NOTHING:
                break
            self.state = grown(self.state, need)
        return Result(out, status, self._corrections())

    def _check(self, batch: Batch) -> None:
        n, width = len(batch), self.plan.columns
        shapes = (batch.source.shape, batch.offset.shape, batch.values.shape)
        if shapes != ((n,), (n,), (n, width)):
            raise ValueError(f"a batch of {n} events needs {width} columns of values, not {batch.values.shape}")
        if any(a.dtype != np.int64 for a in (batch.source, batch.time, batch.offset, batch.values)):
            raise ValueError("a batch is made of 64-bit integers")
        if n and not 0 <= batch.source.min() <= batch.source.max() < len(self.plan.sources):
            raise ValueError(f"a source is a number from 0 to {len(self.plan.sources) - 1}")
        if n and (batch.time.min() < 0 or batch.offset.min() < 0 or batch.offset.max() >> _SOURCE_SHIFT):
            raise ValueError("times and offsets are not negative, offsets below 2**48")

    def _corrections(self) -> Corrections:
        control = self.state.control
        m, width = int(control[at.C_CORRECTIONS]), int(control[at.C_FIX_WIDTH])
        key, values = self.state.fix_key[: 3 * m].reshape(m, 3).copy(), self.state.fix_value[: m * width].copy()
        offset = key[:, 1] & ((1 << _SOURCE_SHIFT) - 1)
        return Corrections(key[:, 0], key[:, 1] >> _SOURCE_SHIFT, offset, key[:, 2], values.reshape(m, width))

    @property
    def clock(self) -> int:
        """The newest time seen, UTC milliseconds; -1 before the first event."""
        return int(self.state.control[at.C_NEWEST])

    @property
    def offsets(self) -> dict[str, int]:
        """The last offset taken of each source; -1 where there was none."""
        return {s.code: int(o) for s, o in zip(self.plan.sources, self.state.control[at.C_MARKS + 1 :: 2], strict=True)}

    @property
    def watermarks(self) -> dict[str, int]:
        """The time up to which each source is complete; a silent source's moves on with the clock."""
        lateness = self.plan.tables["lateness"]
        marks = np.maximum(self.state.control[at.C_MARKS :: 2] - lateness[:, 0], self.clock - lateness[:, 1])
        return {s.code: int(m) for s, m in zip(self.plan.sources, marks, strict=True)}

    @property
    def final(self) -> int:
        """The time up to which no value can be corrected any more."""
        return min(self.watermarks.values(), default=-1)

    def hot(self) -> list[HotKey]:
        """The entities over their cap, the busiest first."""
        rows = self.state.rows
        index = self.state.keys.reshape(-1, 2)
        out = []
        for key, row in index[index[:, 0] != 0].tolist():
            if rows[row + at.R_CAPPED]:
                entity = ENTITIES[key >> at.ENTITY_SHIFT].value
                out.append(HotKey(entity, key & (2 * SERVICE - 1), int(rows[row + at.R_CAPPED])))
        return sorted(out, key=lambda h: -h.left_early)

    def counters(self) -> Counters:
        """What the engine has seen and holds."""
        ctl, s = self.state.control, self.state
        used = 8 * int(
            (ctl[at.C_RING_TAIL] - ctl[at.C_RING_HEAD]) + ctl[at.C_ROW_TOP] + ctl[at.C_TILE_TOP] + ctl[at.C_LINK_TOP]
            + at.V_WORDS * ctl[at.C_D_USED] + at.E_WORDS * ctl[at.C_P_USED] + 2 * ctl[at.C_H_USED]
        )  # fmt: skip
        return Counters(
            taken=int(ctl[at.C_EVENTS]), late=int(ctl[at.C_LATE]), duplicate=int(ctl[at.C_DUPLICATE]),
            out_of_order=int(ctl[at.C_OUT_OF_ORDER]), service=int(ctl[at.C_SERVICE]), entities=int(ctl[at.C_ROWS]),
            freed=int(ctl[at.C_FREED]), records=int(ctl[at.C_NODES]), left_early=int(ctl[at.C_CAPPED]),
            bytes=sum(int(a.nbytes) for a in s), used=used,
        )  # fmt: skip
