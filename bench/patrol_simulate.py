"""One million calls against 60 crews on the Edmonton streets, and 10,000 of them again with exact routing.

Places are H3 cells of resolution 9 that hold street nodes (about 3,900), calls fall on the nodes themselves. 15 rounds
through the patrol instance's richest cells with three crews each, 9 posts with the rest. The travel-time table is laid
out before the clock starts; the compiled loop is warm.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import h3
import numpy as np
from scipy.cluster.vq import kmeans2  # type: ignore[import-untyped]

from bench.table import Bench, Row, missing, row
from guangyue.engines.patrol.simulate import Calls, Crews, Rule, simulate, simulate_plainly
from guangyue.engines.patrol.simulate.habits import Habits, draw_calls
from guangyue.engines.patrol.simulate.streets import FromStreets, Ground, lay_out, post, round_trip
from guangyue.engines.roads import ORDINARY, PATROL, SIREN, Graph, Network, from_jemss

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guangyue.engines.patrol.simulate import Outcome

DATA = Path(os.environ.get("GUANGYUE_DATA", Path(__file__).parents[2] / "shared" / "data"))
CALLS, SAMPLE, CREWS, PER_DAY = 1_000_000, 10_000, 60, 900.0
ROUNDS, POSTS, RESOLUTION, WITHIN = 15, 9, 9, 0.02


@dataclass(frozen=True)
class Edmonton:
    """The scenario: networks, table, crews, and the street nodes of every place."""

    siren: Network
    ordinary: Network
    patrol: Network
    ground: Ground
    crews: Crews
    nodes: np.ndarray
    at: np.ndarray
    laid_s: float

    def calls(self, count: int, seed: int) -> Calls:
        """Calls on the streets' nodes."""
        return draw_calls(
            self.ground.city, Habits(), count, PER_DAY, seed=seed, nodes=self.nodes, nodes_at=self.at
        )  # fmt: skip


def edmonton(graph: Graph, instance: Path) -> Edmonton:
    """Cells, rounds, posts and crews; the same every time."""
    siren = Network(graph, SIREN)
    ordinary, patrol = Network.sharing(siren, ORDINARY), Network.sharing(siren, PATROL)
    cells = [h3.latlng_to_cell(lat, lon, RESOLUTION) for lat, lon in zip(graph.lat, graph.lon, strict=True)]
    _, cell, count = np.unique(cells, return_inverse=True, return_counts=True)
    nodes = np.argsort(cell, kind="stable").astype(np.int32)
    at = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    # the node nearest to the middle of a cell's nodes stands for it
    lon, lat = np.bincount(cell, graph.lon) / count, np.bincount(cell, graph.lat) / count
    away = np.hypot((graph.lon - lon[cell]) * np.cos(np.radians(graph.lat)), graph.lat - lat[cell])
    middle = np.lexsort((away, cell))[at[:-1]]
    with np.load(instance) as box:
        prize, where, spot = box["prize"], box["lonlat"], box["node"]
    _, group = kmeans2(where, ROUNDS, seed=5, minit="++")
    rounds = []
    for k in range(ROUNDS):
        mine = np.flatnonzero(group == k)
        best = mine[np.argsort(-prize[mine], kind="stable")[:6]]
        centre = where[best].mean(axis=0)
        turn = np.argsort(np.arctan2(*(where[best] - centre).T))
        rounds.append(round_trip(patrol, spot[best][turn].tolist(), 600))
    rounds += [post(int(n)) for n in spot[np.argsort(-prize, kind="stable")[:POSTS]]]
    began = time.perf_counter()
    ground = lay_out(siren, ordinary, middle, rounds, weight=count)
    laid_s = time.perf_counter() - began
    track = np.concatenate([np.repeat(np.arange(ROUNDS), 3), np.arange(CREWS - 3 * ROUNDS) % POSTS + ROUNDS])
    period = np.array([t.period_ms for t in ground.tracks])[track]
    crews = ground.crews(track, phase_ms=period * (np.arange(CREWS) % 3) // 3)
    return Edmonton(siren, ordinary, patrol, ground, crews, nodes, at, laid_s)


def measure() -> Iterator[Row]:
    """The million, then the sample with exact routing."""
    source, instance = DATA / "geo/jemss_cities/edmonton/roads/roads.zip", DATA / "patrol_instance/edmonton_300.npz"
    if not source.exists() or not instance.exists():
        yield missing("patrol.simulate", "no Edmonton roads or patrol instance under GUANGYUE_DATA")
        return
    town = edmonton(from_jemss(source), instance)
    city = town.ground.city
    rules = (Rule(), Rule(kind="mexclp"))
    for rule in rules:
        simulate(city, town.crews, town.calls(50, 0), rule)
    million = town.calls(CALLS, 1)
    took, cpu, runs = [], [], []
    for rule in rules:
        cpu_began, began = time.process_time(), time.perf_counter()
        runs.append(simulate(city, town.crews, million, rule))
        took.append(time.perf_counter() - began)
        cpu.append(time.process_time() - cpu_began)
    sample = town.calls(SAMPLE, 2)
    table = simulate(city, town.crews, sample, rules[0])
    streets = FromStreets(town.siren, town.ordinary, town.patrol, city, town.crews, sample)
    exact = simulate_plainly(city, town.crews, sample, rules[0], streets)
    apart = {
        name: ours / theirs - 1
        for (name, ours), theirs in zip(figures(table).items(), figures(exact).values(), strict=True)
    }
    agreed = max(abs(v) for v in apart.values()) <= WITHIN
    told = ", ".join(f"{name} {100 * v:+.1f} %" for name, v in apart.items())
    late = [(run.response_ms[million.priority == 1] > 480_000).mean() for run in runs]
    how = (
        f"CPU {cpu[0]:.1f} s; {city.places:,} places, {len(city.stop_node):,} stops, table laid out in {town.laid_s:.0f} s before; "
        f"table against exact routing on {SAMPLE:,} calls: {told}; "
        f"with MEXCLP-aware dispatch {took[1]:.1f} s, urgent calls later than 8 min {100 * late[1]:.2f} % "
        f"against {100 * late[0]:.2f} % with the closest crew"
    )
    yield row("patrol.simulate", took[0], how, ok=agreed)


def figures(run: Outcome) -> dict[str, float]:
    """What must agree: response over all calls and over the urgent ones, busy crews."""
    seconds = run.response_ms / 1000
    urgent = seconds[run.calls.priority == 1]
    return {
        "mean": float(seconds.mean()),
        "median": float(np.median(seconds)),
        "p90": float(np.percentile(seconds, 90)),
        "urgent mean": float(urgent.mean()),
        "urgent median": float(np.median(urgent)),
        "busy": float(run.busy_ms.sum()),
    }


BENCHES = (Bench(("patrol.simulate",), measure),)
