"""The street graph: who reaches a place soonest, and by which way."""

from __future__ import annotations

from guangyue.engines.roads.arrays import CLOSED, UNREACHED
from guangyue.engines.roads.classes import RoadClass
from guangyue.engines.roads.edges import from_edges
from guangyue.engines.roads.errors import RoadsError
from guangyue.engines.roads.graph import Graph, metres_between
from guangyue.engines.roads.jemss import from_jemss
from guangyue.engines.roads.network import Arrival, Network, travel_matrix
from guangyue.engines.roads.places import Places
from guangyue.engines.roads.profile import ORDINARY, PATROL, PROFILES, SIREN, Profile
from guangyue.engines.roads.store import load, save

__all__ = [
    "CLOSED",
    "ORDINARY",
    "PATROL",
    "PROFILES",
    "SIREN",
    "UNREACHED",
    "Arrival",
    "Graph",
    "Network",
    "Places",
    "Profile",
    "RoadClass",
    "RoadsError",
    "from_edges",
    "from_jemss",
    "load",
    "metres_between",
    "save",
    "travel_matrix",
]
