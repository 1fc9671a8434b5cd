"""One pass of a run through the engine: a sampled training table first, then scored candidates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from guangyue.engines.fraud.catalogue import CATALOGUE
from guangyue.engines.fraud.engine import Engine
from guangyue.engines.fraud.engine import Settings as EngineSettings
from guangyue.engines.fraud.model.train import Table
from guangyue.engines.fraud.rules.hook import persons
from guangyue.engines.fraud.sources import SOURCES
from guangyue.engines.fraud.stream.plan import build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from guangyue.engines.fraud.batch import Batch
    from guangyue.engines.fraud.model.scam import ScamModel
    from guangyue.engines.fraud.rules.match import RuleSet
    from guangyue.engines.fraud.simulate import Case, Day

__all__ = ["DAY_MS", "Candidates", "Collected", "Run", "collect", "person_rows", "table_of"]

DAY_MS = 86_400_000
_CHUNK = 20_000
_FLOOR = 0.985
_KEEP_QUIET = 0.03
_KEEP_RULED = 0.3
_AFTER = 3 * DAY_MS
_ATTEMPT = 7 * DAY_MS


class Run(Protocol):
    """What is evaluated: a simulated world, or a folder of records with the truth about reported cases."""

    @property
    def person(self) -> NDArray[np.int64]:
        """The residents' tokens."""

    @property
    def town(self) -> NDArray[np.int64]:
        """The residents' towns."""

    @property
    def length(self) -> int:
        """How many days there are."""

    cases: list[Case]
    epoch: int
    digest: str

    def days(self) -> Iterator[Day]:
        """Every day in turn."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Events worth an alert by any of the scores; all other events lie below them.

    Attributes:
        person: int64[m], row of the resident. time: int64[m], UTC ms of the event. known: int64[m], when the engine
            hears of it. source: int64[m]. rule: int64[m], the strongest rule, -1 for none. strength: float64[m], of the
            rules. model: float64[m, kinds], log-odds of the model that has seen neither the person's town nor a group
            of kinds of scams.
    """

    person: NDArray[np.int64]
    time: NDArray[np.int64]
    known: NDArray[np.int64]
    source: NDArray[np.int64]
    rule: NDArray[np.int64]
    strength: NDArray[np.float64]
    model: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Collected:
    """A training table with what is needed to hold parts of it out.

    Attributes:
        rules: weighed by how seldom each held on the training days.
        table: rows with labels; a row's group is its resident.
        town: int64[n].
        kind: int64[n], the kind of scam of a fraud row as a position in ``kinds``, else -1.
    """

    rules: RuleSet
    table: Table
    town: NDArray[np.int64]
    kind: NDArray[np.int64]


def person_rows(run: Run) -> Callable[[NDArray[np.int64]], NDArray[np.int64]]:
    """A look-up from tokens to rows of the run's residents, -1 for anybody else."""
    order = np.argsort(run.person)
    ordered = run.person[order]

    def rows(tokens: NDArray[np.int64]) -> NDArray[np.int64]:
        at = np.minimum(np.searchsorted(ordered, tokens), len(ordered) - 1)
        return np.where(ordered[at] == tokens, order[at], -1)

    return rows


class _Truth:
    """For each resident: when somebody had them in hand, by which kind, and when nothing can be said."""

    def __init__(self, run: Run, kinds: Sequence[str]) -> None:
        n = len(run.person)
        rows = person_rows(run)
        self.begin, self.end = np.full(n, np.iinfo(np.int64).max), np.full(n, -1, np.int64)
        self.blur_begin, self.blur_end = self.begin.copy(), self.end.copy()
        self.kind = np.full(n, -1, np.int64)
        for case in (c for c in run.cases if c.scam):
            who = int(rows(np.array([case.person]))[0])
            if who < 0:
                continue
            if case.complete:
                self.begin[who], self.end[who] = case.contact_at, case.leaves_at
                self.blur_begin[who], self.blur_end[who] = case.contact_at, case.leaves_at + _AFTER
                self.kind[who] = kinds.index(case.script)
            else:
                self.blur_begin[who], self.blur_end[who] = case.contact_at, case.contact_at + _ATTEMPT


