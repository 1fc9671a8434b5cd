"""What the demo city consists of. Geometry is in WGS-84 degrees."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry import LineString, Polygon
    from shapely.geometry.base import BaseGeometry

__all__ = ["Car", "City", "County", "Habits", "NightBlock", "Resident", "Spot", "Street", "Water"]

Degrees = tuple[float, float]
"""Longitude and latitude."""


@dataclass(frozen=True, slots=True)
class County:
    """A county, district or county-level city (县市区).

    Attributes:
        code: six digits that GB/T 2260 gives to nobody.
        seat: where its government sits.
        share: of the city's residents.
    """

    code: str
    name_zh: str
    name_en: str
    seat: Degrees
    share: float
    area: Polygon


@dataclass(frozen=True, slots=True)
class NightBlock:
    """One of the twelve blocks of the night patrol (夜间巡逻责任块)."""

    code: str
    name_zh: str
    name_en: str
    area: Polygon


@dataclass(frozen=True, slots=True)
class Street:
    """A stretch of street between two crossings; stretches of one street share its name.

    Attributes:
        highway: its class in OpenStreetMap's words, as the street graph reads it.
    """

    name_zh: str
    name_en: str
    highway: str
    line: LineString


@dataclass(frozen=True, slots=True)
class Water:
    """A lake, a canal, a river."""

    name_zh: str
    name_en: str
    kind: str
    area: BaseGeometry


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where cars are left again and again (违停多发点).

    Attributes:
        kind: what draws them: school, market, hospital, office, night-market, station, home.
        place_type: the kind of place in the law's sense.
        weight: its share of the day's violations.
        peaks: the hours at which it is worst.
    """

    name_zh: str
    name_en: str
    kind: str
    place_type: str
    street: str
    position: Degrees
    weight: float
    peaks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Car:
    """A vehicle and its plate.

    Attributes:
        plate: of a series (鲁T) that is not issued.
        kind: the kind of plate, as `city.identifiers.plate` names it.
    """

    plate: str
    kind: str
    vehicle: str
    colour: str


@dataclass(frozen=True, slots=True)
class Habits:
    """How somebody behaves; seeds for simulators, never shown as facts about anybody.

    Attributes:
        leaves: the chance to drive away within ten minutes of a reminder.
        minutes: how long it then takes, in the middle.
        phone_off: the chance that no message reaches the phone.
        spots: where the car is left, as places in `City.spots`.
        night: evenings a week spent out.
        objects: the chance to object to a penalty.
    """

    leaves: float
    minutes: float
    phone_off: float
    spots: tuple[int, ...]
    night: int
    objects: float


@dataclass(frozen=True, slots=True)
class Resident:
    """An inhabitant.

    Attributes:
        phone: E.164, of a segment (172) for cards in machines: no person has it.
        county: the place in `City.counties`.
    """

    number: str
    name: str
    phone: str
    county: int
    home: Degrees
    born: int
    car: Car | None
    habits: Habits


@dataclass(frozen=True)
class City:
    """All of it."""

    seed: int
    name_zh: str
    name_en: str
    centre: Degrees
    counties: tuple[County, ...]
    blocks: tuple[NightBlock, ...]
    streets: tuple[Street, ...]
    waters: tuple[Water, ...]
    spots: tuple[Spot, ...]
    residents: tuple[Resident, ...] = field(repr=False)

    @cached_property
    def drivers(self) -> tuple[Resident, ...]:
        """The residents with a car."""
        return tuple(r for r in self.residents if r.car)

    @cached_property
    def by_plate(self) -> dict[str, Resident]:
        """Whose car it is."""
        return {r.car.plate: r for r in self.residents if r.car}
