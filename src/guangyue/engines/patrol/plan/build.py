"""Crews with shifts, breaks and skills, demand per cell, must-visit places: turned into one routing problem."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.forecast.predict import interval
from guangyue.engines.patrol.routing import Budget, Problem

__all__ = ["Crew", "Demand", "MustVisit", "Rest", "Settings", "Stop", "problem"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
MINUTE = 60_000
"""Milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A break (休息): somewhere between ``opens`` and ``closes`` it begins, and lasts ``minutes``; minutes of the slot."""

    opens: float
    closes: float
    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """A patrol crew; minutes count from the beginning of the slot.

    Attributes:
        name: as the roster has it.
        start: place where it begins and, unless ``end`` says otherwise, ends.
        begins: when it is on the road.
        ends: when it must be back.
        skills: what it can do, such as ``mediation``; visits may ask for some.
        profile: index of its travel matrix: ground crews 0, drones 1.
        end: place where it ends.
        rest: its break, taken wherever the route is at its start place.
        answers: whether it can take a call; a drone sees and does not.
    """

    name: str
    start: int
    begins: float = 0.0
    ends: float = 120.0
    skills: frozenset[str] = frozenset()
    profile: int = 0
    end: int | None = None
    rest: Rest | None = None
    answers: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Cells worth passing, one per place index from 0; c cells.

    Attributes:
        expected: c, expected calls in the slot.
        low: c, lower end of the 90 % interval.
        high: c, upper end.
        block: c, responsibility block of the cell.
        blocks: names of the blocks.
        name: names of the cells for the explanations.
        dispersion: φ of a cell's count, for the intervals of the promise.
    """

    expected: Floats
    low: Floats
    high: Floats
    block: Ints
    blocks: tuple[str, ...]
    name: tuple[str, ...]
    dispersion: float = 0.0

    @classmethod
    def of(
        cls, expected: Floats, dispersion: float, block: Ints, blocks: tuple[str, ...], name: tuple[str, ...]
    ) -> Demand:
        """Demand with the 90 % interval that its dispersion says."""
        low, high = interval(expected, dispersion)
        return cls(
            expected=expected, low=low, high=high, block=block.astype(np.int64), blocks=blocks, name=name,
            dispersion=dispersion,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MustVisit:
    """A place to be seen in any case: a school at its end, a bank, a night market's closing.

    Attributes:
        name: for the explanation.
        place: index into the travel matrix.
        opens: earliest begin, minutes of the slot.
        closes: latest begin.
        minutes: length of the stay.
        every: at least once in so many minutes between ``opens`` and ``closes``; None for once.
        needs: skills.
        calls: expected calls there, beyond those of its cell.
    """

    name: str
    place: int
    opens: float = 0.0
    closes: float = 120.0
    minutes: float = 5.0
    every: float | None = None
    needs: frozenset[str] = frozenset()
    calls: float = 0.0

    def windows(self) -> list[tuple[float, float]]:
        """When visits begin. Windows a third of ``every`` wide begin every two thirds of it.

        So two visits lie never more than ``every`` and never less than a third of it apart, and the last no more than
        ``every`` before ``closes``.
        """
        if self.every is None:
            return [(self.opens, self.closes)]
        out, at = [(self.opens, min(self.opens + self.every / 3, self.closes))], self.opens
        while self.closes - at > self.every:
            at += self.every * 2 / 3
            out.append((at, min(at + self.every / 3, self.closes)))
        return out


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The wishes a city states once.

    Attributes:
        stay: minutes at each cell.
        floor: share of each block's expected calls that must be passed before the rest counts fully.
        outposts: number of standing posts.
        reach: minutes within which a post or crew counts as near.
        busy: share of the time a crew or post is engaged.
        budget: how long to search.
    """

    stay: float = 5.0
    floor: float = 0.3
    outposts: int = 9
    reach: float = 5.0
    busy: float = 0.3
    budget: Budget = field(default_factory=Budget)


@dataclass(frozen=True, slots=True)
class Stop:
    """What a visit of the routing problem stands for: a cell, a must-visit place (and which of its visits), a break."""

    kind: Literal["cell", "must", "rest"]
    index: int
    number: int = 1


def problem(
    travel: npt.NDArray[np.int32],
    demand: Demand,
    crews: tuple[Crew, ...],
    must: tuple[MustVisit, ...],
    settings: Settings,
) -> tuple[Problem, tuple[Stop, ...]]:
    """The routing problem and what each of its visits stands for.

    Args:
        travel: profiles × places × places, milliseconds; places begin with the demand's cells.
        demand: expected calls per cell.
        crews: who patrols.
        must: places to be seen in any case.
        settings: stay, floor.

    Raises:
        PatrolError: for a crew or place that cannot be.
    """
    cells = len(demand.expected)
    if not crews:
        raise PatrolError("patrol.plan.crews", "There is no crew to plan for.")
    if travel.ndim != 3 or travel.shape[1] < cells:  # noqa: PLR2004 - profiles, from, to
        sentence = f"The travel times cover {travel.shape[-1]} places, the demand {cells} cells."
        raise PatrolError("patrol.plan.travel", sentence)
    stops: list[Stop] = []
    rows: list[tuple[int, float, float, float, float, bool, int, frozenset[str]]] = []
    latest = max(c.ends for c in crews)
    for i in np.flatnonzero(demand.expected > 0):
        stops.append(Stop("cell", int(i)))
        rows.append((int(i), settings.stay, 0.0, latest, demand.expected[i], False, int(demand.block[i]), frozenset()))
    for j, place in enumerate(must):
        if place.closes < place.opens or place.minutes < 0 or (place.every is not None and place.every <= 0):
            sentence = f"The times of {place.name} are not possible: {place.opens:g} to {place.closes:g} minutes."
            raise PatrolError("patrol.plan.must", sentence, name=place.name)
        block = int(demand.block[place.place]) if place.place < cells else -1
        for number, (opens, closes) in enumerate(place.windows(), 1):
            stops.append(Stop("must", j, number))
            rows.append((place.place, place.minutes, opens, closes, place.calls, True, block, place.needs))
    shifts = len(rows)
    for k, crew in enumerate(crews):
        if crew.rest is not None:
            stops.append(Stop("rest", k))
            rows.append((crew.start, crew.rest.minutes, crew.rest.opens, crew.rest.closes, 0.0, True, -1, frozenset()))
    allowed = np.ones((len(crews), len(rows)), np.bool_)
    for k, crew in enumerate(crews):
        for v, row in enumerate(rows):
            allowed[k, v] = stops[v].index == k if v >= shifts else row[7] <= crew.skills

    def column(i: int) -> Floats:
        return np.array([row[i] for row in rows], np.float64)

    def whole(values: Floats) -> Ints:
        return np.asarray(np.rint(values * MINUTE), dtype=np.int64)

    total = np.bincount(demand.block, weights=demand.expected, minlength=len(demand.blocks))
    built = Problem(
        travel=np.ascontiguousarray(travel, np.int32), place=column(0).astype(np.int64), service=whole(column(1)),
        opens=whole(column(2)), closes=whole(column(3)), prize=column(4), required=column(5).astype(np.bool_),
        block=column(6).astype(np.int64), floor=np.asarray(settings.floor * total, np.float64), allowed=allowed,
        profile=np.array([c.profile for c in crews]), start=np.array([c.start for c in crews]),
        end=np.array([c.start if c.end is None else c.end for c in crews]),
        begins=whole(np.array([c.begins for c in crews])), ends=whole(np.array([c.ends for c in crews])),
    )  # fmt: skip
    return built, tuple(stops)