def collect(
    run: Run, rules: RuleSet, kinds: Sequence[str], *, train_from: int, train_to: int, to: int,
    models: Callable[[Collected], Sequence[Sequence[ScamModel]]], seed: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Collected, Candidates, list[int]]:  # fmt: skip
    """Runs the days ``0 … to-1``: samples rows on ``train_from … train_to-1``, then scores every later event.

    Args:
        run: the records.
        rules: asked at every event.
        kinds: the kinds of scams, in the order of the labels.
        train_from: first day whose events may be learned from; before it windows fill up.
        train_to: first day that is scored.
        to: the day after the last.
        progress: told what is going on.
        models: given the table, the models by town group and kind group; ``models[i][j]`` scores residents of town
            group ``i`` without having seen kinds of group ``j``.
        seed: of the sample.

    Returns:
        The training table, the candidates of the scored days, and the number of events of each scored day.
    """
    learner = _Learner(run, rules, kinds, train_to - train_from, seed)
    kept: list[tuple[NDArray[Any], ...]] = []
    counts = [0] * (to - train_to)
    grid: Sequence[Sequence[ScamModel]] = ()
    collected: Collected | None = None
    floor = -np.inf
    for seen in _chunks(run, rules, train_from, to, lambda done: progress(f"day {done}/{to}")):
        if seen.day.number < train_to:
            learner.add(seen)
            continue
        if collected is None:
            collected = learner.done()
            rules, grid = collected.rules, models(collected)
        counts[seen.day.number - train_to] += len(seen.batch)
        mine = np.flatnonzero(seen.who >= 0)
        vectors, matched, who = seen.vectors[mine], seen.matched[mine], seen.who[mine]
        score = _grid_scores(grid, run.town[who], vectors)
        strength = rules.strength(matched)
        best = score.max(axis=1)
        if floor == -np.inf:
            floor = float(np.quantile(best, _FLOOR))
        keep = (strength > 0) | (best >= floor)
        first = np.where(matched.any(axis=1), np.argmax(matched * rules.weights, axis=1), -1)
        time, source = seen.batch.time[mine[keep]], seen.batch.source[mine[keep]]
        kept.append((who[keep], time, time + seen.lag[mine[keep]], source, first[keep], strength[keep], score[keep]))
    if collected is None:
        raise ValueError("the run ends before its first scored day")
    return collected, Candidates(*(np.concatenate(column) for column in zip(*kept, strict=True))), counts


def table_of(
    run: Run, rules: RuleSet, kinds: Sequence[str], from_day: int, to_day: int, *, seed: int = 0,
    progress: Callable[[int], None] = lambda _: None,
) -> Collected:  # fmt: skip
    """The training table of the days ``from_day … to_day-1``; ``progress`` is told how many days are done."""
    learner = _Learner(run, rules, kinds, to_day - from_day, seed)
    for seen in _chunks(run, rules, from_day, to_day, progress):
        learner.add(seen)
    return learner.done()


