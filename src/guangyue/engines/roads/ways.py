"""From ways (polylines that share points) to a graph: cut at junctions, made directed, with their forbidden turns."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from guangyue.engines.roads.edges import ragged
from guangyue.engines.roads.errors import RoadsError
from guangyue.engines.roads.graph import Graph, metres_between
from guangyue.engines.roads.restrictions import Restriction, forbidden

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from guangyue.engines.roads.classes import RoadClass

__all__ = ["Built", "Way", "assemble"]


@dataclass(frozen=True, slots=True)
class Way:
    """A street or a part of one, as its source has it.

    Attributes:
        id: the source's number, to which restrictions refer.
        refs: the points it runs through; ways that share a point meet there.
        road: its class.
        direction: 1 one-way along the points, -1 against them, 0 both ways.
        name: street name or ``""``.
        limits: posted limits in km/h along and against the points, 0 where unknown.
        contraflow: an emergency run may drive against the one-way.
    """

    id: int
    refs: Sequence[int]
    road: RoadClass
    direction: Literal[-1, 0, 1] = 0
    name: str = ""
    limits: tuple[int, int] = (0, 0)
    contraflow: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """A graph and what was noticed while building it.

    Attributes:
        graph: the largest connected part.
        share: its share of all street length read.
        ways: ways read.
        missing_points: points that ways name and the source does not hold (an extract cut at its border).
        restrictions: forbidden turns read.
        unused_restrictions: those that fit no junction here.
    """

    graph: Graph
    share: float
    ways: int
    missing_points: int = 0
    restrictions: int = 0
    unused_restrictions: int = 0


@dataclass(slots=True)
class _Arcs:
    """The columns of the arcs as they grow."""

    tail: list[int] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    road: list[int] = field(default_factory=list)
    limit: list[int] = field(default_factory=list)
    signals: list[int] = field(default_factory=list)
    against: list[bool] = field(default_factory=list)
    twin: list[int] = field(default_factory=list)
    street: list[int] = field(default_factory=list)
    shape: list[int] = field(default_factory=list)
    backward: list[bool] = field(default_factory=list)


def assemble(
    ways: Sequence[Way],
    points: Mapping[int, tuple[float, float]],
    *,
    signals: frozenset[int] | set[int] = frozenset(),
    restrictions: Iterable[Restriction] = (),
    least_share: float = 0.5,
    source: str = "",
) -> Built:
    """The graph of some ways.

    Args:
        ways: the streets.
        points: longitude and latitude of each point.
        signals: points with traffic lights.
        restrictions: forbidden and mandatory turns.
        least_share: the largest connected part must hold this share of the street length.
        source: for messages.

    Raises:
        RoadsError: ``roads.empty``, ``roads.disconnected``, ``roads.position``.
    """
    restrictions = list(restrictions)
    runs = [(way, run) for way in ways for run in _known(way.refs, points)]
    if not runs:
        raise RoadsError("roads.empty", source=source)
    uses = Counter(ref for _, run in runs for ref in run)
    uses.update(ref for _, run in runs for ref in (run[0], run[-1]))
    uses.update({r.via_node: 2 for r in restrictions if r.via_node is not None and r.via_node in uses})
    number: dict[int, int] = {}
    names = {"": 0}
    arcs = _Arcs()
    lines: list[list[int]] = []
    arcs_of_way: defaultdict[int, list[int]] = defaultdict(list)
    for way, run in runs:
        for piece in _pieces(run, uses):
            ends = [number.setdefault(ref, len(number)) for ref in (piece[0], piece[-1])]
            street = names.setdefault(way.name, len(names))
            made = _add(arcs, way, (ends[0], ends[1]), _lights(piece, signals), street, len(lines))
            arcs_of_way[way.id] += made
            lines.append(piece)
    at = np.concatenate([[0], np.cumsum([len(line) for line in lines])]).astype(np.int64)
    order = [ref for line in lines for ref in line]
    lon, lat = np.array([points[ref][0] for ref in order]), np.array([points[ref][1] for ref in order])
    steps = metres_between(lon[:-1], lat[:-1], lon[1:], lat[1:])
    steps[at[1:-1] - 1] = 0.0
    run_length = np.concatenate([[0.0], np.cumsum(steps)])
    length = run_length[at[1:] - 1] - run_length[at[:-1]]
    tail, head = np.array(arcs.tail, np.int32), np.array(arcs.head, np.int32)
    against = np.array(arcs.against, np.bool_)
    banned, unused = forbidden(restrictions, arcs_of_way, number, tail, head, against)
    banned_at, banned_arcs = ragged(banned)
    nodes = list(number)
    graph = Graph(
        lon=np.array([points[ref][0] for ref in nodes]), lat=np.array([points[ref][1] for ref in nodes]),
        tail=tail, head=head, metres=length[arcs.shape], road=np.array(arcs.road, np.uint8),
        limit=np.array(arcs.limit, np.uint8), signals=np.array(arcs.signals, np.uint8), against=against,
        twin=np.array(arcs.twin, np.int32), street=np.array(arcs.street, np.int32), names=tuple(names),
        shape=np.array(arcs.shape, np.int32), backward=np.array(arcs.backward, np.bool_),
        shape_at=at, shape_lon=lon, shape_lat=lat, banned_at=banned_at, banned_arcs=banned_arcs, source=source,
    ).check()  # fmt: skip
    main, share = graph.main_part(least_share=least_share)
    missing = sum(ref not in points for way in ways for ref in way.refs)
    return Built(main, share, len(ways), missing, len(restrictions), unused)


def _known(refs: Sequence[int], points: Mapping[int, tuple[float, float]]) -> Iterator[list[int]]:
    """The stretches of a way whose points are known, two points or more, without standing still."""
    run: list[int] = []
    for ref in refs:
        if ref not in points:
            if len(run) > 1:
                yield run
            run = []
        elif not run or run[-1] != ref:
            run.append(ref)
    if len(run) > 1:
        yield run


def _pieces(run: list[int], uses: Counter[int]) -> Iterator[list[int]]:
    """A stretch cut at junctions; a ring is cut once more so that its halves have different ends."""
    start = 0
    for i in range(1, len(run)):
        if uses[run[i]] > 1:
            piece = run[start : i + 1]
            start = i
            if piece[0] == piece[-1]:
                half = len(piece) // 2
                yield piece[: half + 1]
                yield piece[half:]
            else:
                yield piece


def _lights(piece: list[int], signals: frozenset[int] | set[int]) -> tuple[int, int]:
    """Traffic lights passed along a piece and against it: each light counts for who drives on to it."""
    lit = [ref in signals for ref in piece]
    return min(sum(lit[1:]), 255), min(sum(lit[:-1]), 255)


def _add(arcs: _Arcs, way: Way, ends: tuple[int, int], lights: tuple[int, int], street: int, shape: int) -> list[int]:
    """The arcs of a piece: one each way, a one-way's second one only for emergency runs."""
    made: list[int] = []
    for backward in (False, True):
        against = way.direction == (1 if backward else -1)
        if against and not way.contraflow:
            continue
        made.append(len(arcs.tail))
        arcs.tail.append(ends[backward])
        arcs.head.append(ends[not backward])
        arcs.road.append(int(way.road))
        arcs.limit.append(way.limits[backward])
        arcs.signals.append(lights[backward])
        arcs.against.append(against)
        arcs.twin.append(-1)
        arcs.street.append(street)
        arcs.shape.append(shape)
        arcs.backward.append(backward)
    if len(made) > 1:
        arcs.twin[made[0]], arcs.twin[made[1]] = made[1], made[0]
    return made
