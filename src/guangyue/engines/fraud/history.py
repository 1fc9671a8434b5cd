"""The second and the third way: history by the same kernel, and DuckDB as an opinion from outside.

``over_history`` is what training and backtests use. ``second_opinion`` writes each feature as SQL over the definition,
shares no code with the kernel, and is slow on purpose: one join of an entity's events with themselves.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import polars as pl

from guangyue.engines.fraud.batch import Batch, in_order
from guangyue.engines.fraud.engine import Engine, Settings
from guangyue.engines.fraud.features import Agg, Feature, tile_of
from guangyue.engines.fraud.schema import ENTITIES, SERVICE, SLOT_ENTITY, SLOTS, Kind, Source
from guangyue.engines.fraud.where import NEW, Term, parse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from guangyue.engines.fraud.stream.plan import Plan

__all__ = ["over_history", "second_opinion", "sql_of"]

_MS = timedelta(milliseconds=1)


def over_history(plan: Plan, batch: Batch, *, cap: int = Settings().cap) -> tuple[Batch, NDArray[np.float64]]:
    """Every event's vector from events in any order: they are put in the total order and run through the kernel.

    Returns:
        The events in order and float64[n, names].
    """
    ordered = in_order(batch)
    return ordered, Engine(plan, Settings(once=False, cap=cap)).process(ordered).values


def second_opinion(
    plan: Plan, batch: Batch, features: tuple[Feature, ...] | None = None
) -> dict[str, NDArray[np.float64]]:
    """Features by DuckDB: ``slot.feature`` → float64[n] over the events in the total order.

    Args:
        plan: the catalogue.
        batch: the events, in any order; meant for thousands, not millions.
        features: those to compute; default all except sequences, which SQL cannot say plainly.
    """
    ordered = in_order(batch)
    n = len(ordered)
    asked = features if features is not None else tuple(f for f in plan.features if f.agg is not Agg.SEQUENCE)
    out: dict[str, NDArray[np.float64]] = {}
    with duckdb.connect(config={"threads": 1}) as db:
        touches = _touches(plan, ordered)
        db.register("touches", touches)
        for number, source in enumerate(plan.sources):
            db.register(f"src_{source.code}", _source_table(source, number, ordered))
        for f in asked:
            rows = db.execute(sql_of(f, {s.code: s for s in plan.sources}[f.source])).fetchnumpy()
            for slot in SLOTS:
                if SLOT_ENTITY[slot] is f.entity:
                    mine = np.asarray(rows["slot"]) == SLOTS.index(slot)
                    column = np.full(n, np.nan)
                    values = np.ma.filled(np.ma.asarray(rows["value"]).astype(float), np.nan)
                    column[np.asarray(rows["i"])[mine]] = values[mine]
                    out[f"{slot}.{f.name}"] = column
    return out


def _touches(plan: Plan, ordered: Batch) -> pl.DataFrame:
    """One row for each entity of each event: event, slot, entity, token, time, source."""
    parts: list[NDArray[np.int64]] = []
    for number, source in enumerate(plan.sources):
        rows = np.flatnonzero(ordered.source == number)
        taken: list[tuple[int, NDArray[np.int64]]] = []
        for slot in source.slots:
            entity = ENTITIES.index(SLOT_ENTITY[slot])
            token = ordered.values[rows, source.names.index(slot)]
            good = (token != 0) & (token & SERVICE == 0)
            for other, tokens in taken:
                good &= (other != entity) | (tokens != token)
            taken.append((entity, token))
            m = int(good.sum())
            columns = (
                rows[good],
                np.full(m, SLOTS.index(slot)),
                np.full(m, entity),
                token[good],
                ordered.time[rows[good]],
            )
            parts.append(np.stack([*columns, np.full(m, number)], axis=1))
    whole = np.concatenate(parts)
    return pl.DataFrame({name: whole[:, k] for k, name in enumerate(("i", "slot", "entity", "token", "t", "source"))})


def _source_table(source: Source, number: int, ordered: Batch) -> pl.DataFrame:
    rows = np.flatnonzero(ordered.source == number)
    columns = {f"c_{c}": ordered.values[rows, k] for k, c in enumerate(source.names)}
    return pl.DataFrame({"i": rows, **columns})


def _begin(f: Feature, window: timedelta) -> str:
    ms = window // _MS
    if f.exact:
        return f"b.t > a.t - {ms + f.delay // _MS} AND b.t <= a.t - {f.delay // _MS}"
    tile = tile_of(window) // _MS
    return f"b.t >= ((a.t - {ms}) // {tile}) * {tile}"


def _term(term: Term) -> str:
    if term.op == NEW:
        return f"n_{term.column}_{term.value}"
    if term.op == "in":
        return f"((({term.value}::BIGINT) >> c_{term.column}) & 1) = 1"
    return f"c_{term.column} {'<>' if term.op == '!=' else term.op} {term.value}"


def _condition(terms: tuple[Term, ...]) -> str:
    return " AND ".join(_term(t) for t in terms) or "true"


def sql_of(f: Feature, source: Source) -> str:
    """The feature as one statement over ``touches`` and ``src_<source>``: rows of (i, slot, value)."""
    slot, entity = SLOTS.index(f.slot), ENTITIES.index(f.entity)
    where, over = parse(f.where, source), parse(f.over, source)
    news = sorted({(t.column, t.value) for t in (*where, *over) if t.op == NEW})
    new_columns = "".join(
        f", (c_{c} <> 0 AND coalesce(lag(x.t) OVER (PARTITION BY x.token, c_{c} ORDER BY x.i), -1)"
        f" < ((x.t - {w}) // {_tile(w)}) * {_tile(w)}) AS n_{c}_{w}"
        for c, w in news
    )
    kept = f"inside AND ({_condition(where)})"
    return f"""
        WITH b AS (
            SELECT x.*, y.* EXCLUDE (i){new_columns}
            FROM touches x JOIN src_{f.source} y USING (i) WHERE x.slot = {slot}
        ),
        pair AS (
            SELECT a.i AS event, a.slot AS event_slot, a.t AS now, b.* EXCLUDE (slot),
                   coalesce({_begin(f, f.window)}, false) AS inside,
                   coalesce({_begin(f, f.part) if f.part else "false"}, false) AS inside_part
            FROM touches a LEFT JOIN b ON a.entity = b.entity AND a.token = b.token AND b.i <= a.i
            WHERE a.entity = {entity}
        )
        SELECT event AS i, event_slot AS slot, ({_value(f, source, kept, _condition(over))})::DOUBLE AS value
        FROM pair GROUP BY event, event_slot
    """  # noqa: S608 - built from checked declarations, not from input


def _tile(window: int) -> int:
    return tile_of(timedelta(milliseconds=window)) // _MS


def _value(f: Feature, source: Source, kept: str, over: str) -> str:
    only, x = f"FILTER (WHERE {kept})", f"c_{f.column}"
    counted = f"count(*) {only}"
    not_absent = f" AND {x} <> 0" if f.column and source.column(f.column).kind is Kind.TOKEN else ""
    below = f"FILTER (WHERE inside AND ({over}))"
    return {
        Agg.COUNT: counted,
        Agg.SUM: f"coalesce(sum({x}::HUGEINT) {only}, 0)",
        Agg.MEAN: f"avg({x}) {only}",
        Agg.MAX: f"max({x}) {only}",
        Agg.MIN: f"min({x}) {only}",
        Agg.STD: f"stddev_pop({x}) {only}",
        Agg.RATIO: f"coalesce(sum({x}) {only}, 0) / nullif((sum({x}) {below})::DOUBLE, 0)"
        if f.column
        else f"({counted}) / nullif((count(*) {below})::DOUBLE, 0)",
        Agg.FIRST: f"(any_value(now) - min(b_t) {only}) / 1000.0".replace("b_t", "t"),
        Agg.SINCE: f"(any_value(now) - max(b_t) {only}) / 1000.0".replace("b_t", "t"),
        Agg.BURST: f"(count(*) FILTER (WHERE inside_part AND {kept})) * {f.window / f.part if f.part else 0}"
        f" / nullif(({counted})::DOUBLE, 0)",
    }.get(f.agg, f"count(DISTINCT {x}) FILTER (WHERE {kept}{not_absent})")
