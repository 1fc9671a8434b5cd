"""The residents: homes, telephones, cars, habits."""

from __future__ import annotations

import random
from itertools import accumulate
from typing import TYPE_CHECKING

from guangyue.demo.city.model import Car, Habits, Resident, Spot
from guangyue.demo.city.words import COLOURS, GIVEN, SURNAMES, VEHICLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from guangyue.demo.city.model import County, Street

__all__ = ["FORMER", "residents", "spots"]

PHONES = "+86172000"
"""172 is a segment for cards in machines, so that none of these is a person's."""
FORMER = "鲁T"
"""A series that is not issued."""
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_SHORT = 0.002
"""Degrees: two hundred metres."""
_GREEN = 0.14
_BATTERY = 0.7
_DRIVES = 0.48

# fmt: off
_KINDS: dict[str, tuple[str, str, tuple[int, ...], float, str]] = {
    "school": ("小学东门", "primary school", (7, 11, 16), 1.3, "road"),
    "market": ("农贸市场", "produce market", (8, 9, 17), 1.2, "road"),
    "hospital": ("医院门诊", "hospital", (8, 9, 14), 1.5, "road"),
    "office": ("写字楼", "office building", (9, 13, 14), 0.8, "road"),
    "night-market": ("夜市", "night market", (19, 20, 21), 1.6, "road"),
    "station": ("客运站", "coach station", (7, 12, 18), 1.0, "public_lot"),
    "home": ("小区门口", "housing estate", (18, 19, 22), 0.7, "road"),
}
# fmt: on
"""Kind → name, English name, peak hours, weight, kind of place."""


def spots(chance: random.Random, streets: Sequence[Street]) -> tuple[Spot, ...]:
    """Forty places in the city proper where cars are left again and again; a few take most of them."""
    inner = [
        s
        for s in streets
        if s.highway in {"primary", "secondary", "tertiary", "residential"} and s.line.length > _SHORT
    ]
    near = [s for s in inner if abs(s.line.centroid.x - 115.98) < 0.06 and abs(s.line.centroid.y - 36.456) < 0.05]  # noqa: PLR2004 - the city proper
    chosen = chance.sample(near, 40)
    made = []
    for rank, street in enumerate(chosen):
        kind = list(_KINDS)[rank % len(_KINDS)]
        zh, en, peaks, weight, place_type = _KINDS[kind]
        at = street.line.interpolate(chance.uniform(0.25, 0.75), normalized=True)
        where = (round(at.x, 6), round(at.y, 6))
        made.append(
            Spot(
                f"{street.name_zh}{zh}", f"{en}, {street.name_en}", kind, place_type, street.name_zh, where,
                weight / (1 + rank / 6), peaks,
            )
        )  # fmt: skip
    return tuple(made)


def residents(
    chance: random.Random, counties: Sequence[County], streets: Sequence[Street], places: Sequence[Spot], count: int
) -> tuple[Resident, ...]:
    """So many residents; the first ones are as likely to be anywhere as the last."""
    homes = [s.line for s in streets if s.highway in {"residential", "secondary", "tertiary"}]
    by_county = [[h for h in homes if c.area.contains(h.centroid)] or homes for c in counties]
    share = list(accumulate(c.share for c in counties))
    weights = list(accumulate(s.weight for s in places))
    names = [GIVEN[i : i + 2] for i in range(0, len(GIVEN), 2)]
    plates = _plates(chance)
    made = []
    for n in range(count):
        county = min(sum(chance.random() * share[-1] > s for s in share), len(counties) - 1)
        line = chance.choice(by_county[county])
        at = line.interpolate(chance.random(), normalized=True)
        home = (round(at.x + chance.uniform(-0.0006, 0.0006), 6), round(at.y + chance.uniform(-0.0006, 0.0006), 6))
        born = 2026 - int(chance.triangular(1, 92, 44))
        adult = born <= 2008  # noqa: PLR2004 - of age
        car = _car(chance, plates) if adult and chance.random() < _DRIVES * 1.3 else None
        habits = Habits(
            leaves=min(0.98, max(0.05, chance.betavariate(6, 1.9))),
            minutes=round(chance.triangular(1.5, 9.5, 4), 1),
            phone_off=0.02 if chance.random() < 0.9 else 0.35,  # noqa: PLR2004 - one in ten is hard to reach
            spots=tuple(chance.choices(range(len(places)), cum_weights=weights, k=2)),
            night=chance.choice((0, 0, 1, 1, 2, 3, 5)),
            objects=round(chance.betavariate(1, 18), 3),
        )
        name = chance.choice(SURNAMES) + chance.choice(names)
        made.append(Resident(f"R{n + 1:05}", name, f"{PHONES}{n:05}", county, home, born, car, habits))
    return tuple(made)


def _plates(chance: random.Random) -> list[str]:
    """Twenty thousand different serials, shuffled: two letters and three digits leave room."""
    kinds = [f"{a}{b}" for a in _LETTERS for b in _LETTERS]
    serials = [f"{pair[0]}{n:03}{pair[1]}" for pair in chance.sample(kinds, 24) for n in range(1000)]
    chance.shuffle(serials)
    return serials


def _car(chance: random.Random, plates: list[str]) -> Car:
    serial = plates.pop()
    vehicle = chance.choices([v for v, _ in VEHICLES], [w for _, w in VEHICLES])[0]
    colour = chance.choices([c for c, _ in COLOURS], [w for _, w in COLOURS])[0]
    if chance.random() < _GREEN:
        # D and F open the green plates: battery only, and not. One serial is used up for each, so the count of those
        # left never comes twice.
        letter, number = _LETTERS[len(plates) // 10_000], len(plates) % 10_000
        opening = "D" if chance.random() < _BATTERY else "F"
        return Car(f"{FORMER}{opening}{letter}{number:04}", "new-energy-small", vehicle, colour)
    return Car(f"{FORMER}{serial}", "ordinary", vehicle, colour)
