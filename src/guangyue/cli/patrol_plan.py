"""``guangyue patrol plan | gate``: routes and outposts for a slot, and whether a change is worth making."""

from __future__ import annotations

import functools
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import polars as pl

from guangyue.cli.patrol_parts import FILE, FOLDER, Given, date, day_of, from_calls, language, progress, refusing, say
from guangyue.engines.patrol import draw, tables
from guangyue.engines.patrol.drives import legs
from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.inputs import read_blocks, read_rows, read_table
from guangyue.engines.patrol.place import located, on_streets
from guangyue.engines.patrol.plan import Demand, Plan, plan
from guangyue.engines.patrol.plan import Settings as Wishes
from guangyue.engines.patrol.plan_files import directions_table, plan_features, plan_table, promised, read_plan
from guangyue.engines.patrol.review import WEEK, review
from guangyue.engines.patrol.routing import Budget, warm_up

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["gate_", "plan_"]

ROSTER = "name, lon, lat; begins, ends (minutes), kind (ground, drone), skills, rest, rest_opens, rest_closes."
MUST = "Places in any case: name, lon, lat; opens, closes, minutes, every, needs, calls."


@dataclass(frozen=True, slots=True)
class Asked:
    """What both commands are told about streets, crews and wishes."""

    graph: Path
    crews: Path
    must: Path | None
    blocks: Path | None
    slot: int
    cells: int
    wishes: Wishes

    def must_rows(self) -> list[dict[str, Any]]:
        """The places in any case."""
        return read_rows(self.must) if self.must else []


def wishing(command: Callable[..., None]) -> Callable[..., None]:
    """The options on streets, crews and wishes; the command receives :class:`Asked`."""

    @functools.wraps(command)
    def opened(
        *args: Any, graph: Path, crews: Path, must: Path | None, blocks: Path | None, slot: int, cells: int, outposts: int,  # noqa: ANN401
        stay: float, floor: float, reach: float, busy: float, seconds: float, steps: int | None, seed: int, **rest: Any,  # noqa: ANN401
    ) -> None:  # fmt: skip
        wishes = Wishes(
            stay=stay, floor=floor, outposts=outposts, reach=reach, busy=busy,
            budget=Budget(seconds=seconds, steps=steps, seed=seed),
        )  # fmt: skip
        command(*args, asked=Asked(graph, crews, must, blocks, slot, cells, wishes), **rest)

    open_share = click.FloatRange(0, 1, min_open=True, max_open=True)
    above_zero = click.FloatRange(0, min_open=True)
    wrapped: Any = opened
    for option in (
        click.option("--seed", default=1, show_default=True),
        click.option("--steps", type=click.IntRange(1), help="Search so many steps instead: the same on every machine."),
        click.option("--seconds", default=15.0, show_default=True, type=above_zero, help="How long to search."),
        click.option(
            "--busy", default=0.3, show_default=True, type=open_share, help="Share of the time a crew is engaged."
        ),
        click.option("--reach", default=5.0, show_default=True, type=above_zero, help="Minutes that count as near."),
        click.option(
            "--floor", default=0.3, show_default=True, type=click.FloatRange(0, 1),
            help="Share of each block's calls to be passed first.",
        ),
        click.option("--stay", default=5.0, show_default=True, type=above_zero, help="Minutes at each cell."),
        click.option("--outposts", default=9, show_default=True, type=click.IntRange(0)),
        click.option(
            "--cells", default=300, show_default=True, type=click.IntRange(1), help="The busiest cells are worth a stop."
        ),
        click.option("--slot", default=0, show_default=True, help="The slot planned for."),
        click.option("--blocks", type=FILE, help="GeoJSON polygons with a name; without it the forecast's own areas."),
        click.option("--must", type=FILE, help=MUST),
        click.option("--crews", type=FILE, required=True, help=ROSTER),
        click.option("--roads", "graph", type=FILE, required=True, help="A graph of `guangyue roads build`."),
    ):  # fmt: skip
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]


