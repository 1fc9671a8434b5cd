"""A plan as it is driven: every way from stop to stop along the streets, with their names and the turns (巡线)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guangyue.engines.patrol.place import Located
from guangyue.engines.patrol.plan import Plan
from guangyue.engines.roads import metres_between
from guangyue.engines.roads.route import Step, route

__all__ = ["Leg", "legs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """The way of one crew from one stop to the next.

    Attributes:
        crew: index of the crew.
        to: name of the stop it leads to; empty for the way home.
        line: the shape, points × 2 of longitude and latitude.
        minutes: driving time, as the plan reckons it.
        metres: length.
        steps: the instructions; none through the air.
    """

    crew: int
    to: str
    line: npt.NDArray[np.float64]
    minutes: float
    metres: float
    steps: tuple[Step, ...]

    @property
    def streets(self) -> tuple[str, ...]:
        """The named streets in the order of driving, each once in a row."""
        names = [step.name for step in self.steps if step.name]
        return tuple(name for i, name in enumerate(names) if i == 0 or names[i - 1] != name)


def legs(made: Plan, ready: Located) -> tuple[Leg, ...]:
    """All ways of a plan, by crew and time; stays at one place need none."""
    out: list[Leg] = []
    for k, crew in enumerate(ready.crews):
        mine = [s for s in made.stops if s.crew == k]
        if not mine:
            continue
        here = crew.start
        stops = [(s.place, s.name) for s in mine] + [(crew.start if crew.end is None else crew.end, "")]
        for there, name in stops:
            if there != here:
                out.append(_leg(ready, k, name, here, there))
            here = there
    return tuple(out)


def _leg(ready: Located, crew: int, name: str, here: int, there: int) -> Leg:
    if ready.crews[crew].profile:
        line = np.column_stack([ready.longitude[[here, there]], ready.latitude[[here, there]]])
        ms = int(ready.travel[1, here, there])
        metres = float(metres_between(line[:1, 0], line[:1, 1], line[1:, 0], line[1:, 1])[0])
        return Leg(crew=crew, to=name, line=line, minutes=ms / 60_000, metres=metres, steps=())
    way = route(ready.network, ready.places.take([here]), ready.places.take([there]))
    return Leg(crew=crew, to=name, line=way.line, minutes=way.ms / 60_000, metres=way.metres, steps=way.steps)
