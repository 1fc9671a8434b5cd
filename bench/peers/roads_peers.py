"""Runs in the peers' environment: the same questions to SciPy, igraph, networkx and pandana.

``python roads_peers.py WORK.npz ANSWERS.npz``; work and answers are arrays, times in milliseconds per question.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import igraph
import networkx as nx
import numpy as np
import pandana
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def timed(ask: Callable[[Any, int], Any], questions: Sequence[Any]) -> tuple[np.ndarray, np.ndarray]:
    """How long each question took, ms, and the answers."""
    took, found = [], []
    for crews, place in questions:
        began = time.perf_counter()
        found.append(ask(crews, int(place)))
        took.append((time.perf_counter() - began) * 1000)
    return np.array(took), np.array(found, float)


def main() -> None:
    """Ask everyone everything."""
    work = np.load(sys.argv[1])
    n, tail, head, ms = int(work["n"]), work["tail"], work["head"], work["ms"]
    questions = list(zip(work["crews"], work["place"], strict=True))
    points = work["points"]
    answers = {}

    graph = csr_array((ms.astype(float), (tail, head)), shape=(n, n))
    reverse = graph.T.tocsr()
    answers["scipy"], answers["scipy_found"] = timed(lambda c, p: dijkstra(reverse, indices=p)[c], questions)
    began = time.perf_counter()
    answers["scipy_matrix_found"] = dijkstra(graph, indices=points)[:, points]
    answers["scipy_matrix"] = time.perf_counter() - began

    g = igraph.Graph(n=n, edges=np.column_stack([tail, head]).tolist(), directed=True)
    weights = ms.tolist()
    answers["igraph"], answers["igraph_found"] = timed(
        lambda c, p: g.distances(source=[p], target=c.tolist(), weights=weights, mode="in")[0], questions
    )

    net = nx.DiGraph()
    net.add_weighted_edges_from(zip(head.tolist(), tail.tolist(), ms.tolist(), strict=True))

    def by_networkx(crews: np.ndarray, place: int) -> list[float]:
        far = nx.single_source_dijkstra_path_length(net, place)
        return [far.get(c, np.inf) for c in crews.tolist()]

    answers["networkx"], answers["networkx_found"] = timed(by_networkx, questions)

    # pandana keeps weights in thousandths as unsigned integers, so it is given seconds
    x, y = pd.Series(work["x"]), pd.Series(work["y"])
    pan = pandana.Network(x, y, pd.Series(tail), pd.Series(head), pd.DataFrame({"s": ms / 1000}), twoway=False)

    def by_pandana(crews: np.ndarray, place: int) -> np.ndarray:
        return np.array(pan.shortest_path_lengths(crews, np.full(len(crews), place), imp_name="s")) * 1000

    answers["pandana"], answers["pandana_found"] = timed(by_pandana, questions)
    began = time.perf_counter()
    all_from, all_to = np.repeat(points, len(points)), np.tile(points, len(points))
    lengths = np.array(pan.shortest_path_lengths(all_from, all_to, imp_name="s")) * 1000
    answers["pandana_matrix"] = time.perf_counter() - began
    answers["pandana_matrix_found"] = lengths.reshape(len(points), len(points))
    np.savez(sys.argv[2], **answers)


if __name__ == "__main__":
    main()