@click.command("plan")
@click.argument("expected", type=FILE)
@wishing
@click.option("--into", type=FOLDER, default=Path("patrol"), show_default=True, help="Folder for the results.")
@refusing
def plan_(expected: Path, asked: Asked, into: Path) -> None:
    """Routes and outposts for a slot from EXPECTED (the table of `forecast`), streets and crews."""
    began, wishes = time.monotonic(), asked.wishes
    columns = ("cell", "longitude", "latitude", "area", "slot", "expected", "from", "days", "dispersion")
    table = read_table(expected, columns).filter(pl.col("slot") == asked.slot)
    if table.is_empty():
        sentence = f"{expected.name} has no slot {asked.slot}."
        raise PatrolError("patrol.plan.file", sentence, file=expected.name, why=f"没有时段{asked.slot}")
    table = table.sort("expected", descending=True).head(asked.cells)
    ready = located(
        asked.graph, table["longitude"].to_numpy(), table["latitude"].to_numpy(), read_rows(asked.crews), asked.must_rows()
    )  # fmt: skip
    left_out = len(table) - len(ready.cells)
    table = table[ready.cells]
    if table.is_empty():
        sentence = "No cell lies near a street: forecast and streets are not of one city."
        raise PatrolError("patrol.plan.none", sentence)
    say(f"出行时间矩阵 {time.monotonic() - began:.1f}秒", f"travel times {time.monotonic() - began:.1f} s", err=True)
    if left_out:
        say(f"! {left_out}格远离道路，不计。", f"! {left_out} cells far from every street are left out.", err=True)
    if asked.blocks is None:
        areas, block = np.unique(table["area"].to_numpy(), return_inverse=True)
        names = tuple(f"area {a}" for a in areas)
    else:
        block, names = read_blocks(asked.blocks, table["longitude"].to_numpy(), table["latitude"].to_numpy())
    calls = (table["expected"] / table["days"]).to_numpy()
    demand = Demand.of(calls, float(table["dispersion"][0]), block, names, tuple(table["cell"]))
    warm_up()
    made = plan(ready.travel, demand, ready.crews, must=ready.must, settings=wishes, answer=ready.answer, tick=progress)
    ways = legs(made, ready)
    into.mkdir(parents=True, exist_ok=True)
    plan_table(made, ready).write_csv(into / "plan.csv")
    directions_table(ways, ready).write_csv(into / "directions.csv")
    about = {"from": str(table["from"][0]), "slot": asked.slot, "reach": wishes.reach, "busy": wishes.busy}
    tables.geojson(plan_features(made, ready, ways), into / "plan.geojson", plan=about)
    told = about | promised(made.promise, names) | {
        "outposts": [p.name for p in made.posts], "missed": made.missed, "below_floor": made.below_floor,
        "steps": made.solution.iterations,
    }  # fmt: skip
    (into / "promise.json").write_text(json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False), "utf-8")
    title = (
        f"{len(ready.crews)} rounds, {len(made.outposts)} outposts: {made.promise.passed:.0%} of expected calls passed"
    )
    draw.routes(made, ready, ways, calls, into / "plan.png", title)
    _told(made, names, wishes)
    say(f"共用时{time.monotonic() - began:.1f}秒 → {into}", f"{time.monotonic() - began:.1f} s in all → {into}")


def _told(made: Plan, names: tuple[str, ...], wishes: Wishes) -> None:
    """The promise, overall and per block, and what could not be had."""
    promise = made.promise
    n, r = promise.near, promise.response
    say(
        f"巡线经过预计警情的{promise.passed:.0%}；{wishes.reach:g}分钟内有警力可到的警情占{n[0]:.0%}（{n[1]:.0%}至{n[2]:.0%}）；"
        f"平均{r[0]:.1f}分钟到场（{r[1]:.1f}至{r[2]:.1f}），九成在{promise.p90:.1f}分钟内。",
        f"Crews pass {promise.passed:.0%} of the expected calls; {n[0]:.0%} ({n[1]:.0%} to {n[2]:.0%}) have someone free "
        f"within {wishes.reach:g} min; response {r[0]:.1f} min on average ({r[1]:.1f} to {r[2]:.1f}), nine of ten within "
        f"{promise.p90:.1f} min.",
    )
    for b in np.argsort(-np.array(promise.calls_by_block), kind="stable"):
        calls, near, answer = promise.calls_by_block[b], promise.near_by_block[b], promise.response_by_block[b]
        if not calls:
            say(f"  {names[b]}：无预计警情", f"  {names[b]:<14} nothing expected")
            continue
        passed = promise.passed_by_block[b]
        say(
            f"  {names[b]}：{calls:.2f}起，经过{passed:.0%}，可及{near[0]:.0%}（{near[1]:.0%}至{near[2]:.0%}），"
            f"{answer[0]:.1f}分钟到场（{answer[1]:.1f}至{answer[2]:.1f}）",
            f"  {names[b]:<14} calls {calls:6.2f}   passed {passed:4.0%}   near {near[0]:4.0%} ({near[1]:.0%} to "
            f"{near[2]:.0%})   response {answer[0]:4.1f} min ({answer[1]:.1f} to {answer[2]:.1f})",
        )
    if not made.siting.optimal:
        say("! 前哨选址未能证明最优。", "! The outposts are not proved to be the best choice.")
    for name in made.missed:
        say(f"! 无法安排：{name}", f"! cannot be fitted in: {name}")
    for name in made.below_floor:
        say(f"! 低于巡防下限：{name}", f"! below the floor: {name}")


