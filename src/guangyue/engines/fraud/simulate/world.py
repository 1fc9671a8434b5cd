"""The whole run: a population, its days, the stories in them, and the truth about each story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.batch import Batch
from guangyue.engines.fraud.simulate.everyday import DAY_MS, everyday
from guangyue.engines.fraud.simulate.play import Gang, play
from guangyue.engines.fraud.simulate.population import JOBS, Population
from guangyue.engines.fraud.simulate.script import Script, digest, load
from guangyue.engines.fraud.simulate.tokens import mix
from guangyue.engines.fraud.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from guangyue.engines.fraud.simulate.play import Played, Record

__all__ = ["LAGS", "WIDTH", "Case", "Day", "Settings", "World"]

WIDTH = max(len(s.columns) for s in SOURCES)
LAGS: dict[str, float] = {s.code: s.lateness.total_seconds() / 12 for s in SOURCES}
"""Mean seconds from the owner knowing of an event to the engine hearing of it; counted against the lead time."""

_OFFSET_BITS = 26
_NUMBER = {s.code: i for i, s in enumerate(SOURCES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is simulated.

    Attributes:
        seed: everything follows from it. residents, towns: the city. days: how long.
        cases: scams begun a month and 1,000 residents. quiet_days: no scam begins before (windows fill up first).
        gang_size: scams of one kind that one gang runs in a month, on average.
        start: the first midnight, aware.
    """

    seed: int = 1
    residents: int = 2_000
    towns: int = 20
    days: int = 60
    cases: float = 7.0
    quiet_days: int = 10
    gang_size: int = 5
    start: datetime = datetime(2025, 12, 31, 16, tzinfo=UTC)

    def __post_init__(self) -> None:
        """Refuses what cannot be simulated."""
        if self.start.tzinfo is None:
            raise ValueError("start needs a time zone")
        if self.days <= self.quiet_days or self.cases < 0 or self.gang_size < 1:
            raise ValueError("needs more days than quiet days, cases of 0 or more, gangs of 1 or more")


@dataclass(frozen=True, slots=True)
class Case:
    """The truth about one story; times are UTC ms, -1 where it did not come to that.

    Attributes:
        number: 1, 2, … over scams and innocent stories. script: its code. scam: whether it is one.
        resident, person, town: whom it met. contact_at: first record. hooked_at: the victim believes.
        first_loss_at, leaves_at: the first fen, the main money would leave. loss: fen in all. gang: which one, or -1.
        moved: (time, fen) of each amount.
    """

    number: int
    script: str
    scam: bool
    resident: int
    person: int
    town: int
    contact_at: int
    hooked_at: int
    first_loss_at: int
    leaves_at: int
    loss: int
    gang: int
    moved: tuple[tuple[int, int], ...]

    @property
    def complete(self) -> bool:
        """Whether it is a scam in which the money would really leave."""
        return self.scam and self.leaves_at >= 0


@dataclass(frozen=True, slots=True)
class Day:
    """One day's records in the engine's total order.

    Attributes:
        number: 0, 1, …. batch: the records. case: the story a record of its resident belongs to; negative on the
        gang's side; 0 for everyday life. lag: ms until the engine hears of each.
    """

    number: int
    batch: Batch
    case: NDArray[np.int64]
    lag: NDArray[np.int64]


