"""A street day as chance has it: when cars are left, where, whose, and what becomes of them. Pure; no clock, no network."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guangyue.demo.city.model import City, Resident, Spot

__all__ = ["DAILY", "HOURS", "Parked", "Street", "Weather"]

DAILY = 885.0
"""Reminders a day, as the joint programme of 2022 published them."""
HOURS = (
    0.2, 0.1, 0.1, 0.1, 0.1, 0.3, 1.0, 3.2, 4.0, 3.1, 2.6, 2.4, 1.9, 2.0, 2.5, 2.7, 3.0, 3.6, 3.4, 3.0, 2.7, 2.0, 1.0, 0.5,
)  # fmt: skip
"""Weight of each hour of the day."""
PENALTIES = 0.2488
"""Their share of penalties: who neither leaves in time nor is let off."""


@dataclass(frozen=True, slots=True)
class Weather:
    """What the sky does to parking: rain brings cars to the door and keeps people inside.

    Attributes:
        more: times the usual number of violations.
        slower: times the usual minutes until an owner comes down.
    """

    name: str
    more: float
    slower: float


CLEAR, RAIN, SNOW = Weather("clear", 1.0, 1.0), Weather("rain", 1.25, 1.35), Weather("snow", 0.7, 1.6)


@dataclass(frozen=True, slots=True)
class Parked:
    """A car that an officer finds.

    Attributes:
        leaves_after: minutes from the reminder until it drives away; none when it stays.
        looks_again_after: minutes from the reminder until an officer is back.
        sound: whether the photographs will satisfy the reviewer.
    """

    owner: Resident
    spot: Spot
    where: tuple[float, float]
    at: datetime
    leaves_after: float | None
    looks_again_after: float
    sound: bool


class Street:
    """The stream of violations.

    Args:
        city: the demo city.
        seed: the same seed gives the same day.
        pace: times the usual traffic.
    """

    def __init__(self, city: City, seed: int, *, pace: float = 1.0) -> None:
        self._city = city
        self._chance = random.Random(f"{seed}/street")  # noqa: S311 - reproducible invention, not secrets
        self._pace = pace
        self._by_spot: dict[int, list[Resident]] = {}
        for driver in city.drivers:
            for spot in driver.habits.spots:
                self._by_spot.setdefault(spot, []).append(driver)

    def weather(self, day: datetime) -> Weather:
        """The weather of a day: three days in ten are wet, one winter day in ten is white."""
        drawn = random.Random(f"{day:%Y%m%d}/sky").random()  # noqa: S311 - reproducible invention
        if day.month in {12, 1, 2} and drawn < 0.1:  # noqa: PLR2004 - one in ten
            return SNOW
        return RAIN if drawn < 0.3 else CLEAR  # noqa: PLR2004 - three in ten

    def rate(self, at: datetime) -> float:
        """Violations an hour at a moment."""
        return DAILY * HOURS[at.hour] / sum(HOURS) * self._pace * self.weather(at).more

    def after(self, now: datetime) -> Parked:
        """The next car that is found after a moment (a Poisson process whose rate follows the hours, by thinning)."""
        most = DAILY * max(HOURS) / sum(HOURS) * self._pace * RAIN.more
        at = now
        while True:
            at += timedelta(hours=self._chance.expovariate(most))
            if self._chance.random() < self.rate(at) / most:
                return self.parked(at)

    def parked(self, at: datetime) -> Parked:
        """A car that is found at a moment, whose and where chance says: some places again and again."""
        spots = self._city.spots
        weights = list(accumulate(s.weight * (2.5 if at.hour in s.peaks else 1.0) for s in spots))
        place = self._chance.choices(range(len(spots)), cum_weights=weights)[0]
        owner = self._chance.choice(self._by_spot.get(place) or self._city.drivers)
        slower = self.weather(at).slower
        leaves = self._chance.random() < owner.habits.leaves
        wait = self._chance.triangular(0.8, 9.8, owner.habits.minutes)
        spot = spots[place]
        where = tuple(round(c + self._chance.uniform(-0.0003, 0.0003), 6) for c in spot.position)
        return Parked(
            owner=owner, spot=spot, where=(where[0], where[1]), at=at,
            leaves_after=min(9.9, wait * slower) if leaves else None,
            looks_again_after=self._chance.uniform(10.2, 14.0), sound=self._chance.random() < 0.97,  # noqa: PLR2004 - few are blurred
        )  # fmt: skip
