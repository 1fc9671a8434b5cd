"""The whole city from one seed."""

from __future__ import annotations

import random
from functools import cache

from guangyue.demo.city import land, people, roads
from guangyue.demo.city.ground import CENTRE
from guangyue.demo.city.model import City

__all__ = ["RESIDENTS", "SEED", "demo_city"]

SEED = 1374
"""The year in which the tower was built."""
RESIDENTS = 20_000


@cache
def demo_city(*, seed: int = SEED, residents: int = RESIDENTS) -> City:
    """The demo city; the same arguments give the same city on every machine."""

    def part(name: str) -> random.Random:
        # A source of its own for each part: more streets do not give everybody another name.
        return random.Random(f"{seed}/{name}")  # noqa: S311 - reproducible invention, not secrets

    counties = land.counties(part("counties"))
    drawn, level, upright = roads.draw(part("roads"))
    streets = roads.streets(drawn)
    spots = people.spots(part("spots"), streets)
    return City(
        seed=seed,
        name_zh="光岳市",
        name_en="Guangyue City",
        centre=CENTRE,
        counties=counties,
        blocks=roads.night_blocks(level, upright),
        streets=streets,
        waters=land.waters(),
        spots=spots,
        residents=people.residents(part("people"), counties, streets, spots, residents),
    )
