"""Street graphs to test with: random ones, a small town drawn by hand, and the real ones when they are there."""

from __future__ import annotations

import heapq
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from guangyue.engines.roads import CLOSED, Graph, from_edges

DATA = Path(os.environ.get("GUANGYUE_DATA", Path(__file__).parents[4] / "shared" / "data"))


def real(name: str) -> Path:
    """A real file, or a skip that says what is missing."""
    path = DATA / "geo" / name
    if not path.exists():
        pytest.skip(f"no {name} under GUANGYUE_DATA ({DATA})")
    return path


@st.composite
def graphs(draw: st.DrawFn, *, most_nodes: int = 12) -> Graph:
    """A random graph: parallel arcs, loops, one-ways, two-ways, dead ends, forbidden turns of two to four arcs."""
    n = draw(st.integers(2, most_nodes))
    node = st.integers(0, n - 1)
    arcs = draw(st.lists(st.tuples(node, node, st.booleans(), st.integers(1, 60)), min_size=1, max_size=4 * n))
    tail, head, seconds = [], [], []
    for a, b, both, time in arcs:
        tail.append(a), head.append(b), seconds.append(time)
        if both:
            tail.append(b), head.append(a), seconds.append(time + 1)
    lon = 116.0 + np.array(draw(st.lists(st.integers(0, 99), min_size=n, max_size=n))) / 1000
    lat = 36.4 + np.arange(n) / 1000
    banned = []
    for first in draw(st.lists(st.integers(0, len(tail) - 1), max_size=5)):
        chain = [first]
        for _ in range(draw(st.integers(1, 3))):
            onward = [a for a in range(len(tail)) if tail[a] == head[chain[-1]]]
            if not onward:
                break
            chain.append(onward[draw(st.integers(0, len(onward) - 1))])
        if len(chain) > 1:
            banned.append(chain)
    return from_edges(
        lon, lat, tail, head, metres=np.array(seconds) * 10.0, seconds={"ordinary": seconds}, banned=banned
    )


def by_hand(graph: Graph, millis: np.ndarray, source: int, *, obeys_turns: bool = True) -> np.ndarray:
    """Travel times from a node to all nodes the plainest way: a search over the last arcs driven."""
    banned = [
        tuple(graph.banned_arcs[graph.banned_at[b] : graph.banned_at[b + 1]].tolist())
        for b in range(len(graph.banned_at) - 1)
    ]
    longest = max((len(b) for b in banned), default=1)
    out = np.full(graph.nodes, CLOSED, np.int64)
    best = {}
    queue = [(0, source, ())]
    while queue:
        time, node, driven = heapq.heappop(queue)
        if best.get((node, driven), CLOSED) <= time:
            continue
        best[node, driven] = time
        out[node] = min(out[node], time)
        for arc in np.flatnonzero(graph.tail == node).tolist():
            trail = (*driven, arc)
            if obeys_turns and any(trail[-len(b) :] == b for b in banned):
                continue
            if millis[arc] < CLOSED:
                heapq.heappush(
                    queue,
                    (time + int(millis[arc]), int(graph.head[arc]), trail[-(longest - 1) :] if longest > 1 else ()),
                )
    return out
