"""A day and a half of a city's events, hour by hour, for fraud.engine96, fraud.memory and fraud.cores.

``python -m bench.fraud_workload.city`` runs the engine over them in a process of its own and prints what it measured.
"""

from __future__ import annotations

import json
import resource
import time
from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.batch import Batch
from guangyue.engines.fraud.catalogue import CATALOGUE
from guangyue.engines.fraud.engine import Engine, Settings
from guangyue.engines.fraud.schema import SERVICE, Kind
from guangyue.engines.fraud.sources import SOURCES
from guangyue.engines.fraud.stream.plan import build

if TYPE_CHECKING:
    from collections.abc import Iterator

PERSONS, A_DAY, HOURS, WARM = 200_000, 15, 36, 30
BATCH = 4_096
START = 1_790_000_000_000
SHARE = {
    "voice_call": 34, "sms": 22, "location": 12, "payment": 14, "domain_visit": 9, "bank_transfer": 5, "new_contact": 1,
    "app_install": 0.8, "cash": 0.6, "intl_gateway": 0.4, "remote_control": 0.2, "loan_application": 0.3,
    "number_registry": 0.2, "forwarding": 0.2, "account_opening": 0.1, "account_risk": 0.05, "police_report": 0.05,
    "clue": 0.1,
}  # fmt: skip
PLAN = build(CATALOGUE, SOURCES)


class City:
    """Residents with unequal habits, their circles, short codes, shops, call centres, sites."""

    def __init__(self, seed: int = 96) -> None:
        self.rng = np.random.default_rng(seed)
        weight = self.rng.lognormal(0, 1, PERSONS)
        self.cumulative = np.cumsum(weight / weight.sum())
        share = np.array([SHARE[s.code] for s in SOURCES])
        self.share = share / share.sum()
        self.offsets = np.zeros(len(SOURCES), dtype=np.int64)

    def hour(self, number: int) -> Batch:
        """The events of one hour, in order."""
        n = PERSONS * A_DAY // 24
        rng = self.rng
        time = np.sort(rng.integers(0, 3_600_000, n)) + START + number * 3_600_000
        source = rng.choice(len(SOURCES), n, p=self.share)
        person = np.searchsorted(self.cumulative, rng.random(n)) + 1
        offset = np.zeros(n, dtype=np.int64)
        values = np.zeros((n, PLAN.columns), dtype=np.int64)
        for k, s in enumerate(SOURCES):
            rows = np.flatnonzero(source == k)
            offset[rows] = self.offsets[k] + np.arange(rows.size)
            self.offsets[k] += rows.size
            for j, column in enumerate(s.columns):
                values[rows, j] = self.column(column.name, column.kind, column.limits, person[rows])
        return Batch(source.astype(np.int64), time, offset, values)

    def column(self, name: str, kind: Kind, limits: tuple[int, int], person: np.ndarray) -> np.ndarray:
        """Values of one column for the persons concerned."""
        rng, n = self.rng, person.size
        if name in {"person", "own_phone", "own_account", "device"}:
            return person
        if name in {"other_phone", "other_account", "contact"}:
            friend = (person * 48_271 + rng.integers(0, 20, n) ** 2 // 20) % PERSONS + 1
            busy = PERSONS + np.minimum(rng.zipf(1.3, n), 3_000)
            service = np.minimum(rng.zipf(1.4, n), 5_000) | SERVICE
            kind_of = rng.random(n)
            return np.where(kind_of < 0.55, friend, np.where(kind_of < 0.65, busy, service))
        if kind is Kind.TOKEN:
            return np.minimum(rng.zipf(1.2, n), 50_000)
        if kind is Kind.FEN:
            return np.minimum(rng.lognormal(8, 1.5, n).astype(np.int64), limits[1])
        if kind in {Kind.SECONDS, Kind.COUNT}:
            return rng.geometric(0.01, n)
        return rng.integers(0, limits[1] + 1, n)

    def hours(self) -> Iterator[Batch]:
        """All hours."""
        for number in range(HOURS):
            yield self.hour(number)


def main() -> None:
    """Runs the engine over the city; the last hours are measured, when every window of a day is full."""
    engine = Engine(PLAN, Settings(special=True))
    out = np.empty((BATCH, len(PLAN.names)))
    seconds, busy, events, read = 0.0, 0.0, 0, 0
    for number, batch in enumerate(City().hours()):
        for low in range(0, len(batch), BATCH):
            part = batch.take(slice(low, low + BATCH))
            began, own = time.perf_counter(), time.thread_time()
            view = out[: len(part)]
            engine.process(part, view)
            if number >= WARM:
                seconds += time.perf_counter() - began
                busy += time.thread_time() - own
                events += len(part)
                read += int(np.isfinite(view[:64]).sum()) * len(part) // 64
    c = engine.counters()
    print(json.dumps({
        "rate": events / seconds, "busy": events / busy,
        "events": events, "read": read / events, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "state": c.bytes / 2**20, "entities": c.entities, "records": c.records, "late": c.late, "pools": {n: getattr(engine.state, n).nbytes >> 20 for n in engine.state._fields}, "cpu": time.process_time(), "left_early": c.left_early,  # noqa: E501 - one printed line
    }))  # fmt: skip


if __name__ == "__main__":
    main()
