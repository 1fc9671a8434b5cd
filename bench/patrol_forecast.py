"""The forecast on ten years of real events: rolling windows, each forecast from its past alone, beside simple maps.

The design (memories, strata, windows) was chosen on 2013–2017; 2018–2019 were looked at only to be reported. Counts as
baselines get their best chance: for the deviance they are scaled to our own forecast of the total and mixed with the
even share that suits each best in hindsight, without which a cell never seen before would make them infinitely wrong.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from bench.table import Bench, Row, missing, row

HORIZONS = {7: 28, 30: 28, 90: 84}
"""Days forecast → days from one window to the next."""
SQUARE_HALF_MILE_M2 = 1_294_994.0
EPOCH = dt.date(1970, 1, 1)


def chicago() -> Path:
    """The events, wherever the shared data lie."""
    root = Path(os.environ.get("GUANGYUE_DATA", Path(__file__).parents[2] / "shared" / "data"))
    return root / "geo" / "chicago_assaults_2010_2019" / "chicago_aggravated_assaults.csv.gz"


def measure() -> Iterable[Row]:
    """One row per horizon."""
    try:
        from guangyue.engines.patrol.backtest import backtest
        from guangyue.engines.patrol.events import read_calls
        from guangyue.engines.patrol.forecast import History
        from guangyue.engines.patrol.grid import square_grid
    except ModuleNotFoundError as error:
        return [missing("patrol.forecast", f"needs {error.name}: the patrol extra")]
    if not chicago().exists():
        return [missing("patrol.forecast", "the Chicago events are not here: set GUANGYUE_DATA")]
    calls = read_calls(chicago(), zone="America/Chicago", rename={"date": "time"}, all_from="call")
    grid, cell = square_grid(calls.longitude, calls.latitude)
    history = History(grid=grid, day=calls.day, cell=cell, slot=np.zeros(len(cell), np.int64), slots=1)
    cells = round(SQUARE_HALF_MILE_M2 / grid.area_m2)
    rows = []
    first, end = ((dt.date(2018, 1, 1) - EPOCH).days, (dt.date(2020, 1, 1) - EPOCH).days)
    for horizon, step in HORIZONS.items():
        result = backtest(history, list(range(first, end - horizon + 1, step)), horizon=horizon, cells=cells)
        rows.append(_row(horizon, result))
    return rows


def _row(horizon: int, result: object) -> Row:
    from guangyue.engines.patrol.backtest import Backtest
    from guangyue.engines.patrol.scores import bootstrap

    assert isinstance(result, Backtest)
    ours = result.pei["forecast"]
    others = {name: float(np.mean(values)) for name, values in result.pei.items() if name != "forecast"}
    best = max(others, key=others.__getitem__)
    gain = {n: bootstrap(np.array(result.deviance[n]) - np.array(result.deviance["forecast"])) for n in others}
    nearest = min(gain, key=lambda n: gain[n][0])
    difference = bootstrap(np.array(ours) - np.array(result.pei[best]))
    cover = result.cover
    # The city's total is one figure a window: its cover moves in steps of 1 / windows and is shown, not judged.
    good = (
        float(np.mean(ours)) >= others[best]
        and gain[nearest][1] > 0
        and all(0.88 <= cover[scale] <= 0.92 for scale in ("cell", "area"))
    )
    how = (
        f"{horizon} days, {len(ours)} windows 2018–2019, 152 m squares, 0.5 square miles; PEI difference "
        f"{difference[0]:+.4f} (90 % {difference[1]:+.4f} to {difference[2]:+.4f}); deviance per window lower by "
        f"{gain[nearest][0]:,.0f} ({gain[nearest][1]:,.0f} to {gain[nearest][2]:,.0f}) than {nearest}; 90 % intervals cover "
        + ", ".join(f"{scale} {share:.1%}" for scale, share in cover.items())
        + "; others: " + ", ".join(f"{n} {v:.3f}" for n, v in others.items())
    )  # fmt: skip
    return row("patrol.forecast", float(np.mean(ours)), how, peer=best, peer_value=others[best], ok=good)


BENCHES = (Bench(("patrol.forecast",), measure),)
