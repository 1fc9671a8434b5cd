"""What a feature is: one frozen declaration, from which every way of computing it is derived.

**Order.** Events are in one total order: time, then source (in the order of the sources), then offset. A feature of an
entity at an event is the aggregate over the records of its source, up to and including this event in that order, which
concern the entity in the feature's slot, satisfy ``where`` and whose time lies in ``(t - window - delay, t - delay]``.

**Windows.** Up to 24 hours (delay included) they are exact. Longer ones begin at the tile that holds ``t - window``
and end exactly at ``t``, so they hold everything of the window and at most one tile (:attr:`Feature.error`) more.

**Nothing there.** Counts, sums, distinct counts and sequences are 0; a mean, maximum, minimum, deviation, ratio, burst
or age of nothing is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from guangyue.engines.fraud.schema import SLOT_ENTITY, SLOTS, Entity, Kind, Source, SourceError
from guangyue.engines.fraud.where import NEW, Term, parse, span_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["EXACT", "LONGEST", "Agg", "Feature", "FeatureError", "Step", "check_features", "tile_of", "vector_names"]

EXACT = timedelta(hours=24)
"""The longest window, delay included, whose edge moves with every event."""
LONGEST = timedelta(days=30)
SHORTEST = timedelta(minutes=5)
TILES = 30
_HOUR = timedelta(hours=1)


class Agg(Enum):
    """How the records of a window become one number."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    MAX = "max"
    MIN = "min"
    STD = "std"  # of the whole window, not of a sample
    DISTINCT = "distinct"
    FAN_IN = "fan_in"  # distinct others who come to the entity
    FAN_OUT = "fan_out"  # distinct others whom the entity goes to
    RATIO = "ratio"  # records (or their sum) of `where` over those of `over`
    FIRST = "first"  # seconds since the first record in the window
    SINCE = "since"  # seconds since the last record in the window
    BURST = "burst"  # rate in the last `part` of the window against the rate of the whole
    SEQUENCE = "sequence"  # how many steps happened in this order, all within the window


DISTINCTS = frozenset({Agg.DISTINCT, Agg.FAN_IN, Agg.FAN_OUT})
_NUMBERS = frozenset({Kind.FEN, Kind.SECONDS, Kind.COUNT, Kind.PERMILLE, Kind.FLAG})
_NEEDS_COLUMN = frozenset({Agg.SUM, Agg.MEAN, Agg.MAX, Agg.MIN, Agg.STD, *DISTINCTS})
_MAY_HAVE_COLUMN = _NEEDS_COLUMN | {Agg.RATIO}


class FeatureError(ValueError):
    """A feature declaration is wrong; ``faults`` lists every fault with the feature's name."""

    code = "fraud.feature"

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a sequence: a record of a source that satisfies a condition."""

    source: str
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One feature, declared once.

    Attributes:
        name: unique among the features of its entity.
        slot: where the entity stands in the records that feed the feature; the entity follows from it.
        source: the source that feeds it (for a sequence: of its last step).
        where: condition on the record, see :mod:`guangyue.engines.fraud.where`.
        agg: the aggregate. column: the aggregated column, where it needs one.
        window: how far back. delay: how long a record waits before it counts (labels known only later).
        over: condition of the denominator of a ratio. part: the last part of the window for a burst.
        steps: the steps of a sequence, in order.
        version: raised whenever the meaning changes; a snapshot of another version is refused.
        zh: reason in Chinese, a sentence for an officer. en: the same in English.
        basis: further lawful basis beyond the source's own.
    """

    name: str
    slot: str
    source: str
    where: str = ""
    agg: Agg
    column: str = ""
    window: timedelta
    delay: timedelta = timedelta(0)
    over: str = ""
    part: timedelta = timedelta(0)
    steps: tuple[Step, ...] = ()
    version: int = 1
    zh: str
    en: str
    basis: tuple[str, ...] = ()

    @property
    def entity(self) -> Entity:
        """Whose feature it is."""
        return SLOT_ENTITY[self.slot]

    @property
    def exact(self) -> bool:
        """Whether the window's edge is exact."""
        return self.window + self.delay <= EXACT

    @property
    def error(self) -> timedelta:
        """By how much the window may reach back further than declared; zero for exact windows."""
        return timedelta(0) if self.exact else tile_of(self.window)

    @property
    def unit(self) -> str:
        """The unit of the value, as the rule language checks it."""
        if self.agg in {Agg.FIRST, Agg.SINCE}:
            return "seconds"
        if self.agg in {Agg.RATIO, Agg.BURST}:
            return "ratio"
        return "column" if self.agg in _NEEDS_COLUMN - DISTINCTS else "count"

    def describe(self) -> str:
        """The definition in one line."""
        if self.agg is Agg.SEQUENCE:
            steps = " → ".join(f"{s.source}[{s.where}]" if s.where else s.source for s in self.steps)
            return f"sequence({steps}) in {span_text(self.window)}"
        inner = f"{self.agg.value}({self.column})" if self.column else self.agg.value
        text = f"{inner} of {self.source} in {span_text(self.window)}"
        text += f" where {self.where}" if self.where else ""
        text += f" over [{self.over or 'all'}]" if self.agg is Agg.RATIO else ""
        text += f" last {span_text(self.part)}" if self.agg is Agg.BURST else ""
        return text + (f" delayed {span_text(self.delay)}" if self.delay else "")