def _grid_scores(
    grid: Sequence[Sequence[ScamModel]], town: NDArray[np.int64], vectors: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The log-odds of each event by the models that have not seen its town, shape ``(n, kind groups)``."""
    score = np.empty((len(vectors), len(grid[0])))
    for i, line in enumerate(grid):
        at = np.flatnonzero(town % len(grid) == i)
        part = vectors[at]
        for j, model in enumerate(line):
            score[at, j] = model.log_odds(part)
    return score


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """Some events with their vectors, the residents they concern (-1: nobody of the run) and the rules that hold."""

    day: Day
    batch: Batch
    lag: NDArray[np.int64]
    vectors: NDArray[np.float64]
    who: NDArray[np.int64]
    matched: NDArray[np.bool_]


def _chunks(run: Run, rules: RuleSet, from_day: int, to_day: int, progress: Callable[[int], None]) -> Iterator[_Seen]:
    """The events of a run through a fresh engine; those before ``from_day`` only fill its windows."""
    engine = Engine(build(CATALOGUE, SOURCES), EngineSettings(once=False, special=True))
    rows_of = person_rows(run)
    for day in run.days():
        if day.number >= to_day:
            break
        for start in range(0, len(day.batch), _CHUNK):
            part = slice(start, start + _CHUNK)
            batch = day.batch.take(part)
            vectors = engine.process(batch).values
            if day.number >= from_day:
                matched = rules.match(batch.source, vectors)
                yield _Seen(day, batch, day.lag[part], vectors, rows_of(persons(batch)), matched)
        progress(day.number + 1)


class _Learner:
    """Gathers from training days what a model and the rules' weights are learned from."""

    def __init__(self, run: Run, rules: RuleSet, kinds: Sequence[str], days: int, seed: int) -> None:
        self.run, self.rules, self.days = run, rules, days
        self._truth = _Truth(run, kinds)
        self._sample, self._alarms = _Sample(), _Alarms(len(run.person), len(rules.rules))
        self._rng = np.random.default_rng((seed, 6))

    def add(self, seen: _Seen) -> None:
        self._alarms.add(seen.day.number, seen.who, seen.matched)
        ruled = np.asarray(seen.matched.any(axis=1))
        self._sample.add(self._rng, self._truth, seen.batch.time, seen.who, seen.vectors, ruled)

    def done(self) -> Collected:
        rules = self.rules.weighed(self._alarms.count, len(self.run.person) * self.days)
        return self._sample.done(self.run, rules)


class _Alarms:
    """On how many person-days each rule held."""

    def __init__(self, residents: int, rules: int) -> None:
        self.count = np.zeros(rules, np.int64)
        self._last = np.full((residents, rules), -1, np.int32)

    def add(self, day: int, who: NDArray[np.int64], matched: NDArray[np.bool_]) -> None:
        at, rule = np.nonzero(matched & (who >= 0)[:, None])
        fresh = np.unique(who[at] * matched.shape[1] + rule)
        person, rule = np.divmod(fresh, matched.shape[1])
        new = self._last[person, rule] != day
        self._last[person[new], rule[new]] = day
        self.count += np.bincount(rule[new], minlength=matched.shape[1])


class _Sample:
    """Rows for training: every row of somebody in hand, some of the rest, more of it where a rule holds."""

    def __init__(self) -> None:
        self._parts: list[tuple[NDArray[Any], ...]] = []

    def add(
        self, rng: np.random.Generator, truth: _Truth, time: NDArray[np.int64], who: NDArray[np.int64],
        vectors: NDArray[np.float64], ruled: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        known = who >= 0
        at = np.maximum(who, 0)
        label = known & (time >= truth.begin[at]) & (time <= truth.end[at])
        blurred = known & ~label & (time >= truth.blur_begin[at]) & (time <= truth.blur_end[at])
        share = np.where(ruled, _KEEP_RULED, _KEEP_QUIET)
        keep = known & ~blurred & (label | (rng.random(len(time)) < share))
        self._parts.append((
            vectors[keep], label[keep], np.where(label, 1.0, 1.0 / share)[keep], who[keep], time[keep],
            np.where(label, truth.kind[at], -1)[keep],
        ))  # fmt: skip

    def done(self, run: Run, rules: RuleSet) -> Collected:
        rows, label, weight, who, time, kind = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        table = Table(rows, label.astype(np.bool_), weight, who.astype(np.int64), time.astype(np.int64))
        self._parts.clear()
        return Collected(rules, table, run.town[table.group], kind.astype(np.int64))
