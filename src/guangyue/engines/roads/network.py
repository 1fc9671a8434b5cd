"""A street graph at certain speeds, ready to answer: who is nearest, how long, which way, how far."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from guangyue.engines.roads.arrays import CLOSED, Ints, Millis
from guangyue.engines.roads.engines import Ends, Engine, Exact, Fast, Skeleton
from guangyue.engines.roads.errors import RoadsError
from guangyue.engines.roads.places import SNAP_LIMIT_M, Places, Snapper, direct_millis, goals_at, starts_at
from guangyue.engines.roads.profile import ORDINARY, Profile, drive_millis, profile_named, whole_millis

if TYPE_CHECKING:
    from guangyue.engines.roads.graph import Graph

__all__ = ["Arrival", "Network", "travel_matrix"]

Where = Places | npt.NDArray[np.integer] | Sequence[int]
"""Places on streets, or node numbers."""


class Arrival(NamedTuple):
    """A crew and when it can be there."""

    crew: int | str
    ms: int

    @property
    def seconds(self) -> float:
        """The travel time in seconds."""
        return self.ms / 1000


class Network:
    """A street graph, a profile and an hour (or live speeds), ready to answer.

    All travel times are whole milliseconds; :data:`~guangyue.engines.roads.arrays.UNREACHED` where no way leads.
    Questions may come from several threads; :meth:`reweight` swaps the times in one step under them.

    Args:
        graph: the streets.
        profile: a manner of driving, or the name of a known one.
        hour: 0 to 23 for the traffic of that hour, None for the daily mean.
        day_off: a weekend or holiday.
        exact: answer by SciPy alone, without the contraction hierarchy.
    """

    def __init__(
        self,
        graph: Graph,
        profile: Profile | str = ORDINARY,
        *,
        hour: int | None = None,
        day_off: bool = False,
        exact: bool = False,
    ) -> None:
        self.graph = graph
        self.profile = profile_named(profile) if isinstance(profile, str) else profile
        self.is_exact = exact
        self._skeleton: Skeleton | None = None
        self._snapper: Snapper | None = None
        self._weights = _Weights(self, self.profile.millis(graph, hour, day_off=day_off))

    @classmethod
    def sharing(
        cls, other: Network, profile: Profile | str, *, hour: int | None = None, day_off: bool = False
    ) -> Network:
        """Another profile on the same streets, sharing all that does not depend on speeds."""
        twin = cls(other.graph, profile, hour=hour, day_off=day_off, exact=other.is_exact)
        twin.adopt(None if other.is_exact else other.skeleton, other.snapper)
        return twin

    def adopt(self, skeleton: Skeleton | None, snapper: Snapper) -> None:
        """Use what another network on the same graph has prepared."""
        self._skeleton, self._snapper = skeleton, snapper

    @property
    def millis(self) -> Millis:
        """The travel time of each arc now, ms, int32[arcs]."""
        return self._weights.millis

    @property
    def skeleton(self) -> Skeleton:
        """What the fast engine prepares once per graph."""
        if self._skeleton is None:
            self._skeleton = Skeleton(self.graph)
        return self._skeleton

    @property
    def snapper(self) -> Snapper:
        """Finds the nearest street of a position."""
        if self._snapper is None:
            self._snapper = Snapper(self.graph)
        return self._snapper

    @property
    def exact(self) -> Exact:
        """The SciPy engine at the present speeds."""
        return self._weights.exact

    def warm(self) -> Network:
        """The network itself with everything prepared, so that the first question is as quick as the next."""
        _ = self._weights.engine
        self.snapper.snap(self.graph.lon[:1], self.graph.lat[:1])
        return self

    def snap(self, lon: npt.ArrayLike, lat: npt.ArrayLike, *, limit_m: float = SNAP_LIMIT_M) -> Places:
        """The nearest place on a street for each position; see :meth:`Snapper.snap`."""
        return self.snapper.snap(lon, lat, limit_m=limit_m)

    def reweight(self, millis: npt.ArrayLike) -> None:
        """Take new travel times for all arcs, ms; :data:`CLOSED` closes one.

        Raises:
            RoadsError: ``roads.shape``, ``roads.time`` (NaN, below 1 ms).
        """
        given = np.asarray(millis)
        self.graph.check_millis(given)
        self._weights = _Weights(self, np.rint(given).astype(np.int32), prepare=True)

    def live(self, arcs: npt.ArrayLike, kmh: npt.ArrayLike, *, closed: npt.ArrayLike = ()) -> None:
        """Take measured speeds on some arcs and close others, on top of the present times.

        Raises:
            RoadsError: ``roads.arc`` for an arc that does not exist, ``roads.speed`` for NaN, zero or less.
        """
        rows, speeds = np.atleast_1d(np.asarray(arcs, np.int64)), np.atleast_1d(np.asarray(kmh, np.float64))
        shut = np.atleast_1d(np.asarray(closed, np.int64))
        for arc in np.concatenate([rows, shut]).tolist():
            if not 0 <= arc < self.graph.arcs:
                raise RoadsError("roads.arc", arc=arc, last=self.graph.arcs - 1)
        if len(rows) != len(speeds):
            raise RoadsError("roads.shape", what="kmh", wanted=len(rows), found=len(speeds))
        wrong = ~(np.isfinite(speeds) & (speeds > 0))
        if wrong.any():
            i = int(wrong.argmax())
            raise RoadsError("roads.speed", **self.graph.where(int(rows[i])), kmh=float(speeds[i]))
        every = np.full(self.graph.arcs, 1.0)
        every[rows] = speeds
        millis = self.millis.copy()
        millis[rows] = whole_millis(drive_millis(self.graph, every))[rows]
        millis[shut] = CLOSED
        self.reweight(millis)

    def matrix(self, sources: Where, targets: Where) -> Millis:
        """Travel times from every source to every target, ms, int32[sources, targets]."""
        weights = self._weights
        out = weights.engine.matrix(self._starts(weights, sources), self._goals(weights, targets))
        return self._with_direct(weights, out, sources, targets)

    def times_to(self, sources: Where, target: Where) -> Millis:
        """Travel times from every source to one target, ms, int32[sources].

        Raises:
            RoadsError: ``roads.shape`` for more than one target or none.
        """
        _one("target", target)
        weights = self._weights
        out = weights.engine.to_one(self._starts(weights, sources), self._goals(weights, target))
        return self._with_direct(weights, out[:, None], sources, target)[:, 0]

    def nearest(
        self, crews: Sequence[int] | Sequence[str], standing: Where, place: Where, *, k: int | None = None
    ) -> list[Arrival]:
        """The crews that can reach a place, soonest first; equal times by crew id (最近警力).

        Args:
            crews: ids, all numbers or all texts.
            standing: where each crew is.
            place: one place.
            k: how many to name; None names all that can come.

        Raises:
            RoadsError: ``roads.no_crews``; ``roads.shape`` when ids and positions differ in number.
        """
        if len(crews) == 0:
            raise RoadsError("roads.no_crews")
        if len(crews) != len(standing):
            raise RoadsError("roads.shape", what="crews", wanted=len(standing), found=len(crews))
        ms = self.times_to(standing, place)
        ids = np.asarray(crews)
        rank = np.lexsort((ids, ms))[:k]
        return [Arrival(crews[i], t) for i, t in zip(rank.tolist(), ms[rank].tolist(), strict=True) if t < CLOSED]

    def starts(self, places: Where) -> Ends:
        """How ways begin at places, for the engines."""
        return self._starts(self._weights, places)

    def goals(self, places: Where) -> Ends:
        """How ways end at places, for the engines."""
        return self._goals(self._weights, places)

    def way(self, start: Where, goal: Where) -> tuple[int, list[int], int, int] | None:
        """The quickest way between two places by the engine in use: see :meth:`Engine.way`.

        Raises:
            RoadsError: ``roads.shape`` for more than one place at either end.
        """
        _one("start", start)
        _one("goal", goal)
        weights = self._weights
        return weights.engine.way(self._starts(weights, start), self._goals(weights, goal))

    def _starts(self, weights: _Weights, places: Where) -> Ends:
        if isinstance(places, Places):
            return starts_at(self.graph, weights.millis, places)
        return _plain(self.graph.check_nodes(places))

    def _goals(self, weights: _Weights, places: Where) -> Ends:
        if isinstance(places, Places):
            return goals_at(self.graph, weights.millis, places, obeys_turns=self.profile.obeys_turns)
        nodes, topology = self.graph.check_nodes(places), self.graph.topology
        if topology.nodes == self.graph.nodes:
            return _plain(nodes)
        counts = topology.copies[nodes + 1] - topology.copies[nodes]
        at = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        within = np.arange(at[-1]) - np.repeat(at[:-1], counts)
        copies = topology.copy_nodes[np.repeat(topology.copies[nodes], counts) + within]
        return Ends(copies, np.zeros(len(copies), np.int64), at)

    def _with_direct(self, weights: _Weights, out: Millis, sources: Where, targets: Where) -> Millis:
        if isinstance(sources, Places) and isinstance(targets, Places):
            return np.minimum(out, direct_millis(self.graph, weights.millis, sources, targets))
        return out


class _Weights:
    """Travel times and the engines made for them; replaced whole, never changed."""

    def __init__(self, network: Network, millis: Millis, *, prepare: bool = False) -> None:
        self.millis = millis
        self._network = network
        if prepare:
            _ = self.engine

    @cached_property
    def expanded(self) -> Millis:
        topology = self._network.graph.topology
        ms = self.millis[topology.base]
        return np.where(self._network.profile.passable(topology.banned), ms, CLOSED).astype(np.int32)

    @cached_property
    def exact(self) -> Exact:
        return Exact(self._network.graph, self.expanded)

    @cached_property
    def engine(self) -> Engine:
        return self.exact if self._network.is_exact else Fast(self._network.skeleton, self.expanded)


def _one(what: str, places: Where) -> None:
    if len(places) != 1:
        raise RoadsError("roads.shape", what=what, wanted=1, found=len(places))


def _plain(nodes: Ints) -> Ends:
    return Ends(nodes, np.zeros(len(nodes), np.int64), np.arange(len(nodes) + 1, dtype=np.int64))


def travel_matrix(
    graph: Graph,
    sources: Where,
    targets: Where,
    profile: Profile | str = ORDINARY,
    *,
    hour: int | None = None,
    day_off: bool = False,
) -> Millis:
    """Travel times from every source to every target, ms, int32[sources, targets] (出行时间矩阵)."""
    return Network(graph, profile, hour=hour, day_off=day_off).matrix(sources, targets)
