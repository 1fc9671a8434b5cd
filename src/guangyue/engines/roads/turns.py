"""Forbidden turns without an edge-based graph.

A forbidden turn is a sequence of arcs that may not be driven one after the other (two for a plain "no left turn",
more where the restriction runs over a connecting way). All sequences form a trie; with its failure links it is the
Aho-Corasick automaton that recognises them. The expanded graph is the product of streets and automaton, of which only
the places that differ are made: beside the original nodes there is one extra node per trie state, namely "at this
junction, having come by the beginning of a forbidden sequence". Ways in the expanded graph are exactly the permitted
ways, so any shortest-path engine answers exactly on it, and a city with a thousand restrictions grows by a thousand
nodes. A turn that is forbidden stays in as an arc marked ``banned``: a crew on an emergency run may make it
(Road Traffic Safety Law art. 53), so one expansion serves every profile.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from guangyue.engines.roads.arrays import Bools, Ints, Longs, csr_offsets

__all__ = ["Topology", "expand"]


@dataclass(frozen=True, eq=False)
class Topology:
    """The expanded graph. Its first arcs are the streets' arcs in their order, leaving the original nodes.

    Attributes:
        nodes: how many expanded nodes there are.
        tail: expanded node each expanded arc leaves, int32.
        head: expanded node each expanded arc reaches, int32.
        base: the street arc behind each expanded arc, int32.
        banned: the expanded arc completes a forbidden sequence, bool.
        street_node: the street node each expanded node stands at, int32.
        copies: the expanded nodes of street node ``v`` are ``copy_nodes[copies[v]:copies[v + 1]]``, int64.
        uses: the expanded arcs over street arc ``a`` are ``use_arcs[uses[a]:uses[a + 1]]``, int64.
    """

    nodes: int
    tail: Ints
    head: Ints
    base: Ints
    banned: Bools
    street_node: Ints
    copies: Longs
    copy_nodes: Ints
    uses: Longs
    use_arcs: Ints


@dataclass(slots=True)
class _State:
    """A trie state: the street node it stands at, what follows, and where to fall back to."""

    node: int
    after: dict[int, int] = field(default_factory=dict)
    fail: int = 0
    ends: bool = False


def expand(nodes: int, tail: Ints, head: Ints, banned_at: Longs, banned_arcs: Ints) -> Topology:
    """The expanded graph of ``nodes`` street nodes and the forbidden sequences given as ragged arrays."""
    states = _automaton(head, banned_at, banned_arcs)
    number: dict[int, int] = {}
    for i, state in enumerate(states):
        if i and not state.ends:
            number[i] = nodes + len(number)

    def leads_to(state: int, arc: int) -> tuple[int, bool]:
        """The expanded node after an arc, and whether the arc completes a forbidden sequence."""
        reached = _step(states, state, arc)
        banned = states[reached].ends
        while reached and states[reached].ends:
            reached = states[reached].fail
        return (number[reached] if reached else int(head[arc])), banned

    new_head = head.astype(np.int32, copy=True)
    for arc in states[0].after:
        new_head[arc] = leads_to(0, arc)[0]
    by_tail = np.argsort(tail, kind="stable")
    first = csr_offsets(tail, nodes)
    extra_tail, extra_head, extra_base, extra_banned = [], [], [], []
    for i, expanded in number.items():
        at = states[i].node
        for arc in by_tail[first[at] : first[at + 1]].tolist():
            to, banned = leads_to(i, arc)
            extra_tail.append(expanded)
            extra_head.append(to)
            extra_base.append(arc)
            extra_banned.append(banned)
    total = nodes + len(number)
    base = np.concatenate([np.arange(len(tail)), np.array(extra_base, np.int64)]).astype(np.int32)
    street_node = np.concatenate([np.arange(nodes), [states[i].node for i in number]]).astype(np.int32)
    return Topology(
        nodes=total,
        tail=np.concatenate([tail, np.array(extra_tail, np.int32)]).astype(np.int32),
        head=np.concatenate([new_head, np.array(extra_head, np.int32)]).astype(np.int32),
        base=base,
        banned=np.concatenate([np.zeros(len(tail), np.bool_), np.array(extra_banned, np.bool_)]),
        street_node=street_node,
        copies=csr_offsets(street_node, nodes),
        copy_nodes=np.argsort(street_node, kind="stable").astype(np.int32),
        uses=csr_offsets(base, len(tail)),
        use_arcs=np.argsort(base, kind="stable").astype(np.int32),
    )


def _automaton(head: Ints, banned_at: Longs, banned_arcs: Ints) -> list[_State]:
    states = [_State(-1)]
    for begin, end in zip(banned_at[:-1].tolist(), banned_at[1:].tolist(), strict=True):
        at = 0
        for arc in banned_arcs[begin:end].tolist():
            if arc not in states[at].after:
                states[at].after[arc] = len(states)
                states.append(_State(int(head[arc])))
            at = states[at].after[arc]
        states[at].ends = end > begin
    queue = deque(states[0].after.values())
    while queue:
        i = queue.popleft()
        for arc, child in states[i].after.items():
            states[child].fail = _step(states, states[i].fail, arc)
            states[child].ends |= states[states[child].fail].ends
            queue.append(child)
    return states


def _step(states: list[_State], state: int, arc: int) -> int:
    while state and arc not in states[state].after:
        state = states[state].fail
    return states[state].after.get(arc, 0)
