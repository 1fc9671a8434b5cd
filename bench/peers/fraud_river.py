"""river's rolling statistics on the ten-feature workload: the six it can do. Run with the peer's interpreter."""

from __future__ import annotations

import datetime as dt
import sys
import time

import numpy as np
from river import stats, utils


def main(work: str, result: str) -> None:
    """Reads the events, writes the values and the seconds it took."""
    data = np.load(work)
    hour = dt.timedelta(hours=1) - dt.timedelta(milliseconds=1)  # its window is closed at both ends
    epoch = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - river compares with a moment without a zone
    moments = [epoch + dt.timedelta(milliseconds=t) for t in data["t"].tolist()]
    keys, amounts, kinds = data["key"].tolist(), data["amount"].tolist(), data["kind"].tolist()
    per_key: dict[int, tuple[utils.TimeRolling, ...]] = {}
    out = np.full((len(keys), 6), np.nan)
    began = time.perf_counter()
    for i, (key, t, x, kind) in enumerate(zip(keys, moments, amounts, kinds, strict=True)):
        if key not in per_key:
            made = (stats.Sum, stats.Sum, stats.Mean, stats.Var, stats.Sum, stats.Sum)
            per_key[key] = tuple(
                utils.TimeRolling(m, period=hour, **({"ddof": 0} if m is stats.Var else {})) for m in made
            )
        count, total, mean, var, some, some_total = per_key[key]
        hit = 1 if kind == 1 else 0
        count.update(1, t=t)
        total.update(x, t=t)
        mean.update(x, t=t)
        var.update(x, t=t)
        some.update(hit, t=t)
        some_total.update(x * hit, t=t)
        out[i] = (count.get(), total.get(), mean.get(), var.get() ** 0.5, some.get(), some_total.get())
    np.savez(result, values=out, seconds=time.perf_counter() - began)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
