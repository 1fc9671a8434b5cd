"""``guangyue patrol forecast | backtest | headcount``: how many calls where, how well that was known, how many crews."""

from __future__ import annotations

import time
from pathlib import Path

import click
import numpy as np
import polars as pl

from guangyue.cli.patrol_parts import FILE, FOLDER, Given, date, day_of, from_calls, progress, refusing, say
from guangyue.engines.patrol import draw, tables
from guangyue.engines.patrol.backtest import backtest
from guangyue.engines.patrol.forecast import Settings, forecast
from guangyue.engines.patrol.forecast.predict import interval
from guangyue.engines.patrol.headcount import head_count
from guangyue.engines.patrol.inputs import read_table
from guangyue.engines.patrol.scores import bootstrap

__all__ = ["backtest_", "forecast_", "headcount_"]


@click.command("forecast")
@from_calls
@click.option("--from", "start", help="First day forecast; the day after the last call when not given.")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 365))
def forecast_(given: Given, *, start: str | None, days: int) -> None:
    """Expected calls per cell and slot from CALLS (.csv, .csv.gz, .parquet): table, GeoJSON, map."""
    history, grid, into = given.history, given.history.grid, given.into
    origin = day_of(start, int(given.calls.day[-1]) + 1)
    began = time.monotonic()
    made = forecast(history, origin, Settings(horizon=days), factors=given.factors, scheduled=given.scheduled)
    table = tables.forecast_table(made, grid, given.hours)
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
    for name, (step, times) in made.level.effects().items():
        say(
            f"  {name}：每加{step:.3g}，警情 ×{times:.3f}" if step else f"  {name}：历史中没有变化，不起作用",
            f"  {name}: calls × {times:.3f} for {step:.3g} more" if step else f"  {name}: never varied, no effect",
        )
    for event in given.scheduled:
        days_in = sum(origin <= day < origin + days for day in event.days)
        say(
            f"  {event.name}：{days_in}天，每天另计{event.calls:g}起",
            f"  {event.name}: {days_in} days, {event.calls:g} more calls on each",
        )
    for name in given.beyond(origin + days):
        say(
            f"! “{name}”没有到{date(origin + days - 1)}的数据；缺的日子按平常计。",
            f"! {name} has no values up to {date(origin + days - 1)}; days without count as usual ones.",
            err=True,
        )
    for warning in made.warnings:
        say(f"! {warning.of('zh')}", f"! {warning.of('en')}", err=True)
    say(
        f"{len(grid):,}格，{history.slots}个时段，用时{time.monotonic() - began:.1f}秒 → {into}",
        f"{len(grid):,} cells, {history.slots} slots, {time.monotonic() - began:.1f} s → {into}",
    )