@click.command("gate")
@from_calls
@click.option("--standing", "standing_path", type=FILE, required=True, help="The plan in force (plan.geojson).")
@wishing
@click.option("--from", "start", help="First day of the held-out weeks; the first day the standing plan was made for.")
@click.option(
    "--weeks", default=26, show_default=True, type=click.IntRange(1), help="The most recent weeks to look at."
)
def gate_(given: Given, standing_path: Path, asked: Asked, start: str | None, weeks: int) -> None:
    """Is a new plan worth changing for? Both plans on held-out weeks of CALLS: "propose", or "keep" with the figures."""
    standing, history = read_plan(standing_path), given.history
    if not 0 <= asked.slot < history.slots:
        raise click.BadParameter(f"{asked.slot}: 0 … {history.slots - 1}", param_hint="--slot")
    made_for = standing.told.get("slot")
    if made_for is not None and made_for != asked.slot:
        say(
            f"! 现行方案是为时段{made_for}做的，现与时段{asked.slot}相比。",
            f"! The standing plan was made for slot {made_for} and is compared in slot {asked.slot}.",
            err=True,
        )
    first = day_of(start or standing.told.get("from"), int(given.calls.day[-1]) + 1)
    made_on = day_of(standing.told.get("from"), first)
    if first < made_on:
        sentence = f"The standing plan knows the calls before {date(made_on)}; weeks before that are not held out."
        raise PatrolError("patrol.gate.seen", sentence, day=date(made_on))
    origins = list(range(first, int(given.calls.day[-1]) - WEEK + 2, WEEK))[-weeks:]
    network = on_streets(asked.graph)
    blocks = None
    if asked.blocks is not None:
        blocks = read_blocks(asked.blocks, history.grid.longitude, history.grid.latitude)
    warm_up()
    found = review(
        history, standing, origins, network, read_rows(asked.crews), asked.must_rows(), slot=asked.slot,
        settings=asked.wishes, cells=asked.cells, blocks=blocks, factors=given.factors, scheduled=given.scheduled,
        tick=lambda done: progress(done / len(origins)),
    )  # fmt: skip
    rows = {
        "week": [date(o) for o in origins], "calls": found.calls, "standing": found.standing, "candidate": found.candidate,
    }  # fmt: skip
    schema = {"week": pl.String, "calls": pl.Int64, "standing": pl.Float64, "candidate": pl.Float64}
    pl.DataFrame(rows, schema=schema).write_csv(given.into / "gate.csv")
    verdict = found.verdict
    told = {
        "answer": verdict.answer, "weeks": verdict.weeks, "standing": verdict.standing, "candidate": verdict.candidate,
        "gain": verdict.gain, "low": verdict.low if origins else None, "high": verdict.high if origins else None,
        **verdict.reasons,
    }  # fmt: skip
    finite = {k: None if isinstance(v, float) and not np.isfinite(v) else v for k, v in told.items()}
    (given.into / "gate.json").write_text(json.dumps(finite, ensure_ascii=False, indent=1, allow_nan=False), "utf-8")
    if origins:
        title = f"{verdict.answer}: {verdict.standing:.1%} standing, {verdict.candidate:.1%} candidate"
        draw.weeks(found, given.into / "gate.png", title)
    for day, seen, one, two in zip(map(date, origins), found.calls, found.standing, found.candidate, strict=True):
        say(
            f"  {day}：{seen}起，现行{one:.1%}，新方案{two:.1%}",
            f"  {day}: {seen} calls, standing {one:.1%}, new {two:.1%}",
        )
    answer = {"propose": "建议更换", "keep": "维持现行方案"}[verdict.answer]
    reason = verdict.reasons[language()]
    say(f"{answer}。{reason} → {given.into}", f"{verdict.answer}. {reason} → {given.into}")
