"""Does planning per slot beat one standing map on weeks nobody has seen? And what does the gate make of it?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np

from bench.patrol_forecast import EPOCH, chicago
from bench.table import Bench, Row, missing, row

UNITS, REACH_M, WINDOW = 24, 800.0, 28


def measure() -> Iterable[Row]:
    """Three and six slots, 28-day windows 2014–2019; gated against standing."""
    try:
        from scipy import sparse  # type: ignore[import-untyped]
        from scipy.spatial import cKDTree  # type: ignore[import-untyped]

        from guangyue.engines.patrol.events import read_calls
        from guangyue.engines.patrol.forecast import History
        from guangyue.engines.patrol.forecast.share import fit_mixture
        from guangyue.engines.patrol.grid import hex_grid
        from guangyue.engines.patrol.scores import bootstrap
        from guangyue.engines.patrol.tidal import tidal
    except ModuleNotFoundError as error:
        return [missing("patrol.tidal", f"needs {error.name}: the patrol extra")]
    if not chicago().exists():
        return [missing("patrol.tidal", "the Chicago events are not here: set GUANGYUE_DATA")]
    calls = read_calls(chicago(), zone="America/Chicago", rename={"date": "time"}, all_from="call")
    grid, cell = hex_grid(calls.longitude, calls.latitude, resolution=9, areas=7)
    tree = cKDTree(grid.metres)
    pairs = tree.query_pairs(REACH_M, output_type="ndarray")
    both = np.concatenate([pairs, pairs[:, ::-1], np.column_stack([np.arange(len(grid))] * 2)])
    near = sparse.csr_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(len(grid), len(grid)))
    first, end = (dt.date(2014, 1, 1) - EPOCH).days, (dt.date(2020, 1, 1) - EPOCH).days
    origins = list(range(first, end - WINDOW + 1, WINDOW))
    rows = []
    for hours in ((0, 8, 16), (0, 4, 8, 12, 16, 20)):
        history = History(grid=grid, day=calls.day, cell=cell, slot=calls.slot(hours), slots=len(hours))
        mixture = fit_mixture(history, first)
        result = tidal(history, origins, near=near, units=UNITS, horizon=WINDOW, mixture=mixture)
        covered = {way: np.array(values) for way, values in result.covered.items()}
        gain, low, high = bootstrap(covered["gated"] - covered["standing"])
        how = (
            f"{len(hours)} slots, {UNITS} units, {REACH_M:.0f} m, {len(origins)} windows of {WINDOW} days; "
            + ", ".join(f"{way} {values.mean():.4f}" for way, values in covered.items())
        )
        proposed = sum(v.answer == "propose" for v in result.verdicts)
        how += (
            f"; gated − standing {gain:+.4f} ({low:+.4f} to {high:+.4f}); gate proposed in {proposed} of {len(origins)}"
        )
        rows.append(row("patrol.tidal", gain, how, peer="standing", ratio=1 + gain, ok=high >= 0))
    return rows


BENCHES = (Bench(("patrol.tidal",), measure),)
