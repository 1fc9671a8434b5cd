"""``guangyue patrol``: forecast calls, plan routes and outposts, prove both on the past, simulate a plan."""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import polars as pl

from guangyue.engines.patrol import draw, tables
from guangyue.engines.patrol.backtest import backtest
from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.events import Calls, read_calls
from guangyue.engines.patrol.forecast import History, Settings, forecast
from guangyue.engines.patrol.forecast.predict import interval
from guangyue.engines.patrol.grid import Grid, hex_grid
from guangyue.engines.patrol.plan import Demand, plan
from guangyue.engines.patrol.plan import Settings as Wishes
from guangyue.engines.patrol.routing import Budget, warm_up
from guangyue.engines.patrol.scores import bootstrap
from guangyue.engines.patrol.simulate import SimulateError
from guangyue.engines.roads import RoadsError

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
EPOCH = dt.date(1970, 1, 1)


def language() -> str:
    """``zh`` in a Chinese locale, else ``en``; ``GUANGYUE_LANG`` decides over it."""
    said = os.environ.get("GUANGYUE_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh" if said.lower().startswith("zh") else "en"


def say(zh: str, en: str) -> None:
    """A line of the result, in the language of the terminal."""
    click.echo(zh if language() == "zh" else en)


def refusing(command: Callable[..., None]) -> Callable[..., None]:
    """An engine's refusal as one sentence instead of a stack trace."""

    @functools.wraps(command)
    def told(*args: Any, **options: Any) -> None:  # noqa: ANN401 - handed on
        try:
            command(*args, **options)
        except PatrolError as error:
            raise click.ClickException(f"{error.of(language())} [{error.code}]") from error
        except (RoadsError, SimulateError) as error:
            raise click.ClickException(f"{error.text.of(language())} [{error.code}]") from error

    return told


def from_calls(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what the file of calls holds; the command receives calls, grid and history."""

    @functools.wraps(command)
    def opened(
        *, calls: Path, zone: str, slots: str, resolution: int, areas: int, rename: tuple[str, ...], all_from: str | None,
        into: Path, **rest: Any,  # noqa: ANN401 - handed on
    ) -> None:  # fmt: skip
        pairs = dict(pair.split("=", 1) for pair in rename if "=" in pair)
        read = read_calls(calls, zone=zone, rename={theirs: ours for ours, theirs in pairs.items()}, all_from=all_from)
        hours = tuple(float(h) for h in slots.split(","))
        grid, cell = hex_grid(read.longitude, read.latitude, resolution=resolution, areas=areas)
        history = History(grid=grid, day=read.day, cell=cell, slot=read.slot(hours), slots=len(hours))
        into.mkdir(parents=True, exist_ok=True)
        command(read, grid, history, into, **rest)

    guarded = refusing(opened)
    for option in (
        click.option("--into", type=FOLDER, default=Path("patrol"), show_default=True, help="Folder for the results."),
        click.option("--all-from", help="The source of every row, for a file of one kind only, such as call."),
        click.option(
            "--rename", multiple=True, metavar="OURS=THEIRS", help="A column by another name, such as time=date."
        ),
        click.option(
            "--areas", default=7, show_default=True, help="H3 resolution of the areas that intervals speak of."
        ),
        click.option("--resolution", default=9, show_default=True, help="H3 resolution of the cells."),
        click.option("--slots", default="0,8,16", show_default=True, help="Hours at which the slots of the day begin."),
        click.option("--zone", default="Asia/Shanghai", show_default=True, help="Time zone of the city."),
        click.argument("calls", type=FILE),
    ):
        guarded = option(guarded)
    return guarded


def day_of(text: str | None, usual: int) -> int:
    """A date as days since 1970-01-01."""
    if text is None:
        return usual
    try:
        return (dt.date.fromisoformat(text) - EPOCH).days
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not a date such as 2026-11-22") from error


def date(day: int) -> str:
    """Days since 1970-01-01 as a date."""
    return (EPOCH + dt.timedelta(days=int(day))).isoformat()


@click.group()
def group() -> None:
    """Patrol planning: forecast, plan, backtest, simulate."""


@group.command("forecast")
@from_calls
@click.option("--from", "start", help="First day forecast; the day after the last call when not given.")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 365))
def forecast_(calls: Calls, grid: Grid, history: History, into: Path, *, start: str | None, days: int) -> None:
    """Expected calls per cell and slot from CALLS (.csv, .csv.gz, .parquet): table, GeoJSON, map."""
    origin = day_of(start, int(calls.day[-1]) + 1)
    began = time.monotonic()
    made = forecast(history, origin, Settings(horizon=days))
    table = tables.forecast_table(made, grid)
    table.write_csv(into / "forecast.csv")
    tables.geojson(tables.forecast_features(table), into / "forecast.geojson")
    title = f"Expected calls, {date(origin)} to {date(origin + days - 1)}"
    draw.heat(table, into / "forecast.png", title)
    total = float(made.cells.sum())
    low, high = interval(np.array([total]), made.dispersion["city"])
    say(
        f"{date(origin)}起{days}天，全市预计{total:,.0f}起警情（{low[0]:,.0f}至{high[0]:,.0f}起，90%区间）。",
        f"{days} days from {date(origin)}: {total:,.0f} calls expected in the city ({low[0]:,.0f} to {high[0]:,.0f}, 90 %).",
    )
    by_area = made.areas(grid.area)
    bottom, top = interval(by_area, made.dispersion["area"])
    for a in np.argsort(-by_area)[:5]:
        say(
            f"  片区{a}：{by_area[a]:.1f}起（{bottom[a]:.0f}至{top[a]:.0f}起）",
            f"  area {a}: {by_area[a]:.1f} ({bottom[a]:.0f} to {top[a]:.0f})",
        )
    for warning in made.warnings:
        click.echo(f"! {warning}", err=True)
    say(
        f"{len(grid):,}格，{history.slots}个时段，用时{time.monotonic() - began:.1f}秒 → {into}",
        f"{len(grid):,} cells, {history.slots} slots, {time.monotonic() - began:.1f} s → {into}",
    )


@group.command("backtest")
@from_calls
@click.option("--from", "start", help="First day of the first window; two years before the last call when not given.")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 365))
@click.option("--every", default=28, show_default=True, type=click.IntRange(1), help="Days from window to window.")
@click.option("--km2", default=1.295, show_default=True, help="Area watched, for the quoted PEI.")
def backtest_(
    calls: Calls, grid: Grid, history: History, into: Path, *, start: str | None, days: int, every: int, km2: float
) -> None:
    """The forecast beside simple maps on held-out windows of CALLS: PAI and PEI curves, deviance, cover."""
    last = int(calls.day[-1])
    origins = list(range(day_of(start, last - 730), last - days + 2, every))
    cells = max(1, round(km2 * 1e6 / grid.area_m2))

    def tick(done: int) -> None:
        click.echo(f"\r{done} / {len(origins)} ", nl=done == len(origins), err=True)

    result = backtest(history, origins, horizon=days, cells=cells, tick=tick)
    best = max((n for n in result.pei if n != "forecast"), key=lambda n: float(np.mean(result.pei[n])))
    rows = pl.DataFrame([
        {"map": name, "PEI": round(float(np.mean(v)), 4), "deviance": round(float(np.mean(result.deviance[name])), 1)}
        for name, v in result.pei.items()
    ])  # fmt: skip
    rows.write_csv(into / "backtest.csv")
    pl.DataFrame({"cells": result.curve_cells, **{f"PEI {n}": v for n, v in result.curve_pei.items()},
                  **{f"PAI {n}": v for n, v in result.curve_pai.items()}}).write_csv(into / "curves.csv")  # fmt: skip
    title = f"{len(origins)} windows of {days} days, cells of {grid.area_m2:,.0f} m²"
    draw.curves(result, into / "curves.png", title, grid.area_m2)
    for row in rows.iter_rows(named=True):
        click.echo(f"  {row['map']:<24} PEI {row['PEI']:.3f}   deviance {row['deviance']:,.0f}")
    gain, low, high = bootstrap(np.array(result.pei["forecast"]) - np.array(result.pei[best]))
    say(
        f"对比最好的简单图（{best}）：PEI {gain:+.4f}（90%区间 {low:+.4f} 至 {high:+.4f}）。",
        f"Against the best simple map ({best}): PEI {gain:+.4f} (90 %: {low:+.4f} to {high:+.4f}).",
    )
    cover = ", ".join(f"{scale} {share:.1%}" for scale, share in result.cover.items())
    say(f"90%区间的实际覆盖率：{cover} → {into}", f"The 90 % intervals covered {cover} → {into}")


@group.command("plan")
@click.argument("expected", type=FILE)
@click.option("--roads", "graph", type=FILE, required=True, help="A graph of `guangyue roads build`.")
@click.option("--crews", type=FILE, required=True, help="name, lon, lat; begins, ends (minutes), kind, skills, rest…")
@click.option(
    "--must", type=FILE, help="Places in any case: name, lon, lat; opens, closes, minutes, every, needs, calls."
)
@click.option("--blocks", type=FILE, help="GeoJSON polygons with a name; without it the forecast's own areas.")
@click.option("--slot", default=0, show_default=True, help="The slot planned for.")
@click.option("--cells", default=300, show_default=True, help="The busiest cells are worth a stop.")
@click.option("--outposts", default=9, show_default=True)
@click.option("--stay", default=5.0, show_default=True, help="Minutes at each cell.")
@click.option("--floor", default=0.3, show_default=True, help="Share of each block's calls to be passed first.")
@click.option("--reach", default=5.0, show_default=True, help="Minutes that count as near.")
@click.option("--busy", default=0.3, show_default=True, help="Share of the time a crew is engaged.")
@click.option("--seconds", default=15.0, show_default=True, help="How long to search.")
@click.option("--steps", type=int, help="Search so many steps instead: the same plan on every machine.")
@click.option("--seed", default=1, show_default=True)
@click.option("--into", type=FOLDER, default=Path("patrol"), show_default=True)
@refusing
def plan_(
    expected: Path, graph: Path, crews: Path, must: Path | None, blocks: Path | None, slot: int, cells: int, outposts: int,
    stay: float, floor: float, reach: float, busy: float, seconds: float, steps: int | None, seed: int, into: Path,
) -> None:  # fmt: skip
    """Routes and outposts for a slot from EXPECTED (the table of `forecast`), streets and crews."""
    from guangyue.engines.patrol.place import located

    wishes = Wishes(
        stay=stay, floor=floor, outposts=outposts, reach=reach, busy=busy,
        budget=Budget(seconds=seconds, steps=steps, seed=seed),
    )  # fmt: skip
    began = time.monotonic()
    table = tables.read_table(
        expected, ("cell", "longitude", "latitude", "area", "slot", "expected", "days", "dispersion")
    )
    table = table.filter(pl.col("slot") == slot).sort("expected", descending=True).head(cells)
    if table.is_empty():
        sentence = f"{expected.name} has no slot {slot}."
        raise PatrolError("patrol.plan.file", sentence, file=expected.name, why=f"没有时段{slot}")
    ready = located(
        graph, table["longitude"].to_numpy(), table["latitude"].to_numpy(),
        tables.read_table(crews, ("name", "lon", "lat")).to_dicts(),
        tables.read_table(must, ("name", "lon", "lat")).to_dicts() if must else [],
    )  # fmt: skip
    table = table[ready.cells]
    say(f"出行时间矩阵 {time.monotonic() - began:.1f}秒", f"travel times {time.monotonic() - began:.1f} s")
    calls = (table["expected"] / table["days"]).to_numpy()
    phi = float(table["dispersion"][0])
    low, high = interval(calls, phi)
    if blocks is None:
        areas, block = np.unique(table["area"].to_numpy(), return_inverse=True)
        names = tuple(f"area {a}" for a in areas)
    else:
        block, names = tables.read_blocks(blocks, table["longitude"].to_numpy(), table["latitude"].to_numpy())
    demand = Demand(
        expected=calls, low=low, high=high, block=block.astype(np.int64), blocks=names, name=tuple(table["cell"]),
        dispersion=phi,
    )  # fmt: skip
    warm_up()
    made = plan(ready.travel, demand, ready.crews, must=ready.must, settings=wishes)
    into.mkdir(parents=True, exist_ok=True)
    tables.plan_table(made, ready.crews).write_csv(into / "plan.csv")
    tables.geojson(tables.plan_features(made, ready.crews, ready.longitude, ready.latitude), into / "plan.geojson")
    promise = made.promise
    told = {name: getattr(promise, name) for name in type(promise).__slots__} | {
        "blocks": names, "outposts": [table["cell"][p] for p in made.outposts], "missed": made.missed,
        "below_floor": made.below_floor, "steps": made.solution.iterations,
    }  # fmt: skip
    (into / "promise.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    title = f"{len(ready.crews)} routes, {len(made.outposts)} outposts: {promise.passed:.0%} of expected calls passed"
    draw.routes(
        made, ready.crews, ready.longitude, ready.latitude, calls, into / "plan.png", title, streets=ready.streets
    )  # fmt: skip
    n, r = promise.near, promise.response
    say(
        f"巡线经过预计警情的{promise.passed:.0%}；{reach:g}分钟内有警力可到的警情占{n[0]:.0%}（{n[1]:.0%}至{n[2]:.0%}）；"
        f"平均{r[0]:.1f}分钟到场（{r[1]:.1f}至{r[2]:.1f}），九成在{promise.p90:.1f}分钟内。",
        f"Crews pass {promise.passed:.0%} of the expected calls; {n[0]:.0%} ({n[1]:.0%} to {n[2]:.0%}) have someone free "
        f"within {reach:g} min; response {r[0]:.1f} min on average ({r[1]:.1f} to {r[2]:.1f}), nine of ten within "
        f"{promise.p90:.1f} min.",
    )
    for b in np.argsort(-np.array(promise.calls_by_block)):
        near, answer = promise.near_by_block[b], promise.response_by_block[b]
        click.echo(
            f"  {names[b]:<14} calls {promise.calls_by_block[b]:6.2f}   passed {promise.passed_by_block[b]:4.0%}   "
            f"near {near[0]:4.0%}   response {answer[0]:4.1f} min"
        )
    for name in made.missed:
        say(f"! 无法安排：{name}", f"! cannot be fitted in: {name}")
    for name in made.below_floor:
        say(f"! 低于巡防下限：{name}", f"! below the floor: {name}")
    say(f"共用时{time.monotonic() - began:.1f}秒 → {into}", f"{time.monotonic() - began:.1f} s in all → {into}")


@group.command("simulate")
@click.argument("expected", type=FILE)
@click.argument("planned", type=FILE)
@click.option("--roads", "graph", type=FILE, required=True, help="A graph of `guangyue roads build`.")
@click.option("--calls", "number", default=100_000, show_default=True, type=click.IntRange(1), help="Calls to play.")
@click.option("--per-day", default=400.0, show_default=True, help="Calls of all kinds in a day.")
@click.option(
    "--rule", type=click.Choice(["closest", "mexclp"]), multiple=True, default=("closest", "mexclp"), show_default=True
)
@click.option("--seed", default=1, show_default=True)
@click.option("--into", type=FOLDER, default=Path("patrol"), show_default=True)
@refusing
def simulate_(
    expected: Path,
    planned: Path,
    graph: Path,
    number: int,
    per_day: float,
    rule: tuple[str, ...],
    seed: int,
    into: Path,
) -> None:
    """Play calls where EXPECTED (the table of `forecast`) has them against PLANNED (plan.geojson), round the clock."""
    from guangyue.engines.patrol.place import played

    table = tables.read_table(expected, ("cell", "longitude", "latitude", "expected"))
    cells = table.group_by("cell", maintain_order=True).agg(
        pl.col("expected").sum(), pl.col("longitude").first(), pl.col("latitude").first()
    )
    into.mkdir(parents=True, exist_ok=True)
    told = {}
    for name in rule:
        began = time.monotonic()
        told[name] = played(
            graph, tables.read_plan(planned), cells["longitude"].to_numpy(), cells["latitude"].to_numpy(),
            cells["expected"].to_numpy(), calls=number, per_day=per_day, rule=name, seed=seed,
        )  # fmt: skip
        figures = told[name]["response_s"]
        middle, late = figures["median"]["value"] / 60, figures["p90"]["value"] / 60
        say(
            f"{name}：{number:,}起，中位{middle:.1f}分钟到场，九成{late:.1f}分钟内；警组忙碌{told[name]['busy_mean']:.0%}"
            f"（{time.monotonic() - began:.1f}秒）",
            f"{name}: {number:,} calls, median {middle:.1f} min from the ring, nine of ten within {late:.1f} min; "
            f"crews busy {told[name]['busy_mean']:.0%} ({time.monotonic() - began:.1f} s)",
        )
    (into / "simulated.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