@click.command("backtest")
@from_calls
@click.option("--from", "start", help="First day of the first window; two years before the last call when not given.")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 365))
@click.option("--every", default=28, show_default=True, type=click.IntRange(1), help="Days from window to window.")
@click.option("--km2", default=1.295, show_default=True, help="Area watched, for the quoted PEI.")
def backtest_(given: Given, *, start: str | None, days: int, every: int, km2: float) -> None:
    """The forecast beside simple maps on held-out windows of CALLS: PAI and PEI curves, deviance, cover."""
    last, grid, into = int(given.calls.day[-1]), given.history.grid, given.into
    origins = list(range(day_of(start, last - 730), last - days + 2, every))
    cells = max(1, round(km2 * 1e6 / grid.area_m2))
    result = backtest(
        given.history, origins, horizon=days, cells=cells, factors=given.factors,
        tick=lambda done: progress(done / len(origins)),
    )  # fmt: skip
    best = max((n for n in result.pei if n != "forecast"), key=lambda n: float(np.nanmean(result.pei[n])))
    rows = pl.DataFrame([
        {"map": name, "PEI": round(float(np.nanmean(v)), 4), "deviance": round(float(np.mean(result.deviance[name])), 1)}
        for name, v in result.pei.items()
    ])  # fmt: skip
    rows.write_csv(into / "backtest.csv")
    pl.DataFrame({"cells": result.curve_cells, **{f"PEI {n}": v for n, v in result.curve_pei.items()},
                  **{f"PAI {n}": v for n, v in result.curve_pai.items()}}).write_csv(into / "curves.csv")  # fmt: skip
    title = f"{len(origins)} windows of {days} days, cells of {grid.area_m2:,.0f} m²"
    draw.curves(result, into / "curves.png", title, grid.area_m2)
    for row in rows.iter_rows(named=True):
        click.echo(f"  {row['map']:<24} PEI {row['PEI']:.3f}   deviance {row['deviance']:,.0f}")
    apart = np.array(result.pei["forecast"]) - np.array(result.pei[best])
    gain, low, high = bootstrap(apart[np.isfinite(apart)])
    say(
        f"对比最好的简单图（{best}）：PEI {gain:+.4f}（90%区间 {low:+.4f} 至 {high:+.4f}）。",
        f"Against the best simple map ({best}): PEI {gain:+.4f} (90 %: {low:+.4f} to {high:+.4f}).",
    )
    cover = ", ".join(f"{scale} {share:.1%}" for scale, share in result.cover.items())
    say(f"90%区间的实际覆盖率：{cover} → {into}", f"The 90 % intervals covered {cover} → {into}")


@click.command("headcount")
@click.argument("expected", type=FILE)
@click.option("--crew-hours", required=True, type=click.FloatRange(0, min_open=True), help="To share out in a day.")
@click.option("--per-call", default=45.0, show_default=True, type=click.FloatRange(0, min_open=True),
              help="Minutes a call takes a crew, from dispatch to free again.")  # fmt: skip
@click.option("--least", default=1, show_default=True, type=click.IntRange(0), help="Crews in every slot in any case.")
@click.option("--into", type=FOLDER, default=Path("patrol"), show_default=True, help="Folder for the result.")
@refusing
def headcount_(expected: Path, crew_hours: float, per_call: float, least: int, into: Path) -> None:
    """How many crews each slot needs, from EXPECTED (the table of `forecast`); where they go is `plan`'s business."""
    table = read_table(expected, ("slot", "begins", "expected", "days"))
    slots = (
        table.group_by("slot").agg(pl.col("begins").first(), (pl.col("expected") / pl.col("days")).sum()).sort("slot")
    )
    begins = slots["begins"].to_numpy()
    hours = (np.roll(begins, -1) - begins) % 24.0
    hours[hours == 0] = 24.0
    calls = slots["expected"].to_numpy() / hours
    found = head_count(calls, hours, hours_per_call=per_call / 60, crew_hours=crew_hours, least=least)
    into.mkdir(parents=True, exist_ok=True)
    out = slots.select("slot", "begins").with_columns(
        hours=hours, calls_per_hour=calls.round(4), crews=np.array(found.crews), waiting=np.array(found.waiting).round(4),
        busy=np.array(found.busy).round(4),
    )  # fmt: skip
    out.write_csv(into / "headcount.csv")
    for row in out.iter_rows(named=True):
        until = (row["begins"] + row["hours"]) % 24
        say(
            f"  {row['begins']:g}时至{until:g}时：每小时{row['calls_per_hour']:.1f}起，{row['crews']}个警组，"
            f"忙碌{row['busy']:.0%}，{row['waiting']:.1%}的报警人要等空闲警组",
            f"  {row['begins']:g} h to {until:g} h: {row['calls_per_hour']:.1f} calls an hour, {row['crews']} crews, "
            f"busy {row['busy']:.0%}, {row['waiting']:.1%} of callers wait for a free one",
        )
    used = float(np.array(found.crews) @ hours)
    say(
        f"共用{used:g}个警组小时（可用{crew_hours:g}） → {into / 'headcount.csv'}",
        f"{used:g} crew-hours of {crew_hours:g} → {into / 'headcount.csv'}",
    )
