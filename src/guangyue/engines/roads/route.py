"""A way with its shape, its street names and its turns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.roads.arrays import CLOSED
from guangyue.engines.roads.errors import RoadsError
from guangyue.engines.roads.graph import metres_between
from guangyue.engines.roads.places import Places, arc_entered, direct_millis
from guangyue.law.text import Text

if TYPE_CHECKING:
    from guangyue.engines.roads.arrays import Floats
    from guangyue.engines.roads.graph import Graph
    from guangyue.engines.roads.network import Network, Where

__all__ = ["Route", "Step", "Turn", "cut", "route"]


class Turn(Enum):
    """What the driver does at the beginning of a step."""

    DEPART = Text("从{name}出发，向{compass}行驶", "Set out on {name}, heading {compass}")
    STRAIGHT = Text("直行进入{name}", "Straight on into {name}")
    SLIGHT_LEFT = Text("向左前方进入{name}", "Bear left into {name}")
    LEFT = Text("左转进入{name}", "Turn left into {name}")
    SHARP_LEFT = Text("向左后方转入{name}", "Turn sharp left into {name}")
    SLIGHT_RIGHT = Text("向右前方进入{name}", "Bear right into {name}")
    RIGHT = Text("右转进入{name}", "Turn right into {name}")
    SHARP_RIGHT = Text("向右后方转入{name}", "Turn sharp right into {name}")
    U_TURN = Text("掉头进入{name}", "Turn back on {name}")
    ARRIVE = Text("到达目的地（{name}）", "Arrive on {name}")


_UNNAMED = Text("无名道路", "an unnamed street")
_COMPASS = (
    Text("北", "north"), Text("东北", "north-east"), Text("东", "east"), Text("东南", "south-east"),
    Text("南", "south"), Text("西南", "south-west"), Text("西", "west"), Text("西北", "north-west"),
)  # fmt: skip
_STRAIGHT, _SLIGHT, _PLAIN, _SHARP = 25.0, 50.0, 125.0, 165.0
"""Up to these angles (degrees) a turn is none, slight, plain, sharp; beyond, one turns back."""


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch on one street.

    Attributes:
        turn: what begins it.
        name: the street, ``""`` when it has no name.
        metres: its length.
        seconds: its driving time.
        lon: where it begins.
        lat: likewise.
        bearing: direction at its beginning, degrees from north.
    """

    turn: Turn
    name: str
    metres: float
    seconds: float
    lon: float
    lat: float
    bearing: float

    @property
    def text(self) -> Text:
        """The instruction in both languages."""
        compass = _COMPASS[round(self.bearing / 45) % 8]
        return self.turn.value.format(name=self.name or _UNNAMED, compass=compass)


@dataclass(frozen=True, eq=False)
class Route:
    """The quickest way.

    Attributes:
        ms: travel time.
        metres: length.
        line: the shape, float64[points, 2] of longitude and latitude.
        arcs: the street arcs driven.
        steps: the instructions, the last one the arrival.
    """

    ms: int
    metres: float
    line: Floats
    arcs: tuple[int, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Leg:
    """An arc, or the part of it between two shares of its length."""

    arc: int
    begin: float
    end: float


def route(network: Network, start: Where, goal: Where) -> Route:
    """The quickest way between two places, drawn and told.

    Raises:
        RoadsError: ``roads.no_route``.
    """
    ms, legs = _legs(network, start, goal)
    graph = network.graph
    lines = [cut(graph.polyline(leg.arc), leg.begin, leg.end) for leg in legs]
    kept = [lines[0], *(line[1:] for line in lines[1:])]
    metres = sum(float(graph.metres[leg.arc]) * (leg.end - leg.begin) for leg in legs)
    steps = _steps(network, legs, lines)
    return Route(ms, metres, np.concatenate(kept), tuple(leg.arc for leg in legs), steps)


def cut(line: Floats, begin: float, end: float) -> Floats:
    """The part of a polyline between two shares of its length."""
    if begin <= 0 and end >= 1:
        return line
    steps = metres_between(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1])
    run = np.concatenate([[0.0], np.cumsum(steps)])
    at = run / run[-1] if run[-1] > 0 else np.linspace(0, 1, len(line))
    inside = line[(at > begin) & (at < end)]
    ends = [[np.interp(share, at, line[:, axis]) for axis in (0, 1)] for share in (begin, end)]
    return np.vstack([ends[:1], inside, ends[1:]])


