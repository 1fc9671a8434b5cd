"""The features by their definition: for every event, look at everything again. Slow, obvious, shares no code with the engine.

Only the declarations and the condition parser are common.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from guangyue.engines.fraud.features import Agg, Feature, tile_of
from guangyue.engines.fraud.schema import SERVICE, SLOT_ENTITY, SLOTS, Kind, Source
from guangyue.engines.fraud.where import parse

MS = timedelta(milliseconds=1)
COMPARE = {
    "=": lambda x, y: x == y,
    "!=": lambda x, y: x != y,
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
    "in": lambda x, y: (y >> x) & 1 == 1,
}


@dataclass(frozen=True)
class Record:
    """One event as one entity sees it."""

    time: int
    source: int
    offset: int
    slot: str
    code: str
    values: dict[str, int]

    @property
    def order(self):
        return (self.time, self.source, self.offset)


class Reference:
    """All values of all events, from the events alone."""

    def __init__(self, features: tuple[Feature, ...], sources: tuple[Source, ...], cap: int = 1 << 30) -> None:
        self.features, self.sources, self.cap = features, sources, cap
        self.by_code = {s.code: s for s in sources}
        self.terms = {}

    def run(self, events: list[tuple[int, int, int, dict[str, int]]]) -> dict[tuple[int, int], dict[str, float]]:
        """(source, offset) → vector by name, for events (source, time, offset, values) in any order."""
        histories: dict[tuple, list[Record]] = defaultdict(list)
        out: dict[tuple[int, int], dict[str, float]] = {}
        for number, time, offset, values in sorted(events, key=lambda e: (e[1], e[0], e[2])):
            source = self.sources[number]
            vector = out[number, offset] = {}
            known = set()
            for slot in source.slots:
                token = values.get(slot, 0)
                entity = (SLOT_ENTITY[slot], token)
                if token == 0 or token & SERVICE or entity in known:
                    continue
                known.add(entity)
                history = histories[entity]
                history.append(Record(time, number, offset, slot, source.code, values))
                for f in self.features:
                    if f.entity is entity[0]:
                        vector[f"{slot}.{f.name}"] = self.value(f, history, time)
        return out

    def holds(self, record: Record, text: str, history: list[Record]) -> bool:
        key = (record.code, text)
        if key not in self.terms:
            self.terms[key] = parse(text, self.by_code[record.code])
        for term in self.terms[key]:
            if term.op != "new":
                if not COMPARE[term.op](record.values.get(term.column, 0), term.value):
                    return False
                continue
            mine = record.values.get(term.column, 0)
            tile = tile_of(timedelta(milliseconds=term.value)) // MS
            begin = (record.time - term.value) // tile * tile
            before = [
                r for r in history
                if r.order < record.order and r.time >= begin and (r.code, r.slot) == (record.code, record.slot)
            ]  # fmt: skip
            if mine == 0 or any(r.values.get(term.column, 0) == mine for r in before):
                return False
        return True

    def inside(self, f: Feature, history: list[Record], t: int, window: timedelta) -> list[Record]:
        w, d = window // MS, f.delay // MS
        if f.exact:
            return [r for r in history[-self.cap :] if t - w - d < r.time <= t - d]
        tile = tile_of(window) // MS
        return [r for r in history if (t - w) // tile * tile <= r.time]

    def matching(self, f: Feature, history: list[Record], t: int, where: str, window: timedelta) -> list[Record]:
        return [
            r for r in self.inside(f, history, t, window)
            if r.code == f.source and r.slot == f.slot and self.holds(r, where, history)
        ]  # fmt: skip

    def value(self, f: Feature, history: list[Record], t: int) -> float:
        if f.agg is Agg.SEQUENCE:
            return self.sequence(f, history, t)
        found = self.matching(f, history, t, f.where, f.window)
        numbers = [r.values.get(f.column, 0) for r in found] if f.column else []
        n = len(found)
        if f.agg is Agg.COUNT:
            return n
        if f.agg is Agg.SUM:
            return sum(numbers)
        if f.agg is Agg.RATIO:
            below = self.matching(f, history, t, f.over, f.window)
            top, bottom = (sum(numbers), sum(r.values.get(f.column, 0) for r in below)) if f.column else (n, len(below))
            return top / bottom if bottom else math.nan
        if f.agg in {Agg.DISTINCT, Agg.FAN_IN, Agg.FAN_OUT}:
            zero_is_none = self.by_code[f.source].column(f.column).kind is Kind.TOKEN
            return len({x for x in numbers if x or not zero_is_none})
        if n == 0:
            return math.nan
        if f.agg is Agg.MEAN:
            return sum(numbers) / n
        if f.agg is Agg.MAX:
            return max(numbers)
        if f.agg is Agg.MIN:
            return min(numbers)
        if f.agg is Agg.STD:
            return math.sqrt(n * sum(x * x for x in numbers) - sum(numbers) ** 2) / n
        if f.agg is Agg.FIRST:
            return (t - min(r.time for r in found)) / 1000
        if f.agg is Agg.SINCE:
            return (t - max(r.time for r in found)) / 1000
        assert f.agg is Agg.BURST
        return len(self.matching(f, history, t, f.where, f.part)) * (f.window / f.part) / n

    def sequence(self, f: Feature, history: list[Record], t: int) -> float:
        done = 0
        for r in history:
            if not t - f.window // MS < r.time <= t or r.slot != f.slot or done == len(f.steps):
                continue
            step = f.steps[done]
            if r.code == step.source and self.holds(r, step.where, history):
                done += 1
        return done


def vector_order(features: tuple[Feature, ...]) -> list[str]:
    return [f"{slot}.{f.name}" for slot in SLOTS for f in features if f.entity is SLOT_ENTITY[slot]]
