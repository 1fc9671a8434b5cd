"""Scenarios on real streets: rounds along them, the travel-time table, and exact routing to check it against."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree  # type: ignore[import-untyped]

from guangyue.engines.patrol.simulate.errors import SimulateError
from guangyue.engines.patrol.simulate.plain import FromTable
from guangyue.engines.patrol.simulate.scenario import BACK_PIECES, NEVER, City, Crews, Track
from guangyue.engines.roads import Network, Places

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from guangyue.engines.patrol.simulate.plain import CrewState
    from guangyue.engines.patrol.simulate.scenario import Calls

__all__ = ["FromStreets", "Ground", "Round", "lay_out", "post", "round_trip"]

_STEP_MS = 20_000
"""A round is noted about this often; in between, the table interpolates."""

_ADDRESSES, _AT_ONCE = 4, 500


@dataclass(frozen=True, eq=False)
class Round:
    """A round or a post as street nodes: see :class:`~guangyue.engines.patrol.simulate.scenario.Track`."""

    node: npt.NDArray[np.int32]
    offset_ms: npt.NDArray[np.int64]
    period_ms: int


@dataclass(frozen=True, eq=False)
class Ground:
    """A laid-out scenario: the city, the tracks, and what a crew needs to come back into them."""

    city: City
    tracks: tuple[Track, ...]
    rejoin_at: npt.NDArray[np.int32]
    rejoin_ms: npt.NDArray[np.int32]
    rejoin_via: npt.NDArray[np.int32]

    def crews(
        self,
        track: npt.ArrayLike,
        *,
        phase_ms: npt.ArrayLike | None = None,
        duty: npt.NDArray[np.bool_] | None = None,
        skill: npt.ArrayLike | None = None,
        tier: npt.ArrayLike | None = None,
    ) -> Crews:
        """Crews on these tracks; without more said they start each round together, always on duty, equal in skill."""
        which = np.asarray(track, np.int32)
        count = len(which)
        return Crews(
            tracks=self.tracks, track=which,
            phase_ms=np.zeros(count, np.int64) if phase_ms is None else np.asarray(phase_ms, np.int64),
            duty=np.ones((count, 168), np.bool_) if duty is None else duty,
            skill=np.ones(count, np.uint32) if skill is None else np.asarray(skill, np.uint32),
            tier=np.full(count, 5, np.uint8) if tier is None else np.asarray(tier, np.uint8),
            rejoin_at=self.rejoin_at, rejoin_ms=self.rejoin_ms, rejoin_via=self.rejoin_via,
        ).check(self.city)  # fmt: skip


def post(node: int) -> Round:
    """A crew that waits at a node."""
    return Round(np.array([node], np.int32), np.zeros(1, np.int64), 3_600_000)


def round_trip(network: Network, stops: Sequence[int], dwell_s: float | Sequence[float]) -> Round:
    """The round through some nodes and back to the first, driven along the quickest ways with a stay at each.

    Args:
        network: at the speed of patrol.
        stops: the nodes in their order.
        dwell_s: the stay at each, seconds; one figure for all or one for each.

    Raises:
        SimulateError: ``simulate.empty`` without a stop, ``simulate.unreachable``.
    """
    if not len(stops):
        raise SimulateError("simulate.empty", what="stops / 巡逻点")
    stays = np.broadcast_to(np.asarray(dwell_s, np.float64), (len(stops),))
    nodes, times, now = [], [], 0
    for here, there, stay in zip(stops, [*stops[1:], stops[0]], stays.tolist(), strict=True):
        nodes.append(int(here))
        times.append(now)
        now += round(stay * 1000)
        if stay > 0:
            nodes.append(int(here))
            times.append(now)
        passed, when = _way(network, int(here), int(there))
        noted = 0
        for node, ms in zip(passed[1:-1], when[1:-1], strict=True):
            if ms - noted >= _STEP_MS:
                noted = ms
                nodes.append(node)
                times.append(now + ms)
        now += when[-1]
    keep = np.diff(times, append=max(now, 1)) > 0
    if not keep.any() or now == 0:
        return post(int(stops[0]))
    offsets = np.array(times, np.int64)[keep]
    return Round(np.array(nodes, np.int32)[keep], offsets - offsets[0], now)


def lay_out(
    siren: Network,
    ordinary: Network,
    place_node: npt.ArrayLike,
    rounds: Sequence[Round],
    *,
    weight: npt.ArrayLike,
    site: npt.ArrayLike | None = None,
    block: npt.ArrayLike | None = None,
    addresses: tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]] | None = None,
) -> Ground:
    """The travel-time table of a scenario: from all places and all points of all rounds to all places, both manners.

    A place is a cell with many addresses. The way to one chosen node of it is shorter than the ways to all of them on
    the average (measured: 3 % of the drive with H3 cells of resolution 8), so given ``addresses`` the table holds the
    mean over up to four of them.

    Args:
        siren: the streets on an emergency run.
        ordinary: the streets otherwise.
        place_node: the node of each call place.
        rounds: rounds and posts.
        weight: expected calls of each place.
        site: class of each place, 1, 3 or 5; without it all are 5.
        block: responsibility block of each place.
        addresses: nodes and offsets: ``nodes[at[p]:at[p + 1]]`` are the nodes where calls of place ``p`` lie.

    Raises:
        SimulateError: what :meth:`City.check` refuses.
    """
    places = siren.graph.check_nodes(place_node)
    passed = np.concatenate([r.node for r in rounds]) if rounds else np.zeros(0, np.int32)
    # a place may share its node with others; the first of them stands for the node
    known: dict[int, int] = {}
    for i, node in enumerate(places.tolist()):
        known.setdefault(node, i)
    stops = places.tolist()
    for node in passed.tolist():
        if node not in known:
            known[node] = len(stops)
            stops.append(node)
    stop_node = np.array(stops, np.int32)
    ends, of_place = _ends(places, addresses)
    counts = np.bincount(of_place, minlength=len(places))
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    ms = np.empty((2, len(places), len(stop_node)), np.int32)
    for manner, network in enumerate((siren, ordinary)):
        for begin in range(0, len(stop_node), _AT_ONCE):
            rows = slice(begin, begin + _AT_ONCE)
            times = network.matrix(stop_node[rows], ends).astype(np.int64)
            lost = np.maximum.reduceat(times, first, axis=1) >= NEVER
            mean = np.add.reduceat(times, first, axis=1) // counts
            ms[manner, :, rows] = np.where(lost, NEVER, mean).T
    city = City(
        place_node=places, stop_node=stop_node, ms=ms, weight=np.asarray(weight, np.float64),
        site=np.full(len(places), 5, np.uint8) if site is None else np.asarray(site, np.uint8),
        block=np.zeros(len(places), np.int32) if block is None else np.asarray(block, np.int32),
    ).check()  # fmt: skip
    stops_of = [np.array([known[n] for n in r.node.tolist()], np.int32) for r in rounds]
    tracks = tuple(Track(stop, r.offset_ms, r.period_ms) for stop, r in zip(stops_of, rounds, strict=True))
    return Ground(city, tracks, *_ways_back(ordinary, places, stop_node, rounds))


def _ways_back(
    network: Network, places: npt.NDArray[np.int32], stop_node: npt.NDArray[np.int32], rounds: Sequence[Round]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """From every place into every round by the quickest way: to which of its points, how long, past which stops."""
    graph, topology = network.graph, network.graph.topology
    flat = network.snapper.flat(graph.lon, graph.lat)
    _, nearest_stop = cKDTree(flat[stop_node]).query(flat[topology.street_node])
    shape = (len(places), len(rounds))
    at, ms = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    via = np.zeros((*shape, BACK_PIECES - 1), np.int32)
    for k, r in enumerate(rounds):
        goals = network.goals(r.node)
        point = {int(n): i for i, n in reversed(list(enumerate(r.node.tolist())))}
        far, onward, which = network.exact.towards(goals.node)
        total = far[places]
        if not np.isfinite(total).all():
            lost = int(np.isinf(total).argmax())
            raise SimulateError("simulate.unreachable", stop=int(r.node[0]), place=lost, where=f"node {places[lost]}")
        ms[:, k] = total
        at[:, k] = [point[int(n)] for n in topology.street_node[which[places]]]
        here = places.copy()
        for piece in range(1, BACK_PIECES):
            left = total * (1 - piece / BACK_PIECES)
            while True:
                # go on as long as the next node is not past the mark
                ahead = onward[here]
                moving = (ahead >= 0) & (far[np.maximum(ahead, 0)] >= left)
                if not moving.any():
                    break
                here = np.where(moving, ahead, here)
            via[:, k, piece - 1] = nearest_stop[here]
    return at, ms, via


def _ends(
    places: npt.NDArray[np.int32], addresses: tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]] | None
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """The nodes whose mean stands for each place, and the place of each: up to four, spread over its list."""
    if addresses is None:
        return places, np.arange(len(places))
    nodes, at = addresses
    ends, of_place = [], []
    for p, node in enumerate(places.tolist()):
        mine = nodes[at[p] : at[p + 1]]
        picked = mine[np.unique(np.linspace(0, len(mine) - 1, _ADDRESSES).round().astype(int))] if len(mine) else [node]
        ends += [int(n) for n in picked]
        of_place += [p] * len(picked)
    return np.array(ends, np.int32), np.array(of_place)


class FromStreets:
    """Exact drives: the quickest way from where on which street the crew is to the very node of the call.

    Crews on their round are on the quickest way between two of its points, in proportion to time; crews on their way
    back likewise between the call and the point where they rejoin.
    """

    def __init__(
        self, siren: Network, ordinary: Network, patrol: Network, city: City, crews: Crews, calls: Calls
    ) -> None:
        self._siren, self._ordinary = siren, ordinary
        self._city, self._crews, self._calls = city, crews, calls
        self._table = FromTable(city, crews, calls)
        self._way_of = {
            "patrol": lru_cache(maxsize=None)(lambda a, b: _arcs(patrol, a, b)),
            "ordinary": lru_cache(maxsize=200_000)(lambda a, b: _arcs(ordinary, a, b)),
        }
        order = np.argsort(siren.graph.head, kind="stable")
        order = order[siren.millis[order] < NEVER]
        heads = siren.graph.head[order]
        first = np.searchsorted(heads, np.arange(siren.graph.nodes))
        self._into = order[np.minimum(first, len(order) - 1)]

    def to_call(self, call: int, crews: Sequence[CrewState], now: int) -> list[int]:
        """The drive of each crew to a call, ms."""
        if not crews:
            return []
        where = [self._at(crew, now) for crew in crews]
        arc = np.array([a for a, _ in where], np.int32)
        along = np.array([s for _, s in where], np.float64)
        zero = np.zeros(len(arc))
        network = self._siren if self._calls.priority[call] == 1 else self._ordinary
        times = network.times_to(Places(arc, along, zero, zero, zero), self._calls.node[call : call + 1])
        if (times >= NEVER).any():
            raise SimulateError("simulate.unreachable", stop=-1, place=int(self._calls.place[call]), where="a crew")
        return [int(t) for t in times]

    def back(self, call: int, track: int) -> tuple[int, int]:
        """Where in its round a crew comes back, and the exact drive there."""
        point = int(self._crews.rejoin_at[self._calls.place[call], track])
        target = self._city.stop_node[self._crews.tracks[track].stop[point]]
        return point, self._way_of["ordinary"](int(self._calls.node[call]), int(target))[2]

    def stop_for_cover(self, crew: CrewState, now: int) -> int:
        """MEXCLP counts by stops: the nearer one, as the table has it."""
        return self._table.stop_for_cover(crew, now)

    def _between(self, crew: CrewState, now: int) -> tuple[int, int, float, str]:
        """The nodes between which a crew is, the share of the time between them, and the manner of driving."""
        track = self._crews.tracks[crew.track]
        nodes = self._city.stop_node
        if now < crew.back_end:
            share = (now - crew.free_at) / (crew.back_end - crew.free_at)
            return int(self._calls.node[crew.call]), int(nodes[track.stop[crew.back_point]]), share, "ordinary"
        phase = (now - crew.anchor) % track.period_ms
        low = int(np.searchsorted(track.offset_ms, phase, side="right")) - 1
        last = low + 1 == len(track.stop)
        end = track.period_ms if last else int(track.offset_ms[low + 1])
        share = (phase - int(track.offset_ms[low])) / (end - int(track.offset_ms[low]))
        follows = track.stop[0] if last else track.stop[low + 1]
        return int(nodes[track.stop[low]]), int(nodes[follows]), share, "patrol"

    def _at(self, crew: CrewState, now: int) -> tuple[int, float]:
        """The arc a crew is on and how far along."""
        here, there, share, manner = self._between(crew, now)
        if here == there:
            return int(self._into[here]), 1.0
        arcs, ends, total = self._way_of[manner](here, there)
        spent = share * total
        k = min(int(np.searchsorted(ends, spent, side="right")), len(arcs) - 1)
        begin = float(ends[k - 1]) if k else 0.0
        return int(arcs[k]), min((spent - begin) / (float(ends[k]) - begin), 1.0)


def _arcs(network: Network, here: int, there: int) -> tuple[np.ndarray, np.ndarray, int]:
    """The street arcs of the quickest way, when each is done, and its time, ms."""
    way = network.way([here], [there])
    if way is None:
        raise SimulateError("simulate.unreachable", stop=here, place=there, where="street nodes")
    arcs = network.graph.topology.base[np.array(way[1], np.int64)] if way[1] else np.zeros(0, np.int32)
    return arcs, np.cumsum(network.millis[arcs], dtype=np.int64), way[0]


def _way(network: Network, here: int, there: int) -> tuple[list[int], list[int]]:
    """The nodes of the quickest way and when each is reached, ms."""
    arcs, ends, _ = _arcs(network, here, there)
    return [here, *network.graph.head[arcs].tolist()], [0, *ends.tolist()]
