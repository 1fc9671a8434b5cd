"""Travel times on the Edmonton graph beside SciPy, pandana, igraph and networkx; loading on the Manhattan extract.

All engines get the same whole milliseconds and the same questions in one run, and must give the same answers (pandana
rounds each arc: within 0.6 s). Every question moves all 200 crews, as they move in the street.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.peers import PeerMissingError, python
from bench.table import Bench, Row, missing, row
from guangyue.engines.roads import SIREN, Network, from_jemss, load, save
from guangyue.engines.roads.osm import from_osm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guangyue.engines.roads import Graph

HERE = Path(__file__).parent
DATA = Path(os.environ.get("GUANGYUE_DATA", HERE.parent.parent / "shared" / "data")) / "geo" / "jemss_cities"
QUESTIONS, OF_PEERS, CREWS, POINTS = 600, 40, 200, 300
PEERS = {"scipy": 0, "igraph": 0, "networkx": 0, "pandana": 600}
"""Peer → how far its answers may lie from ours, ms."""


@dataclass(frozen=True)
class Work:
    """The questions everyone gets: crews and a place each, and the points of the matrix."""

    crews: np.ndarray
    place: np.ndarray
    points: np.ndarray

    @classmethod
    def on(cls, graph: Graph) -> Work:
        """Random questions on a graph; no two crews on one node, which igraph refuses."""
        rng = np.random.default_rng(8)
        crews = np.stack([rng.choice(graph.nodes, CREWS, replace=False) for _ in range(QUESTIONS)]).astype(np.int32)
        place = rng.integers(0, graph.nodes, (QUESTIONS, 1)).astype(np.int32)
        return cls(crews, place, rng.choice(graph.nodes, POINTS, replace=False).astype(np.int32))


def travel() -> Iterator[Row]:
    """200 crews to one place, new weights, 300 × 300."""
    source = DATA / "edmonton" / "roads" / "roads.zip"
    if not source.exists():
        for name in ("roads.nearest", "roads.reweight", "roads.matrix"):
            yield missing(name, f"no {source.name} under GUANGYUE_DATA")
        return
    graph = from_jemss(source)
    network, work = Network(graph, SIREN).warm(), Work.on(graph)
    took, cpu, found = _nearest(network, work)
    began = time.perf_counter()
    matrix = network.matrix(work.points, work.points)
    matrix_s = time.perf_counter() - began
    try:
        peers = _peers(network, work)
    except (PeerMissingError, subprocess.CalledProcessError) as error:
        yield missing("roads.nearest", f"peers could not run: {error}")
        peers = {}
    how = f"Edmonton, {graph.nodes:,} nodes, {QUESTIONS} questions, all crews moved; median {np.median(took):.2f} ms"
    how += f", CPU p95 {np.percentile(cpu, 95):.2f} ms"
    for name, slack in PEERS.items() if peers else ():
        same = bool(np.all(np.abs(peers[f"{name}_found"] - found) <= slack))
        p95, median = float(np.percentile(peers[name], 95)), float(np.median(peers[name]))
        told = f"{how}; {name} median {median:.2f} ms; answers {'equal' if same else 'DIFFER'}"
        yield row("roads.nearest", float(np.percentile(took, 95)), told, peer=name, peer_value=p95, ok=same)
    yield _reweight(network, work)
    for name in ("scipy", "pandana") if peers else ():
        same = bool(np.all(np.abs(peers[f"{name}_matrix_found"] - matrix) <= PEERS[name]))
        told = f"{POINTS} × {POINTS} on Edmonton; answers {'equal' if same else 'DIFFER'}"
        yield row("roads.matrix", matrix_s, told, peer=name, peer_value=float(peers[f"{name}_matrix"]), ok=same)


def _nearest(network: Network, work: Work) -> tuple[list[float], list[float], np.ndarray]:
    """The time and CPU time of each question in ms, and what the peers' questions found."""
    ids = list(range(CREWS))
    took, found = [], np.full((OF_PEERS, CREWS), np.inf)
    cpu = []
    for i in range(-20, QUESTIONS):
        cpu_began, began = time.process_time(), time.perf_counter()
        arrivals = network.nearest(ids, work.crews[i], work.place[i])
        spent = (time.perf_counter() - began) * 1000
        if i >= 0:
            took.append(spent)
            cpu.append((time.process_time() - cpu_began) * 1000)
        if 0 <= i < OF_PEERS:
            for crew, ms in arrivals:
                found[i, int(crew)] = ms
    return took, cpu, found


