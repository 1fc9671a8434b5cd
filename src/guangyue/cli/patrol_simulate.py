"""``guangyue patrol simulate``: a plan played against calls, rule beside rule, with the 1-3-5 classes."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import click
import numpy as np
import polars as pl

from guangyue.cli.patrol_parts import FILE, FOLDER, progress, refusing, say
from guangyue.engines.patrol import draw
from guangyue.engines.patrol.inputs import read_blocks, read_sites, read_table
from guangyue.engines.patrol.plan_files import read_plan
from guangyue.engines.patrol.play import stage
from guangyue.engines.patrol.simulate.calibrate import Shapes
from guangyue.engines.patrol.simulate.report import report
from guangyue.engines.patrol.simulate.scenario import TIER_S
from guangyue.engines.roads import load

__all__ = ["simulate_"]


@click.command("simulate")
@click.argument("expected", type=FILE)
@click.argument("planned", type=FILE)
@click.option("--roads", "graph", type=FILE, required=True, help="A graph of `guangyue roads build`.")
@click.option("--calls", "number", default=100_000, show_default=True, type=click.IntRange(1), help="Calls to play.")
@click.option("--per-day", default=400.0, show_default=True, type=click.FloatRange(0, min_open=True),
              help="Calls of all kinds in a day.")  # fmt: skip
@click.option(
    "--rule", type=click.Choice(["closest", "mexclp"]), multiple=True, default=("closest", "mexclp"), show_default=True
)
@click.option("--sites", type=FILE, help="Sites of the 1-3-5 rule: name, lon, lat, class (1, 3 or 5).")
@click.option("--blocks", type=FILE, help="GeoJSON polygons with a name; figures per block.")
@click.option("--calibrate", nargs=3, type=float, metavar="BUSY URGENT ALL",
              help="Match a city: share of time crews are busy, median minutes to urgent and to all calls.")  # fmt: skip
@click.option("--seed", default=1, show_default=True)
@click.option("--into", type=FOLDER, default=Path("patrol"), show_default=True, help="Folder for the results.")
@refusing
def simulate_(
    expected: Path, planned: Path, graph: Path, number: int, per_day: float, rule: tuple[Any, ...], sites: Path | None,
    blocks: Path | None, calibrate: tuple[float, float, float] | None, seed: int, into: Path,
) -> None:  # fmt: skip
    """Play calls where EXPECTED (the table of `forecast`) has them against PLANNED (plan.geojson), round the clock."""
    began = time.monotonic()
    table = read_table(expected, ("cell", "longitude", "latitude", "expected"))
    cells = table.group_by("cell", maintain_order=True).agg(
        pl.col("expected").sum(), pl.col("longitude").first(), pl.col("latitude").first()
    )
    longitude, latitude = cells["longitude"].to_numpy(), cells["latitude"].to_numpy()
    block, names = read_blocks(blocks, longitude, latitude) if blocks else (None, ())
    shapes = None
    if calibrate is not None:
        shapes = Shapes(busy=calibrate[0], urgent_median_s=calibrate[1] * 60, median_s=calibrate[2] * 60)
    ready = stage(
        load(graph), read_plan(planned), longitude, latitude, cells["expected"].to_numpy(), calls=number, per_day=per_day,
        seed=seed, sites=read_sites(sites) if sites else None, block=block, shapes=shapes, tick=progress,
    )  # fmt: skip
    into.mkdir(parents=True, exist_ok=True)
    say(f"铺设与抽样 {time.monotonic() - began:.1f}秒", f"laid out in {time.monotonic() - began:.1f} s", err=True)
    told, runs = {}, {}
    for name in dict.fromkeys(rule):
        began = time.monotonic()
        runs[name] = ready.play(name)
        told[name] = report(runs[name])
        if names:
            told[name]["by_block"] = {names[int(b)]: v for b, v in told[name]["by_block"].items()}
        _said(name, told[name], number, time.monotonic() - began)
    if len(runs) == 2:  # noqa: PLR2004 - the two rules there are
        one, two = (run.response_ms[run.calls.priority == 1] / 60_000 for run in runs.values())
        gap = float(np.mean(two) - np.mean(one))
        first, second = runs
        say(
            f"同样的紧急警情，{second}比{first}平均{'慢' if gap > 0 else '快'}{abs(gap):.2f}分钟到场。",
            f"On the same urgent calls {second} is {abs(gap):.2f} min {'slower' if gap > 0 else 'faster'} than {first} on average.",
        )
    (into / "simulated.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    draw.responses(runs, into / "simulated.png", f"{number:,} calls, {per_day:g} a day, {len(ready.crews)} crews")
    say(f"→ {into}", f"→ {into}")


def _said(name: str, told: dict[str, Any], number: int, took: float) -> None:
    """One rule in a few lines."""
    figures = told["response_s"]
    middle, late = figures["median"]["value"] / 60, figures["p90"]["value"] / 60
    say(
        f"{name}：{number:,}起，中位{middle:.1f}分钟到场，九成{late:.1f}分钟内；警组忙碌{told['busy_mean']:.0%}（{took:.1f}秒）",
        f"{name}: {number:,} calls, median {middle:.1f} min from the ring, nine of ten within {late:.1f} min; "
        f"crews busy {told['busy_mean']:.0%} ({took:.1f} s)",
    )
    for kind, tier in told["tiers"].items():
        met = tier[f"first_within_{TIER_S[int(kind)]}_s"]
        band = "" if met["low"] is None else f"（{met['low']:.1%}…{met['high']:.1%}）"
        say(
            f"  {kind}分钟点位：{met['value']:.1%}{band}按时首到，中位{tier['median']['value'] / 60:.1f}分钟",
            f"  {kind}-minute sites: first crew in time {met['value']:.1%}{band.replace('（', ' (').replace('）', ')')}, "
            f"median {tier['median']['value'] / 60:.1f} min",
        )