class World:
    """A simulated run. Days are made one at a time, so memory holds one day, not the run."""

    def __init__(
        self, settings: Settings, scripts: tuple[Script, ...] | None = None, people: Population | None = None
    ) -> None:
        self.settings = settings
        self.scripts = scripts if scripts is not None else load()
        self.people = people or Population.invent(settings.seed, settings.residents, settings.towns)
        self.epoch = round(settings.start.timestamp() * 1000)
        self.digest = digest(self.scripts)
        self.cases: list[Case] = []
        self._planned: dict[int, list[tuple[int, Record]]] = {}
        self._plan()

    def _plan(self) -> None:
        s, people = self.settings, self.people
        rng = np.random.default_rng((s.seed, 4))
        scams = [x for x in self.scripts if x.scam]
        weights = np.array([x.weight for x in scams])
        active = s.days - s.quiet_days
        met = np.zeros(len(people), bool)
        shares = weights / weights.sum()
        a_month = s.cases * len(people) / 1000
        for which in rng.choice(len(scams), rng.poisson(a_month * active / 30), p=shares):
            script = scams[which]
            who = self._whom(script, rng, met)
            if who < 0:
                continue
            met[who] = True
            gangs = max(1, round(a_month * float(shares[which]) / s.gang_size))
            crew = int(which) * 1_000 + int(rng.integers(0, gangs))
            self._tell(script, who, s.quiet_days + rng.random() * active, Gang(people.seed, crew), rng)
        for script in (x for x in self.scripts if not x.scam):
            for _ in range(rng.poisson(script.weight * len(people) / 1000 * s.days)):
                who = self._whom(script, rng, None)
                if who >= 0:
                    self._tell(script, who, rng.random() * s.days, None, rng)

    def _whom(self, script: Script, rng: np.random.Generator, met: NDArray[np.bool_] | None) -> int:
        """A resident for a script, or -1 when none fits in fifty tries."""
        ceiling = max(w for _, _, w in script.ages)
        for who in rng.integers(0, len(self.people), 50):
            age, job = int(self.people.age[who]), JOBS[int(self.people.job[who])]
            weight = next((w for a, b, w in script.ages if a <= age <= b), 0.0)
            if (
                (met is None or not met[who])
                and (not script.jobs or job in script.jobs)
                and rng.random() * ceiling < weight
            ):
                return int(who)
        return -1

    def _tell(self, script: Script, who: int, day: float, gang: Gang | None, rng: np.random.Generator) -> None:
        hour = rng.uniform(*script.hours)
        told = play(script, self.people, who, int(day) * DAY_MS + round(hour * 3_600_000), gang, rng)
        number = len(self.cases) + 1
        self.cases.append(self._case(number, script, who, gang, told))
        for record in told.records:
            mark = number if record.victim else -number
            self._planned.setdefault(record.time // DAY_MS, []).append((mark, record))

    def _case(self, number: int, script: Script, who: int, gang: Gang | None, told: Played) -> Case:
        def at(time: int) -> int:
            return time + self.epoch if time >= 0 else -1

        return Case(
            number, script.code, script.scam, who, int(self.people.person[who]), int(self.people.town[who]),
            at(told.contact_at), at(told.hooked_at), at(told.first_loss_at), at(told.leaves_at), told.loss,
            gang.number if gang else -1, tuple((at(t), m) for t, m in told.moved),
        )  # fmt: skip

    @property
    def person(self) -> NDArray[np.int64]:
        """The residents' tokens."""
        return self.people.person

    @property
    def town(self) -> NDArray[np.int64]:
        """The residents' towns."""
        return self.people.town

    @property
    def length(self) -> int:
        """How many days the run has."""
        return self.settings.days

    def days(self) -> Iterator[Day]:
        """Every day in turn."""
        for number in range(self.settings.days):
            yield self.day(number)

    def day(self, number: int) -> Day:
        """One day; the same whether or not others were made before."""
        parts, marks = [], []
        for code, columns in everyday(self.people, self.settings.seed, number).items():
            n = len(columns["time"])
            parts.append(
                Batch.of(SOURCES[_NUMBER[code]], _NUMBER[code], columns | {"offset": np.zeros(n, np.int64)}, WIDTH)
            )
            marks.append(np.zeros(n, np.int64))
        planned = self._planned.get(number, [])
        if planned:
            parts.append(self._story_batch(planned))
            marks.append(np.array([m for m, _ in planned], np.int64))
        source = np.concatenate([p.source for p in parts])
        time = np.concatenate([p.time for p in parts]) + self.epoch
        values = np.concatenate([p.values for p in parts])
        order = np.lexsort((source, time))
        source, time, values = source[order], time[order], values[order]
        offset = _offsets(source, number)
        batch = Batch(source, time, offset, values)
        return Day(number, batch, np.concatenate(marks)[order], self._lag(source, offset))

    def _story_batch(self, planned: list[tuple[int, Record]]) -> Batch:
        n = len(planned)
        source, time = np.empty(n, np.int64), np.empty(n, np.int64)
        values = np.zeros((n, WIDTH), np.int64)
        for row, (_, record) in enumerate(planned):
            source[row], time[row] = _NUMBER[record.source], record.time
            for k, name in enumerate(SOURCES[source[row]].names):
                values[row, k] = record.values.get(name, 0)
        return Batch(source, time, np.zeros(n, np.int64), values)

    def _lag(self, source: NDArray[np.int64], offset: NDArray[np.int64]) -> NDArray[np.int64]:
        mean = np.array([LAGS[s.code] for s in SOURCES])[source] * 1000
        chance = (mix(offset * len(SOURCES) + source).astype(np.float64) + 1.0) / 2.0**64
        most = np.array([s.lateness.total_seconds() for s in SOURCES])[source] * 1000
        lag: NDArray[np.int64] = np.minimum(-np.log(np.minimum(chance, 1.0)) * mean, most).astype(np.int64)
        return lag


def _offsets(source: NDArray[np.int64], day: int) -> NDArray[np.int64]:
    """Places in the log of each source, in the order of time."""
    offset = np.zeros(len(source), np.int64)
    for number in range(len(SOURCES)):
        rows = np.flatnonzero(source == number)
        offset[rows] = (day << _OFFSET_BITS) + np.arange(len(rows))
    return offset
