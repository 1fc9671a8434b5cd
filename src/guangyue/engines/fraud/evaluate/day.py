"""One day of a run told over again: each warning at the moment it would have come, each person's time line (回放一天).

What is told is plain data for a page or a script. A warning stands at the time the engine heard of the record that
caused it; nothing later is used. The truth about a scam comes from the run and is marked as such.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from guangyue.engines.fraud.catalogue import CATALOGUE
from guangyue.engines.fraud.engine import Engine
from guangyue.engines.fraud.evaluate.collect import DAY_MS
from guangyue.engines.fraud.rules.alerts import LEVELS, AlertBook
from guangyue.engines.fraud.rules.hook import persons
from guangyue.engines.fraud.rules.reasons import reason
from guangyue.engines.fraud.schema import Kind
from guangyue.engines.fraud.sources import SOURCES
from guangyue.engines.fraud.stream.plan import build

if TYPE_CHECKING:
    from collections.abc import Callable

    from guangyue.engines.fraud.rules.match import RuleSet
    from guangyue.engines.fraud.schema import Source
    from guangyue.engines.fraud.simulate import Case, Day, Recorded

__all__ = ["FORMAT", "tell_day"]

FORMAT = "guangyue.fraud.day/1"
_BUCKET_S = 86_400
_WARM_DAYS = 31
_SAID = (Kind.CODE, Kind.FEN, Kind.SECONDS, Kind.COUNT)


def tell_day(
    run: Recorded,
    rules: RuleSet,
    number: int,
    *,
    budget: int,
    progress: Callable[[int, int], None] = lambda _d, _a: None,
) -> dict[str, Any]:
    """A day of a run as JSON values.

    Args:
        run: a folder of ``guangyue fraud simulate``, or a city's records in the same layout.
        rules: what warns.
        number: the day, from 0.
        budget: how many persons are warned of at most: the levels above come first, the rest is counted only.
        progress: called with days done and days to do.

    Raises:
        ValueError: when the run has no such day.
    """
    if not 0 <= number < run.length:
        raise ValueError(f"the run has days 0 to {run.length - 1}, not {number}")
    engine = Engine(build(CATALOGUE, SOURCES))
    first = max(0, number - _WARM_DAYS)
    for before in range(first, number):
        engine.process(run.day(before).batch)
        progress(before - first + 1, number - first + 1)
    day = run.day(number)
    vectors = engine.process(day.batch).values
    progress(number - first + 1, number - first + 1)
    warnings = _warnings(day, vectors, rules)
    told, left = _within(warnings, budget)
    begin = run.epoch + number * DAY_MS
    cases = [c for c in run.cases if c.contact_at < begin + DAY_MS and max(c.hooked_at, c.leaves_at) >= begin]
    shown = {w["person"] for w in told} | {c.person for c in cases if c.scam}
    return {
        "format": FORMAT, "begin": begin, "day": number, "records": len(day.batch), "residents": len(run.person),
        "levels": list(LEVELS), "left_out": left,
        "warnings": [w | {"person": f"{w['person']:x}"} for w in told],
        "people": [
            {
                "person": f"{p:x}", "records": _records(day, p),
                "truth": [_truth(c) for c in cases if c.person == p],
            } for p in sorted(shown)
        ],
    }  # fmt: skip


def _warnings(day: Day, vectors: np.ndarray, rules: RuleSet) -> list[dict[str, Any]]:
    """One warning a rule and person, counted, in the order in which they come."""
    matched, who = rules.match(day.batch.source, vectors), persons(day.batch)
    heard = day.batch.time + day.lag
    book, found = AlertBook(), dict[str, dict[str, Any]]()
    events = np.flatnonzero(matched.any(axis=1) & (who > 0))
    for e in events[np.argsort(heard[events], kind="stable")].tolist():
        for r in np.flatnonzero(matched[e]).tolist():
            rule = rules.rules[r]
            alert, new = book.raise_(rule.code, rule.level, int(who[e]), int(heard[e]), _BUCKET_S)
            if new:
                found[alert.id] = {
                    "id": alert.id, "at": alert.first_at, "person": alert.entity, "level": rule.level,
                    "rule": rule.code, "kind": rule.type,
                    "zh": reason(rule, vectors[e]), "en": reason(rule, vectors[e], "en"), "times": [],
                }  # fmt: skip
            found[alert.id]["times"].append(int(heard[e]))
    return list(found.values())


def _within(warnings: list[dict[str, Any]], budget: int) -> tuple[list[dict[str, Any]], int]:
    """The warnings of the persons within the budget, and of how many persons the others are."""
    best: dict[int, tuple[int, int]] = {}
    for w in warnings:
        best[w["person"]] = min(best.get(w["person"], (len(LEVELS), 0)), (LEVELS.index(w["level"]), w["at"]))
    kept = set(sorted(best, key=best.__getitem__)[:budget])
    return [w for w in warnings if w["person"] in kept], len(best) - len(kept)


def _records(day: Day, person: int) -> list[dict[str, Any]]:
    """What became known of a person that day, without the tokens of others."""
    rows = np.flatnonzero(persons(day.batch) == person)
    told = []
    for i in rows.tolist():
        source = SOURCES[int(day.batch.source[i])]
        told.append({
            "at": int(day.batch.time[i] + day.lag[i]), "source": source.code, "zh": source.zh, "en": source.en,
            "said": _said(source, day.batch.values[i].tolist()),
        })  # fmt: skip
    return sorted(told, key=lambda r: r["at"])


def _said(source: Source, values: list[int]) -> list[list[str]]:
    """Column, its Chinese name and its value, of what can be said without naming anybody."""
    said = []
    for column, value in zip(source.columns, values, strict=False):
        if column.kind not in _SAID or (not value and column.kind is not Kind.CODE):
            continue
        text = column.choices[value] if column.choices else f"{value:,}"
        if column.kind is Kind.FEN:
            text = f"¥{value / 100:,.2f}"
        elif column.kind is Kind.SECONDS:
            text = f"{value:,} s"
        said.append([column.name, column.zh, text])
    return said


def _truth(case: Case) -> dict[str, Any]:
    return {
        "script": case.script, "scam": case.scam, "contact": case.contact_at, "hooked": case.hooked_at,
        "leaves": case.leaves_at, "loss": case.loss,
    }  # fmt: skip