def tile_of(window: timedelta) -> timedelta:
    """The tile of a long window: a thirtieth of it, rounded up to whole hours. A week has 6 h, thirty days 24 h."""
    return _HOUR * -(-window // (TILES * _HOUR))


def vector_names(features: Iterable[Feature]) -> tuple[str, ...]:
    """The columns of the flat vector of an event: ``slot.feature``, slot by slot, in declaration order."""
    listed = tuple(features)
    return tuple(f"{slot}.{f.name}" for slot in SLOTS for f in listed if f.entity is SLOT_ENTITY[slot])


def check_features(features: Iterable[Feature], sources: Mapping[str, Source]) -> tuple[Feature, ...]:
    """The features, checked against the sources.

    Raises:
        FeatureError: naming every fault of every feature.
    """
    listed = tuple(features)
    faults: list[str] = []
    seen: set[tuple[Entity, str]] = set()
    for feature in listed:
        if feature.slot not in SLOT_ENTITY:
            faults.append(f"{feature.name}: no slot {feature.slot!r} (there are {', '.join(SLOTS)})")
            continue
        if (feature.entity, feature.name) in seen:
            faults.append(f"{feature.name}: declared twice for {feature.entity.value}")
        seen.add((feature.entity, feature.name))
        faults += [f"{feature.name}: {fault}" for fault in _faults(feature, sources)]
    if faults:
        raise FeatureError(faults)
    return listed


def _faults(f: Feature, sources: Mapping[str, Source]) -> list[str]:
    out: list[str] = []
    steps = f.steps if f.agg is Agg.SEQUENCE else (Step(f.source, f.where),)
    for step in steps:
        source = sources.get(step.source)
        if source is None:
            out.append(f"no source {step.source!r}")
            continue
        if f.slot not in source.slots:
            out.append(f"{step.source} has no {f.slot}")
        try:
            terms = parse(step.where, source) + (parse(f.over, source) if f.agg is Agg.RATIO else ())
            out += _column_faults(f, source) + _new_faults(f, terms)
        except SourceError as error:
            out.append(str(error))
        if f.slot in source.label_slots and not f.delay:
            out.append(f"{step.source} tells the outcome for {f.slot}: a feature of it needs a delay")
    return out + _shape_faults(f)


def _column_faults(f: Feature, source: Source) -> list[str]:
    if (f.agg in _NEEDS_COLUMN) != bool(f.column) and not (f.agg is Agg.RATIO and f.column):
        return [f"{f.agg.value} {'needs a' if f.agg in _NEEDS_COLUMN else 'takes no'} column"]
    if not f.column:
        return []
    kind = source.column(f.column).kind
    if f.agg in DISTINCTS:
        return (
            []
            if kind in {Kind.TOKEN, Kind.CODE}
            else [f"{f.agg.value} needs a token or code, {f.column} is {kind.value}"]
        )
    return [] if kind in _NUMBERS else [f"{f.agg.value} needs a number, {f.column} is {kind.value}"]


def _new_faults(f: Feature, terms: tuple[Term, ...]) -> list[str]:
    windows = [timedelta(milliseconds=t.value) for t in terms if t.op == NEW]
    out = [f"new … {span_text(w)} must be above 24h and at most 30d" for w in windows if not EXACT < w <= LONGEST]
    return out + ([f"`new` on {f.slot} itself"] if any(t.op == NEW and t.column == f.slot for t in terms) else [])


def _shape_faults(f: Feature) -> list[str]:
    out: list[str] = []
    if not SHORTEST <= f.window <= LONGEST:
        out.append("the window must lie between 5m and 30d")
    if f.delay and not f.exact:
        out.append("a delayed window ends within 24h")
    if f.delay and f.agg in {Agg.SEQUENCE, Agg.SINCE}:
        out.append(f"{f.agg.value} takes no delay")
    if (f.agg is Agg.BURST) != bool(f.part) or (f.part and not SHORTEST <= f.part < f.window):
        out.append("a burst, and only a burst, has a part between 5m and its window")
    if f.agg in {Agg.SEQUENCE, Agg.BURST} and not f.exact:
        out.append(f"{f.agg.value} needs a window within 24h")
    if (f.agg is Agg.SEQUENCE) != (2 <= len(f.steps) <= 4):  # noqa: PLR2004 - said in the sentence
        out.append("a sequence, and only a sequence, has two to four steps")
    if f.steps and f.steps[-1].source != f.source:
        out.append("a sequence's source is that of its last step")
    if f.over and f.agg is not Agg.RATIO:
        out.append("only a ratio has `over`")
    if not f.zh or not f.en or f.version < 1:
        out.append("needs a reason in Chinese and English and a version")
    return out