def _reweight(network: Network, work: Work) -> Row:
    """New times for every arc, until the fast path answers with them; equal to SciPy on the same times."""
    rng = np.random.default_rng(9)
    took = []
    for _ in range(15):
        ms = np.maximum(1, np.rint(network.millis * rng.uniform(0.7, 1.4, network.graph.arcs)))
        began = time.perf_counter()
        network.reweight(ms)
        network.times_to(work.crews[0], work.place[0])
        took.append((time.perf_counter() - began) * 1000)
    exact = Network(network.graph, SIREN, exact=True)
    exact.reweight(network.millis)
    asked = list(zip(work.crews[:9], work.place[:9], strict=True))
    same = all(np.array_equal(exact.times_to(c, p), network.times_to(c, p)) for c, p in asked)
    how = f"all {network.graph.arcs:,} arcs, to the first answer, median of 15; answers {'equal' if same else 'DIFFER'}"
    return row("roads.reweight", float(np.median(took)), how, ok=same)


def _peers(network: Network, work: Work) -> dict[str, Any]:
    graph, first = network.graph, slice(OF_PEERS)
    with tempfile.TemporaryDirectory() as folder:
        asked, answers = Path(folder) / "asked.npz", Path(folder) / "answers.npz"
        np.savez(
            asked, n=graph.nodes, tail=graph.tail, head=graph.head, ms=network.millis, x=graph.lon, y=graph.lat,
            crews=work.crews[first], place=work.place[first, 0], points=work.points,
        )  # fmt: skip
        script = HERE / "peers" / "roads_peers.py"
        with (Path(folder) / "log").open("w") as log:
            subprocess.run([str(python("roads")), str(script), str(asked), str(answers)], check=True, stdout=log)
        return dict(np.load(answers))


def loading() -> Iterator[Row]:
    """From an extract, and from a saved file, to a graph that has answered once from a position."""
    source = DATA / "manhattan.osm.pbf"
    if not source.exists():
        yield missing("roads.load", "no manhattan.osm.pbf under GUANGYUE_DATA")
        yield missing("roads.reload", "no manhattan.osm.pbf under GUANGYUE_DATA")
        return
    began = time.perf_counter()
    built = from_osm(source)
    _asked(Network(built.graph, SIREN))
    yield row("roads.load", time.perf_counter() - began, f"{built.ways:,} ways, contraction order included")
    with tempfile.TemporaryDirectory() as folder:
        edmonton = from_jemss(DATA / "edmonton" / "roads" / "roads.zip")
        for name, graph in (("Manhattan", built.graph), ("Edmonton", edmonton)):
            path = Path(folder) / name
            wanted = _asked(Network(save(graph, path), SIREN))
            took = []
            for _ in range(5):
                began = time.perf_counter()
                answer = _asked(Network(load(path), SIREN))
                took.append(time.perf_counter() - began)
            how = f"{name}, {graph.nodes:,} nodes, {path.stat().st_size / 1e6:.1f} MB, median of 5 to the first answer"
            yield row("roads.reload", float(np.median(took)), how, ok=answer == wanted)


def _asked(network: Network) -> list[Any]:
    graph = network.graph
    some = np.arange(0, graph.nodes, graph.nodes // 50)
    standing = network.snap(graph.lon[some], graph.lat[some])
    return network.nearest(list(range(len(some))), standing, standing.take([7]))


BENCHES = (
    Bench(("roads.nearest", "roads.reweight", "roads.matrix"), travel),
    Bench(("roads.load", "roads.reload"), loading),
)
