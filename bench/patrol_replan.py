"""From a street graph file and a demand table to fifteen routes and nine outposts with their promise: the whole way."""

from __future__ import annotations

import time
from collections.abc import Iterable

import numpy as np

from bench.patrol_plan import instance
from bench.table import Bench, Row, missing, row

SEARCH_S = 15.0
BLOCKS = 12


def measure() -> Iterable[Row]:
    """Loading the saved graph, snapping, travel times, outposts, routes, promise; everything but reading Python itself."""
    try:
        import tempfile
        from pathlib import Path

        from guangyue.engines.patrol.drives import legs
        from guangyue.engines.patrol.place import located
        from guangyue.engines.patrol.plan import Demand, Settings, plan
        from guangyue.engines.patrol.routing import Budget, warm_up
        from guangyue.engines.roads import from_jemss, save
    except ModuleNotFoundError as error:
        return [missing("patrol.replan", f"needs {error.name}: the patrol extra")]
    source = instance().parents[1] / "geo" / "jemss_cities" / "edmonton" / "roads" / "roads.zip"
    if not source.exists():
        return [missing("patrol.replan", "the Edmonton roads are not here: set GUANGYUE_DATA")]
    data = np.load(instance())
    lon, lat = data["lonlat"].T
    calls = data["prize"] / data["prize"].sum() * 60
    angle = np.arctan2(lat - np.median(lat), lon - np.median(lon))
    block = ((angle + np.pi) / (2 * np.pi) * BLOCKS).astype(np.int64) % BLOCKS
    crews = [
        {"name": str(k + 1), "lon": lon[data["depots"][k // 3]], "lat": lat[data["depots"][k // 3]]} for k in range(15)
    ]
    warm_up()
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "edmonton.roads"
        save(from_jemss(source).main_part()[0], graph)
        began = time.monotonic()
        ready = located(graph, lon, lat, crews, [])
        matrix = time.monotonic() - began
        calls, block = calls[ready.cells], block[ready.cells]
        demand = Demand.of(
            calls, 0.05, block, tuple(f"block {b + 1}" for b in range(BLOCKS)), tuple(map(str, ready.cells))
        )
        wishes = Settings(budget=Budget(seconds=SEARCH_S))
        made = plan(ready.travel, demand, ready.crews, settings=wishes, answer=ready.answer)
        ways = legs(made, ready)
        took = time.monotonic() - began
    promise = made.promise
    how = (
        f"with {len(ways)} ways along the streets; graph and travel times {matrix:.1f} s, search {made.solution.seconds:.1f} s, outposts "
        f"{'proved best' if made.siting.optimal else 'not proved'}; {promise.passed:.1%} of the calls passed, "
        f"{promise.near[0]:.1%} near, {promise.response[0]:.1f} min; blocks below their floor: {len(made.below_floor)}"
    )
    return [row("patrol.replan", took, how, ok=len(made.outposts) == 9 and len(ready.crews) == 15)]


BENCHES = (Bench(("patrol.replan",), measure),)
