"""Two engines for one question, "how long from here to there": SciPy, always exact, and a contraction hierarchy, fast.

Both work on the same whole milliseconds over the same expanded graph, so their answers are equal to the last digit;
a property test holds them to that. An engine keeps no state between questions and may be replaced while others use it.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import local
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
from routingkit_cch import CCH, CCHManyToOne, CCHMetric, CCHOneToMany, CCHQuery, compute_order_inertial
from scipy.sparse import csr_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import dijkstra  # type: ignore[import-untyped]

from guangyue.engines.roads.arrays import CLOSED, UNREACHED, Ints, Longs, Millis

if TYPE_CHECKING:
    from guangyue.engines.roads.graph import Graph

__all__ = ["Ends", "Engine", "Exact", "Fast", "Skeleton", "contraction_order"]


@dataclass(frozen=True, eq=False)
class Ends:
    """Beginnings or ends of ways: each has one or more expanded nodes with a time already spent, in ms.

    End ``i`` is ``node[at[i]:at[i + 1]]`` with ``offset[at[i]:at[i + 1]]``; an offset of :data:`CLOSED` is no way.
    """

    node: Ints
    offset: Longs
    at: Longs

    def __len__(self) -> int:
        return len(self.at) - 1

    def one(self, i: int) -> Ends:
        """A single end out of many."""
        rows = slice(int(self.at[i]), int(self.at[i + 1]))
        return Ends(self.node[rows], self.offset[rows], np.array([0, len(self.node[rows])], np.int64))


class Engine(Protocol):
    """Answers in whole milliseconds, :data:`UNREACHED` where no way leads."""

    def to_one(self, starts: Ends, goal: Ends) -> Millis:
        """Times from every start to one goal, int32[starts]."""

    def matrix(self, starts: Ends, goals: Ends) -> Millis:
        """Times from every start to every goal, int32[starts, goals]."""

    def way(self, start: Ends, goal: Ends) -> tuple[int, list[int], int, int] | None:
        """The quickest way: its time, its expanded arcs, and which of the start's and goal's entries it joins."""


def contraction_order(graph: Graph) -> Ints:
    """A nested-dissection order of the expanded nodes for the hierarchy; the slow step, done once and saved."""
    topology = graph.topology
    lon, lat = graph.lon[topology.street_node], graph.lat[topology.street_node]
    tail, head = topology.tail.tolist(), topology.head.tolist()
    order = compute_order_inertial(topology.nodes, tail, head, lat.tolist(), lon.tolist())
    return np.asarray(order, np.int32)


class Skeleton:
    """The part of the fast engine that does not depend on travel times: made once per graph."""

    def __init__(self, graph: Graph) -> None:
        order = contraction_order(graph) if graph.order is None else graph.order
        self.order = order
        self.cch = CCH(order.tolist(), graph.topology.tail.tolist(), graph.topology.head.tolist(), False)  # noqa: FBT003


class Fast:
    """Customizable contraction hierarchies (Dibbelt, Strasser, Wagner 2016) by RoutingKit."""

    def __init__(self, skeleton: Skeleton, millis: Millis) -> None:
        self._metric = CCHMetric(skeleton.cch, millis)  # type: ignore[arg-type]
        self._mine = local()

    def to_one(self, starts: Ends, goal: Ends) -> Millis:
        """Times from every start to one goal."""
        targets = _pairs(goal)
        if not targets:
            return np.full(len(starts), UNREACHED, np.int32)
        # a query object owns large buffers: each thread keeps one
        query: CCHManyToOne | None = getattr(self._mine, "query", None)
        if query is None:
            query = self._mine.query = CCHManyToOne(self._metric, starts.node.tolist())
        else:
            query.repin_sources(starts.node.tolist())
        plain = len(targets) == 1 and targets[0][1] == 0
        found = query.distances_to(targets[0][0]) if plain else query.distances_to_multi(targets)
        return _least(np.array(found, np.float64) + starts.offset, starts)

    def matrix(self, starts: Ends, goals: Ends) -> Millis:
        """Times from every start to every goal, one sweep for each start."""
        out = np.full((len(starts), len(goals)), UNREACHED, np.int32)
        if not len(goals):
            return out
        query = CCHOneToMany(self._metric, goals.node.tolist())
        for i in range(len(starts)):
            sources = _pairs(starts.one(i))
            if sources:
                plain = len(sources) == 1 and sources[0][1] == 0
                found = query.distances_from(sources[0][0]) if plain else query.distances_from_multi(sources)
                out[i] = _least(np.array(found, np.float64) + goals.offset, goals)
        return out

    def way(self, start: Ends, goal: Ends) -> tuple[int, list[int], int, int] | None:
        """The quickest way."""
        sources, targets = _pairs(start), _pairs(goal)
        if not sources or not targets:
            return None
        answer = CCHQuery(self._metric).run_multi(sources, targets)
        if answer.distance is None or answer.distance >= UNREACHED:
            return None
        first, last = answer.node_path[0], answer.node_path[-1]
        return int(answer.distance), list(answer.arc_path), _entry(start, first), _entry(goal, last)


class Exact:
    """Dijkstra's algorithm by SciPy: no preparation, always there."""

    def __init__(self, graph: Graph, millis: Millis) -> None:
        topology = graph.topology
        drivable = np.flatnonzero(millis < CLOSED)
        rank = np.lexsort((millis[drivable], topology.head[drivable], topology.tail[drivable]))
        arcs = drivable[rank]
        tail, head = topology.tail[arcs], topology.head[arcs]
        # SciPy adds parallel entries up; only the quickest of parallel arcs may stay
        again = (tail[1:] == tail[:-1]) & (head[1:] == head[:-1])
        self._arcs = np.delete(arcs, np.flatnonzero(again) + 1)
        shape = (topology.nodes, topology.nodes)
        ends = (topology.tail[self._arcs], topology.head[self._arcs])
        self._graph = csr_array((millis[self._arcs].astype(np.float64), ends), shape=shape)
        self._reverse = self._graph.T.tocsr()
        self._first = self._graph.indptr

    def to_one(self, starts: Ends, goal: Ends) -> Millis:
        """Times from every start to one goal."""
        return _least(self.all_to(goal)[starts.node] + starts.offset, starts)

    def matrix(self, starts: Ends, goals: Ends) -> Millis:
        """Times from every start to every goal, one search for each start."""
        out = np.full((len(starts), len(goals)), UNREACHED, np.int32)
        if len(goals):
            for i in range(len(starts)):
                out[i] = _least(self.all_from(starts.one(i))[goals.node] + goals.offset, goals)
        return out

    def way(self, start: Ends, goal: Ends) -> tuple[int, list[int], int, int] | None:
        """The quickest way."""
        best: tuple[float, int, int] = (np.inf, -1, -1)
        trees = []
        for s, (node, spent) in enumerate(zip(start.node.tolist(), start.offset.tolist(), strict=True)):
            far, before = dijkstra(self._graph, indices=node, return_predecessors=True)
            trees.append(before)
            total = far[goal.node] + np.where(goal.offset < CLOSED, goal.offset, np.inf)
            g = int(total.argmin())
            if spent < CLOSED and total[g] + spent < best[0]:
                best = (total[g] + spent, s, g)
        if best[0] >= UNREACHED:
            return None
        before, at = trees[best[1]], int(goal.node[best[2]])
        arcs: list[int] = []
        while at != start.node[best[1]]:
            earlier = int(before[at])
            row = slice(int(self._first[earlier]), int(self._first[earlier + 1]))
            arcs.append(int(self._arcs[row][int(np.searchsorted(self._graph.indices[row], at))]))
            at = earlier
        return int(best[0]), arcs[::-1], best[1], best[2]

    def towards(self, nodes: Ints) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """The way from everywhere to the nearest of some expanded nodes.

        Returns:
            For every expanded node the time in ms (infinite where no way leads), the next node on the way (negative at
            its end), and which node the way leads to.
        """
        far, onward, which = dijkstra(self._reverse, indices=nodes, min_only=True, return_predecessors=True)
        return far, onward, which

    def all_from(self, start: Ends, limit: float = np.inf) -> npt.NDArray[np.float64]:
        """Times from one start to every expanded node, infinite beyond ``limit`` ms."""
        return _tree(self._graph, start, limit)

    def all_to(self, goal: Ends, limit: float = np.inf) -> npt.NDArray[np.float64]:
        """Times from every expanded node to one goal, infinite beyond ``limit`` ms."""
        return _tree(self._reverse, goal, limit)


def _tree(graph: csr_array, root: Ends, limit: float) -> npt.NDArray[np.float64]:
    best = np.full(graph.shape[0], np.inf)
    for node, spent in _pairs(root):
        if spent <= limit:
            far = dijkstra(graph, indices=node, limit=limit - spent)
            best = np.minimum(best, far + spent)
    return best


def _pairs(end: Ends) -> list[tuple[int, int]]:
    return [(n, t) for n, t in zip(end.node.tolist(), end.offset.tolist(), strict=True) if t < CLOSED]


def _entry(end: Ends, node: int) -> int:
    """The entry of an end a way joins: the quickest of those at its node."""
    at = np.flatnonzero(end.node == node)
    return int(at[end.offset[at].argmin()])


def _least(times: npt.NDArray[np.float64], ends: Ends) -> Millis:
    """The quickest entry of each end."""
    times = np.where(times < UNREACHED, times, UNREACHED)
    if len(times) != len(ends):
        times = np.minimum.reduceat(times, ends.at[:-1])
    return times.astype(np.int32)