def _legs(network: Network, start: Where, goal: Where) -> tuple[int, list[_Leg]]:
    graph = network.graph
    way = network.way(start, goal)
    if isinstance(start, Places) and isinstance(goal, Places):
        direct = int(direct_millis(graph, network.millis, start, goal)[0, 0])
        if direct < CLOSED and (way is None or direct <= way[0]):
            arc, a, b = int(start.arc[0]), float(start.along[0]), float(goal.along[0])
            return direct, [_Leg(arc, a, b) if a <= b else _Leg(int(graph.twin[arc]), 1 - a, 1 - b)]
    if way is None:
        raise RoadsError("roads.no_route", source=_said(graph, start), target=_said(graph, goal))
    ms, expanded, entry, exit_ = way
    legs = [_Leg(int(arc), 0.0, 1.0) for arc in graph.topology.base[expanded]]
    if isinstance(start, Places):
        arc, along = int(start.arc[0]), float(start.along[0])
        legs.insert(0, _Leg(arc, along, 1.0) if entry == 0 else _Leg(int(graph.twin[arc]), 1 - along, 1.0))
    if isinstance(goal, Places):
        arc, along = arc_entered(graph, goal, exit_, obeys_turns=network.profile.obeys_turns)
        legs.append(_Leg(arc, 0.0, along))
    if not legs:
        # a node to itself: stand still on any street there
        node = int(np.atleast_1d(np.asarray(start))[0])
        legs = [_Leg(int(np.flatnonzero(graph.tail == node)[0]), 0.0, 0.0)]
    moving = [leg for leg in legs if leg.end > leg.begin]
    return ms, moving or legs[:1]


def _steps(network: Network, legs: list[_Leg], lines: list[Floats]) -> tuple[Step, ...]:
    graph, millis = network.graph, network.millis
    bearings = [(_bearing(line[0], line[1]), _bearing(line[-2], line[-1])) for line in lines]
    starts = [0]
    turns = [Turn.DEPART]
    for i in range(1, len(legs)):
        angle = (bearings[i][0] - bearings[i - 1][1] + 180) % 360 - 180
        turn = _turn(angle)
        same = graph.street[legs[i].arc] == graph.street[legs[i - 1].arc]
        if not same or turn not in (Turn.STRAIGHT, Turn.SLIGHT_LEFT, Turn.SLIGHT_RIGHT):
            starts.append(i)
            turns.append(turn)
    steps = []
    for turn, begin, end in zip(turns, starts, [*starts[1:], len(legs)], strict=True):
        part = legs[begin:end]
        metres = sum(float(graph.metres[leg.arc]) * (leg.end - leg.begin) for leg in part)
        seconds = sum(int(millis[leg.arc]) * (leg.end - leg.begin) for leg in part) / 1000
        lon, lat = lines[begin][0]
        name = graph.street_name(part[0].arc)
        steps.append(Step(turn, name, metres, seconds, float(lon), float(lat), bearings[begin][0]))
    lon, lat = lines[-1][-1]
    last = graph.street_name(legs[-1].arc)
    steps.append(Step(Turn.ARRIVE, last, 0.0, 0.0, float(lon), float(lat), bearings[-1][1]))
    return tuple(steps)


def _turn(angle: float) -> Turn:
    size = abs(angle)
    if size < _STRAIGHT:
        return Turn.STRAIGHT
    if size >= _SHARP:
        return Turn.U_TURN
    left = angle < 0
    if size < _SLIGHT:
        return Turn.SLIGHT_LEFT if left else Turn.SLIGHT_RIGHT
    if size < _PLAIN:
        return Turn.LEFT if left else Turn.RIGHT
    return Turn.SHARP_LEFT if left else Turn.SHARP_RIGHT


def _bearing(a: Floats, b: Floats) -> float:
    """Direction from one position to a near one, degrees clockwise from north."""
    east = (b[0] - a[0]) * np.cos(np.radians((a[1] + b[1]) / 2))
    return float(np.degrees(np.arctan2(east, b[1] - a[1])) % 360)


def _said(graph: Graph, where: Where) -> str:
    if isinstance(where, Places):
        return f"{where.lon[0]:.5f}, {where.lat[0]:.5f}"
    node = int(np.atleast_1d(np.asarray(where))[0])
    return f"{graph.lon[node]:.5f}, {graph.lat[node]:.5f}"
