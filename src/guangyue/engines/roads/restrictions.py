"""Turn restrictions as OSM has them (no_left_turn, only_straight_on, …), made into forbidden arc sequences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from guangyue.engines.roads.arrays import Bools, Ints

__all__ = ["Restriction", "forbidden"]

_LONGEST: Final = 12
"""Arcs a restriction may run over; real ones cross a carriageway or two."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """A restriction relation.

    Attributes:
        only: the named way on is the only one allowed; otherwise it is forbidden.
        from_ways: where one comes from.
        to_ways: where one would go.
        via_node: the junction, or None when ``via_ways`` lead over a connecting way.
        via_ways: the connecting ways.
    """

    only: bool
    from_ways: tuple[int, ...]
    to_ways: tuple[int, ...]
    via_node: int | None = None
    via_ways: tuple[int, ...] = ()


def forbidden(
    restrictions: Sequence[Restriction],
    arcs_of_way: Mapping[int, Sequence[int]],
    node_of_point: Mapping[int, int],
    tail: Ints,
    head: Ints,
    against: Bools,
) -> tuple[list[tuple[int, ...]], int]:
    """The forbidden arc sequences of some restrictions, and how many of these fit no junction of the graph."""
    streets = _Streets(arcs_of_way, tail, head, against)
    banned: dict[tuple[int, ...], None] = {}
    unused = 0
    for restriction in restrictions:
        if restriction.via_node is not None:
            node = node_of_point.get(restriction.via_node, -1)
            chains: list[tuple[int, ...]] = [(arc,) for arc in streets.of(restriction.from_ways) if head[arc] == node]
        else:
            chains = list(streets.chains(restriction))
        fits = False
        goals = set(streets.of(restriction.to_ways))
        for chain in chains:
            onward = [arc for arc in streets.out(int(head[chain[-1]])) if arc in goals]
            if not onward:
                continue
            fits = True
            if not restriction.only:
                banned.update(((*chain, arc), None) for arc in onward)
                continue
            # only_*: leaving the prescribed way at any of its junctions is what is forbidden
            for i in range(1, len(chain) + 1):
                right = {chain[i]} if i < len(chain) else set(onward)
                wrong = (arc for arc in streets.out(int(head[chain[i - 1]])) if arc not in right)
                banned.update(((*chain[:i], arc), None) for arc in wrong)
        unused += not fits
    return list(banned), unused


class _Streets:
    """Which arcs a way has and which leave a node; arcs against one-ways obey no restriction and are left out."""

    def __init__(self, arcs_of_way: Mapping[int, Sequence[int]], tail: Ints, head: Ints, against: Bools) -> None:
        self._arcs_of_way, self._tail, self._head, self._against = arcs_of_way, tail, head, against
        self._by_tail = np.argsort(tail, kind="stable")
        self._sorted = tail[self._by_tail]

    def of(self, ways: Sequence[int]) -> list[int]:
        """The arcs of some ways."""
        return [arc for way in ways for arc in self._arcs_of_way.get(way, ()) if not self._against[arc]]

    def out(self, node: int) -> list[int]:
        """The arcs that leave a node."""
        low, high = np.searchsorted(self._sorted, [node, node + 1])
        return [arc for arc in self._by_tail[low:high].tolist() if not self._against[arc]]

    def chains(self, restriction: Restriction) -> Iterator[tuple[int, ...]]:
        """The ways over the connecting ways that end where a ``to`` arc begins; the shortest for each ``from`` arc."""
        through = set(self.of(restriction.via_ways))
        goals = {int(self._tail[arc]) for arc in self.of(restriction.to_ways)}
        for first in self.of(restriction.from_ways):
            reached: list[tuple[int, ...]] = [(first,)]
            seen = {int(self._tail[first]), int(self._head[first])}
            while reached and len(reached[0]) < _LONGEST:
                ahead = [(*c, arc) for c in reached for arc in self.out(int(self._head[c[-1]])) if arc in through]
                done = [c for c in ahead if int(self._head[c[-1]]) in goals]
                if done:
                    yield from done
                    break
                reached = [c for c in ahead if int(self._head[c[-1]]) not in seen]
                seen.update(int(self._head[c[-1]]) for c in reached)
