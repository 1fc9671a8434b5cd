"""Streets from OpenStreetMap extracts (``.osm.pbf``, ``.osm``, ``.osm.gz``, ``.osm.bz2``) through osmium."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

import osmium

from guangyue.engines.roads.classes import OSM_HIGHWAY, RoadClass
from guangyue.engines.roads.errors import RoadsError
from guangyue.engines.roads.restrictions import Restriction
from guangyue.engines.roads.ways import Built, Way, assemble

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["from_osm", "way_from_tags"]

_MINOR_SERVICE: Final = frozenset({"parking_aisle", "drive-through", "driveway"})
_ONE_WAY_CLASSES: Final = frozenset({RoadClass.MOTORWAY, RoadClass.MOTORWAY_LINK})
_NO_CONTRAFLOW: Final = _ONE_WAY_CLASSES | {RoadClass.TRUNK, RoadClass.TRUNK_LINK}
_SPEED: Final = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(mph|km/h|kmh)?\s*$")
_KMH_PER_MPH: Final = 1.609344


def from_osm(path: Path, *, least_share: float = 0.5) -> Built:
    """The street graph of an OSM extract.

    Taken are ``highway`` values a car drives on, without those closed to cars (private ones stay in: a crew may be
    called there). One-ways, roundabouts, ``maxspeed``, traffic lights and turn restrictions (over a node or over
    ways) are read; conditional restrictions and those for other vehicles are not.

    Raises:
        RoadsError: ``roads.not_found``, ``roads.broken_extract``, ``roads.empty``, ``roads.disconnected``.
    """
    if not path.is_file():
        raise RoadsError("roads.not_found", path=path)
    ways: list[Way] = []
    points: dict[int, tuple[float, float]] = {}
    signals: set[int] = set()
    restrictions: list[Restriction] = []
    try:
        reader = osmium.FileProcessor(str(path)).with_locations()
        for thing in reader.with_filter(osmium.filter.KeyFilter("highway", "restriction", "restriction:motorcar")):
            tags = {tag.k: tag.v for tag in thing.tags}
            if isinstance(thing, osmium.osm.Node):
                if "traffic_signals" in tags.get("highway", "").split(";"):
                    signals.add(thing.id)
            elif isinstance(thing, osmium.osm.Way):
                way = way_from_tags(thing.id, [node.ref for node in thing.nodes], tags)
                if way is not None:
                    ways.append(way)
                    points.update((n.ref, (n.lon, n.lat)) for n in thing.nodes if n.location.valid())
            elif isinstance(thing, osmium.osm.Relation):
                found = _restriction(tags, [(m.type, m.ref, m.role) for m in thing.members])
                if found is not None:
                    restrictions.append(found)
    except (RuntimeError, OSError, ValueError) as error:
        raise RoadsError("roads.broken_extract", path=path, why=str(error)) from error
    return assemble(
        ways, points, signals=signals, restrictions=restrictions, least_share=least_share, source=path.name
    )  # fmt: skip


def way_from_tags(number: int, refs: list[int], tags: Mapping[str, str]) -> Way | None:
    """A way as its OSM tags describe it, or None when cars do not drive there."""
    road = OSM_HIGHWAY.get(tags.get("highway", ""))
    if road is None or tags.get("area") == "yes" or _closed(tags):
        return None
    if road is RoadClass.SERVICE and tags.get("service") in _MINOR_SERVICE:
        return None
    both = _limit(tags.get("maxspeed", ""))
    limits = tuple(_limit(tags.get(f"maxspeed:{way}", "")) or both for way in ("forward", "backward"))
    direction = _direction(road, tags)
    ring = tags.get("junction") in ("roundabout", "circular")
    return Way(
        id=number, refs=refs, road=road, direction=direction, name=tags.get("name", ""),
        limits=(limits[0], limits[1]), contraflow=direction != 0 and road not in _NO_CONTRAFLOW and not ring,
    )  # fmt: skip


def _closed(tags: Mapping[str, str]) -> bool:
    """The most specific access tag decides; police drive where emergency vehicles may."""
    if tags.get("emergency") in ("yes", "designated"):
        return False
    for key in ("motorcar", "motor_vehicle", "vehicle", "access"):
        if key in tags:
            return tags[key] == "no"
    return False


def _direction(road: RoadClass, tags: Mapping[str, str]) -> Literal[-1, 0, 1]:
    said = tags.get("oneway", "")
    if said in ("-1", "reverse"):
        return -1
    if said in ("yes", "true", "1"):
        return 1
    if said in ("no", "false", "0"):
        return 0
    ring = tags.get("junction") in ("roundabout", "circular")
    return 1 if ring or road in _ONE_WAY_CLASSES else 0


def _limit(text: str) -> int:
    """A posted limit in whole km/h, 0 where the tag says nothing a number can hold."""
    found = _SPEED.match(text)
    if not found:
        return 0
    kmh = float(found[1]) * (_KMH_PER_MPH if found[2] == "mph" else 1)
    return round(min(kmh, 255))


def _restriction(tags: Mapping[str, str], members: list[tuple[str, int, str]]) -> Restriction | None:
    kind = tags.get("restriction:motorcar") or tags.get("restriction", "")
    if not kind.startswith(("no_", "only_")) or "motorcar" in tags.get("except", "").split(";"):
        return None
    ways = {
        role: tuple(ref for type_, ref, r in members if type_ == "w" and r == role) for role in ("from", "to", "via")
    }
    nodes = [ref for type_, ref, role in members if type_ == "n" and role == "via"]
    if not ways["from"] or not ways["to"] or not (nodes or ways["via"]):
        return None
    return Restriction(
        only=kind.startswith("only_"), from_ways=ways["from"], to_ways=ways["to"],
        via_node=nodes[0] if nodes else None, via_ways=() if nodes else ways["via"],
    )  # fmt: skip
