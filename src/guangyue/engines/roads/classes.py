"""Road classes (道路等级): what OSM's ``highway`` says, folded to the kinds that differ in speed."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

__all__ = ["OSM_HIGHWAY", "RoadClass"]


class RoadClass(IntEnum):
    """A kind of street, from the fastest to the slowest."""

    MOTORWAY = 0
    TRUNK = 1
    PRIMARY = 2
    SECONDARY = 3
    TERTIARY = 4
    UNCLASSIFIED = 5
    RESIDENTIAL = 6
    LIVING_STREET = 7
    SERVICE = 8
    MOTORWAY_LINK = 9
    TRUNK_LINK = 10
    LINK = 11


OSM_HIGHWAY: Final[dict[str, RoadClass]] = {
    "motorway": RoadClass.MOTORWAY,
    "trunk": RoadClass.TRUNK,
    "primary": RoadClass.PRIMARY,
    "secondary": RoadClass.SECONDARY,
    "tertiary": RoadClass.TERTIARY,
    "unclassified": RoadClass.UNCLASSIFIED,
    "road": RoadClass.UNCLASSIFIED,
    "residential": RoadClass.RESIDENTIAL,
    "living_street": RoadClass.LIVING_STREET,
    "service": RoadClass.SERVICE,
    "motorway_link": RoadClass.MOTORWAY_LINK,
    "trunk_link": RoadClass.TRUNK_LINK,
    "primary_link": RoadClass.LINK,
    "secondary_link": RoadClass.LINK,
    "tertiary_link": RoadClass.LINK,
}
"""``highway=*`` values a car drives on (OSM wiki, Key:highway). Everything else is not a street to this engine."""
