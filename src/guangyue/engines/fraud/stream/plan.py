"""From declarations to the kernel's plan: shared accumulators, laid out once.

Features that count the same records share what they count: a mean, a deviation and a count over one condition and
window keep one number of records, one sum and one sum of squares between them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from guangyue.engines.fraud.features import Agg, Feature, FeatureError, check_features, tile_of, vector_names
from guangyue.engines.fraud.schema import ENTITIES, SLOT_ENTITY, SLOTS, Kind, Source, check_sources
from guangyue.engines.fraud.stream import layout as at
from guangyue.engines.fraud.where import NEW, parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guangyue.engines.fraud.where import Term

__all__ = ["Plan", "build"]

_TIME = ""
_LINE = 8  # words of a cache line: a row begins on one
_BLANK: dict[int, tuple[int, ...]] = {
    at.OP_MAX: (at.NONE, at.NONE, 0),
    at.OP_MIN: (at.NONE, at.NONE, 0),
    at.OP_FIRST: (at.NONE, 0),
    at.OP_SQUARE: (0, 0),
}
_EXTREME = {Agg.MAX: at.OP_MAX, Agg.MIN: at.OP_MIN}


@dataclass(frozen=True, slots=True)
class Plan:
    """A catalogue compiled.

    Attributes:
        words: what the kernel reads. tables: the same by name.
        sources: the sources in their order. features: the features in theirs.
        names: the columns of the vector. columns: the width of the value matrix.
        slack: how far behind the clock a record can still be taken, ms. retain: how long a node is kept, ms.
        digest: names this catalogue; a snapshot of another one is refused.
    """

    words: at.Ints
    tables: dict[str, at.Ints]
    sources: tuple[Source, ...]
    features: tuple[Feature, ...]
    names: tuple[str, ...]
    columns: int
    slack: int
    retain: int
    digest: str

    @property
    def entity_widths(self) -> tuple[int, ...]:
        """The number of features of each entity."""
        return tuple(int(w) for w in np.diff(self.tables["read_at"]))


@dataclass(slots=True)
class _Stream:
    """A source seen from one slot."""

    source: Source
    slot: str
    groups: dict[int, int] = field(default_factory=dict)
    conditions: dict[tuple[Term, ...], int] = field(default_factory=lambda: {(): 0})
    columns: list[str] = field(default_factory=list)
    links: int = 0
    seen: dict[tuple[Any, ...], int] = field(default_factory=dict)
    pairs: dict[tuple[int, str, int], int | None] = field(default_factory=dict)
    adds: list[tuple[int, list[Any]]] = field(default_factory=list)
    drops: list[tuple[int, list[Any]]] = field(default_factory=list)
    tiles: list[tuple[int, list[Any]]] = field(default_factory=list)
    finals: list[list[int]] = field(default_factory=list)
    steps: list[list[int]] = field(default_factory=list)

    def condition(self, text: str) -> int:
        """The number of a condition."""
        terms = parse(text, self.source)
        for term in terms:
            if term.op == NEW:
                self.pair(0, term.column, self.groups[term.value])
        return self.conditions.setdefault(terms, len(self.conditions))

    def word(self, column: str) -> int:
        """The word of a node that holds a column; the time is a column without a name."""
        if column == _TIME:
            return at.N_TIME
        if column not in self.columns:
            self.columns.append(column)
        return at.N_VALUES + self.columns.index(column)

    def pair(self, condition: int, column: str, group: int) -> tuple[int, str, int]:
        """The key of a map of values in tiles."""
        self.word(column)
        key = (condition, column, group)
        self.pairs.setdefault(key, None)
        return key

    def skips_zero(self, column: str) -> int:
        """Whether zero means that there is no value."""
        return int(self.source.column(column).kind is Kind.TOKEN)


class _Row:
    """The words of an entity's row."""

    def __init__(self, blank: list[int]) -> None:
        self.blank = blank
        self.known: dict[tuple[Any, ...], int] = {}

    def take(self, key: tuple[Any, ...], words: tuple[int, ...]) -> tuple[int, bool]:
        """The place of an accumulator, and whether it is a new one."""
        if key in self.known:
            return self.known[key], False
        self.known[key] = len(self.blank)
        self.blank += words
        return self.known[key], True


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _exact_windows(features: Iterable[Feature]) -> list[tuple[int, int]]:
    spans: set[tuple[int, int]] = set()
    for f in features:
        if f.exact and f.agg not in {Agg.SEQUENCE, Agg.SINCE}:
            spans.add((_ms(f.window), _ms(f.delay)))
            if f.part:
                spans.add((_ms(f.part), _ms(f.delay)))
    return sorted(spans, key=lambda s: (s[1] > 0, s))


