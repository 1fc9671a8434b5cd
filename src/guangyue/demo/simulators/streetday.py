"""A whole street day planned beforehand: how many, what, where, when and how each ends. Pure and seeded.

The joint programme of 2022 published 113,278 reminders and 28,187 penalties in 128 days: 885 and 220 a day. A clear day
has exactly so many; rain and snow change how many there are, not which share of them is punished.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from guangyue.demo.simulators.day import DAILY, HOURS, PENALTIES, Street
from guangyue.law import CITY

if TYPE_CHECKING:
    from guangyue.demo.city.model import City
    from guangyue.demo.simulators.day import Parked, Weather

__all__ = ["MIX", "OFFENCES", "Case", "Day", "Kind", "other_case", "street_day"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A line of work of the day.

    Attributes:
        procedure: its code. offence: in the catalogue's words. place_type: where, in the law's words.
        officers: who finds it: ``urban`` or ``traffic``. fine: in fen, where the day may end in one.
        hours: when it is seen, first and last.
    """

    procedure: str
    offence: str
    place_type: str
    officers: str
    fine: int = 0
    hours: tuple[int, int] = (7, 21)


OFFENCES: dict[str, Kind] = {
    "parking": Kind("streets.parking", "parking", "", "both", 150_00, (0, 23)),
    "stall": Kind("streets.stall", "trade.road", "pavement", "urban", hours=(6, 22)),
    "shopfront": Kind("streets.shopfront", "trade.outside", "shopfront", "urban"),
    "small_ads": Kind("streets.small_ads", "small_ads", "street_furniture", "urban"),
    "traffic": Kind("streets.traffic", "traffic.rules", "road", "traffic", 100_00),
    "low_speed": Kind("streets.low_speed", "traffic.low_speed", "road", "traffic", 100_00),
    "bay": Kind("streets.bay", "bay.occupied", "public_lot", "traffic"),
}
MIX: dict[str, float] = {
    "parking": 0.82, "stall": 0.05, "shopfront": 0.04, "small_ads": 0.03, "traffic": 0.03, "low_speed": 0.02, "bay": 0.01,
}  # fmt: skip
"""Shares of the day; parking leads everything else by far. Our own guess where nothing was published."""
PUNISHED = 0.5
"""Of those kinds besides parking that the street can fine at once, the share that is."""


@dataclass(frozen=True, slots=True)
class Case:
    """One matter of the day.

    Attributes:
        number: in the order of the day. kind: a key of :data:`OFFENCES`. parked: the place, the person and the car.
        ends: how: ``left``, ``penalty``, ``unsound``, ``minor`` for parking; ``corrected``, ``warned`` or ``penalty`` else.
    """

    number: int
    at: datetime
    kind: str
    parked: Parked
    ends: str

    @property
    def offence(self) -> Kind:
        """What it is."""
        return OFFENCES[self.kind]


@dataclass(frozen=True, slots=True)
class Day:
    """The plan."""

    day: date
    weather: Weather
    cases: tuple[Case, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many of each kind, and how many end in which way."""
        return Counter([c.kind for c in self.cases] + [f"ends:{c.ends}" for c in self.cases])


def street_day(city: City, day: date, seed: int, *, matters: int | None = None, penalties: int | None = None) -> Day:
    """A day.

    Args:
        city: whose people and places.
        day: which; the weather is drawn from it.
        seed: the same seed plans the same day.
        matters: so many; else 885 as the weather has it.
        penalties: so many of them; else the published share.
    """
    chance = random.Random(f"{seed}/{day.isoformat()}/streetday")  # noqa: S311 - reproducible invention, not secrets
    street = Street(city, seed)
    midnight = datetime(day.year, day.month, day.day, tzinfo=CITY)
    weather = street.weather(midnight)
    whole = matters if matters is not None else round(DAILY * weather.more)
    fined = penalties if penalties is not None else round(whole * PENALTIES)
    if not 0 <= fined <= whole:
        raise ValueError(f"{fined} penalties of {whole} matters")
    kinds = _dealt(whole)
    chance.shuffle(kinds)
    cases = sorted((_moment(chance, midnight, kind), n, kind) for n, kind in enumerate(kinds))
    ends = _ends([kind for _, _, kind in cases], fined, chance)
    return Day(
        day, weather,
        tuple(
            Case(n, at, kind, street.parked(at), end)
            for n, ((at, _, kind), end) in enumerate(zip(cases, ends, strict=True), 1)
        ),
    )  # fmt: skip


def other_case(number: int, parked: Parked, chance: random.Random) -> Case:
    """What an officer meets where no car is in the way, for simulators that go on and on: one of the other kinds."""
    kinds = [k for k in MIX if k != "parking" and OFFENCES[k].hours[0] <= parked.at.hour <= OFFENCES[k].hours[1]]
    kind = chance.choices(kinds, [MIX[k] for k in kinds])[0] if kinds else "traffic"
    drawn = chance.random()
    fined = OFFENCES[kind].fine and drawn < PUNISHED
    ends = "penalty" if fined else "corrected" if drawn > 0.6 else "warned"  # noqa: PLR2004 - a little less than half
    return Case(number, parked.at, kind, parked, ends)


def _dealt(whole: int) -> list[str]:
    """Kinds by their shares, the largest remainders rounded up, so that they add up."""
    shares = {kind: whole * share for kind, share in MIX.items()}
    dealt = {kind: int(n) for kind, n in shares.items()}
    missing = whole - sum(dealt.values())
    for kind in sorted(shares, key=lambda k: dealt[k] - shares[k])[:missing]:
        dealt[kind] += 1
    return [kind for kind, n in dealt.items() for _ in range(n)]


def _moment(chance: random.Random, midnight: datetime, kind: str) -> datetime:
    """When: by the hours of the day, as far as the kind is seen then."""
    first, last = OFFENCES[kind].hours
    hour = chance.choices(range(first, last + 1), HOURS[first : last + 1])[0]
    return midnight + timedelta(hours=hour, seconds=chance.randrange(3600))


def _ends(kinds: list[str], fined: int, chance: random.Random) -> list[str]:
    """How each ends, so many in a penalty: half of what can be fined at once, the rest cars that stay."""
    ends = ["corrected" if chance.random() < 0.55 else "warned" for _ in kinds]  # noqa: PLR2004 - a little more than half
    at_once = [n for n, kind in enumerate(kinds) if OFFENCES[kind].fine and kind != "parking"]
    cars = [n for n, kind in enumerate(kinds) if kind == "parking"]
    chance.shuffle(at_once)
    chance.shuffle(cars)
    few = min(len(at_once), max(round(len(at_once) * PUNISHED), fined - len(cars)), fined)
    if fined - few > len(cars):
        raise ValueError(f"{fined} penalties, and the street can give {few + len(cars)}")
    stay, away = cars[: fined - few], cars[fined - few :]
    for n in (*at_once[:few], *stay):
        ends[n] = "penalty"
    for n in away:
        drawn = chance.random()
        ends[n] = "unsound" if drawn < 0.03 else "minor" if drawn < 0.06 else "left"  # noqa: PLR2004 - few are blurred, few are minor
    return ends