class _Entity:
    """Lays out the row of one entity and the operations of its features."""

    def __init__(self, number: int, features: tuple[Feature, ...], streams: dict[tuple[str, str], _Stream]) -> None:
        self.number, self.features, self.streams = number, features, streams
        self.row = _Row([0, at.NONE, at.NONE, 0, at.NONE, at.NONE, 0, number])
        self.windows: list[tuple[int, int, int]] = []
        for length, delay in _exact_windows(features):
            self.windows.append((length, delay, len(self.row.blank)))
            self.row.blank += [at.NONE, at.FAR] + ([at.NONE, at.FAR] if delay else [])
        self.reads: list[list[int]] = [[] for _ in features]
        self.groups: list[list[int]] = []
        self.tile_blanks: list[list[int]] = []
        self.totals: list[list[list[int]]] = []
        long_windows = self._long_windows()
        for stream in streams.values():
            stream.groups = {_ms(span): g for g, span in enumerate(long_windows)}
        for k, f in enumerate(features):
            if f.exact:
                self.reads[k] = self._read(f, self._exact)
        self._open_groups(long_windows)
        for k, f in enumerate(features):
            if not f.exact:
                self.reads[k] = self._read(f, self._tiled)
        for stream in self.streams.values():
            for condition, column, group in stream.pairs:
                self.tile_blanks[group].append(at.NONE)
                head = len(self.tile_blanks[group]) - 1
                stream.tiles.append((group, ["pair", condition, column, head]))
        self.row.blank += [0] * (-len(self.row.blank) % _LINE)

    def _long_windows(self) -> list[timedelta]:
        spans = {f.window for f in self.features if not f.exact}
        for f in self.features:
            used = [(s.source, s.where) for s in f.steps] or [(f.source, f.where), (f.source, f.over)]
            for source, text in used:
                terms = parse(text, self.streams[source, f.slot].source)
                spans |= {timedelta(milliseconds=t.value) for t in terms if t.op == NEW}
        return sorted(spans)

    def _open_groups(self, spans: list[timedelta]) -> None:
        for span in spans:
            self.groups.append([_ms(span), _ms(tile_of(span)), len(self.row.blank), 0])
            self.row.blank += [at.NONE, at.NONE, at.EMPTY_MIN, at.NONE, at.NONE]
            self.tile_blanks.append([0, at.NONE])
            self.totals.append([])

    def group_of(self, window: int) -> int:
        """The tile group of a long window."""
        return [g[0] for g in self.groups].index(window)

    def _read(self, f: Feature, acc: Any) -> list[int]:  # noqa: ANN401 - one line an aggregate
        if f.agg is Agg.SEQUENCE:
            return self._sequence(f)
        kinds, where, w = at, f.where, f.window
        match f.agg:
            case Agg.COUNT:
                return [kinds.READ_INT, acc(f, kinds.OP_COUNT, where, w), 0, 0, 0]
            case Agg.SUM:
                return [kinds.READ_INT, acc(f, kinds.OP_SUM, where, w), 0, 0, 0]
            case Agg.MEAN:
                return [kinds.READ_MEAN, acc(f, kinds.OP_COUNT, where, w), acc(f, kinds.OP_SUM, where, w), 0, 0]
            case Agg.STD:
                parts = [acc(f, op, where, w) for op in (kinds.OP_COUNT, kinds.OP_SUM, kinds.OP_SQUARE)]
                return [kinds.READ_STD, *parts, 0]
            case Agg.MAX | Agg.MIN:
                kind = kinds.READ_FRONT if f.exact else kinds.READ_TILE
                return [kind, acc(f, _EXTREME[f.agg], where, w), 0, 0, 0]
            case Agg.RATIO:
                op = kinds.OP_SUM if f.column else kinds.OP_COUNT
                return [kinds.READ_RATIO, acc(f, op, where, w), acc(f, op, f.over, w), 0, 0]
            case Agg.BURST:
                spans = [_ms(f.part), _ms(f.window)]
                parts = [acc(f, kinds.OP_COUNT, where, f.part), acc(f, kinds.OP_COUNT, where, w)]
                return [kinds.READ_BURST, *parts, *spans]
            case Agg.FIRST if f.exact:
                return [kinds.READ_FIRST, acc(f, kinds.OP_FIRST, where, w), 0, 0, 0]
            case Agg.SINCE if f.exact:
                return [kinds.READ_SINCE, self._last(f), 0, 0, _ms(w)]
            case Agg.FIRST | Agg.SINCE:
                op = kinds.OP_MIN if f.agg is Agg.FIRST else kinds.OP_MAX
                return [kinds.READ_TILE_AGE, acc(f, op, where, w, _TIME), 0, 0, 0]
            case _:
                return [kinds.READ_INT, acc(f, kinds.OP_DISTINCT, where, w), 0, 0, 0]

    def _exact(self, f: Feature, op: int, where: str, span: timedelta) -> int:
        stream = self.streams[f.source, f.slot]
        condition, column = stream.condition(where), "" if op in {at.OP_COUNT, at.OP_FIRST} else f.column
        window, delay = _ms(span), _ms(f.delay)
        j = [w[:2] for w in self.windows].index((window, delay))
        key = (op, f.source, f.slot, condition, column, window, delay)
        place, fresh = self.row.take(key, _BLANK.get(op, (0,)))
        if not fresh:
            return place
        word = stream.word(column)
        if op == at.OP_DISTINCT:
            self._exact_distinct(stream, (condition, column, delay, window if delay else 0), j, place)
            return place
        link = stream.links
        stream.links += op in {at.OP_MAX, at.OP_MIN}
        for listed in (stream.adds, stream.drops):
            listed.append((j, [op, condition, word, place, ("link", link), 0, 0, 0]))
        return place

    def _exact_distinct(self, stream: _Stream, key: tuple[int, str, int, int], j: int, place: int) -> None:
        condition, column, _, _ = key
        word, skip = stream.word(column), stream.skips_zero(column)
        span = (sum(self.windows[j][:2]), place)
        if key not in stream.seen:
            stream.seen[key] = len(stream.seen)
            stream.adds.append((j, [at.OP_DISTINCT, condition, word, 0, ("seen", key), [span], 0, skip]))
            stream.finals.append([condition, word, stream.seen[key]])
        else:
            add = next(a for _, a in stream.adds if a[0] == at.OP_DISTINCT and a[4] == ("seen", key))
            add[5].append(span)
        stream.drops.append((j, [at.OP_DISTINCT, condition, word, place, stream.seen[key], 0, 0, skip]))

    def _tiled(self, f: Feature, op: int, where: str, span: timedelta, column: str | None = None) -> int:
        stream, group = self.streams[f.source, f.slot], self.group_of(_ms(span))
        condition = stream.condition(where)
        column = column if column is not None else ("" if op == at.OP_COUNT else f.column)
        start = {at.OP_MAX: at.EMPTY_MAX, at.OP_MIN: at.EMPTY_MIN}.get(op, 0)
        blank = (start, 0) if op == at.OP_SQUARE else (start,)
        place, fresh = self.row.take(("tile", op, f.source, f.slot, condition, column, group), blank)
        if not fresh:
            return place
        if op == at.OP_DISTINCT:
            stream.pairs[stream.pair(condition, column, group)] = place
            return place
        tile = len(self.tile_blanks[group])
        self.tile_blanks[group] += blank
        self.totals[group].append([op, tile, place])
        stream.tiles.append((group, [op, condition, stream.word(column), place, tile, 0, 0, 0]))
        return place

    def _last(self, f: Feature) -> int:
        stream = self.streams[f.source, f.slot]
        condition = stream.condition(f.where)
        place, fresh = self.row.take(("last", f.source, f.slot, condition), (at.EMPTY_MAX,))
        if fresh:
            stream.steps.append([0, condition, place])
        return place

    def _sequence(self, f: Feature) -> list[int]:
        place, _ = self.row.take(("sequence", f.name), (at.EMPTY_MAX,) * len(f.steps))
        for k in reversed(range(len(f.steps))):  # the last step first: one record is never two steps
            stream = self.streams[f.steps[k].source, f.slot]
            stream.steps.append([k, stream.condition(f.steps[k].where), place + k])
        return [at.READ_SEQUENCE, place, len(f.steps), 0, _ms(f.window)]


def build(features: Iterable[Feature], sources: Iterable[Source]) -> Plan:
    """Compiles a catalogue.

    Raises:
        FeatureError: when a declaration is wrong, or one source carries more conditions than a record can hold.
    """
    from guangyue.engines.fraud.stream.emit import emit, flatten

    listed_sources = check_sources(sources)
    listed = check_features(features, {s.code: s for s in listed_sources})
    streams = {(s.code, slot): _Stream(s, slot) for s in listed_sources for slot in s.slots}
    entities = []
    for number, entity in enumerate(ENTITIES):
        mine = {key: stream for key, stream in streams.items() if SLOT_ENTITY[key[1]] is entity}
        entities.append(_Entity(number, tuple(f for f in listed if f.entity is entity), mine))
    faults = [
        f"{code}.{slot}: {len(s.conditions)} conditions and {len(s.seen)} distinct counts, at most"
        f" {at.MAX_CONDITIONS} and {at.MAX_DISTINCT}"
        for (code, slot), s in streams.items()
        if len(s.conditions) > at.MAX_CONDITIONS or len(s.seen) > at.MAX_DISTINCT
    ]
    if faults or len(streams) > at.MAX_STREAMS:
        raise FeatureError(faults or [f"more than {at.MAX_STREAMS} streams"])
    slack = max((_ms(s.idle) for s in listed_sources), default=0)
    spans = [_ms(f.window + f.delay) for f in listed if f.exact]
    lengths = [g[1] for e in entities for g in e.groups]
    tables = emit(listed_sources, streams, entities)
    return Plan(
        words=flatten(tables), tables=tables,
        sources=listed_sources, features=listed, names=vector_names(listed),
        columns=max((len(s.columns) for s in listed_sources), default=0),
        slack=slack, retain=max([*spans, *lengths], default=0) + slack, digest=_digest(listed, listed_sources),
    )  # fmt: skip


def _digest(features: tuple[Feature, ...], sources: tuple[Source, ...]) -> str:
    """Names the meaning of the catalogue: its reasons may be reworded without making old snapshots foreign."""
    wordless = [{k: v for k, v in asdict(f).items() if k not in {"zh", "en", "basis"}} for f in features]
    shapes = [[s.code, s.lateness, s.idle, [(c.name, c.kind.value, c.choices) for c in s.columns]] for s in sources]
    text = json.dumps([wordless, shapes, SLOTS], default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
