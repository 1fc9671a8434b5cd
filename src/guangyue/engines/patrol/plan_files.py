"""A plan as files: stops, directions, GeoJSON with the streets driven, the promise; and read back again."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from guangyue.engines.patrol.drives import Leg
from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.place import Located
from guangyue.engines.patrol.plan import Plan, Promise

__all__ = [
    "Standing", "StandingRound", "StandingStop", "directions_table", "plan_features", "plan_table", "promised", "read_plan",
]  # fmt: skip

Feature = dict[str, Any]
Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class StandingStop:
    """Where a crew is from when to when, minutes of the slot."""

    at: Position
    arrives: float
    leaves: float


@dataclass(frozen=True, slots=True)
class StandingRound:
    """A crew's round as it was written down.

    Attributes:
        crew: its name.
        kind: ground or drone.
        start: where it begins.
        end: where it ends.
        begins: when, minutes of the slot.
        ends: when it must be back.
        stops: in the order of driving.
    """

    crew: str
    kind: str
    start: Position
    end: Position
    begins: float
    ends: float
    stops: tuple[StandingStop, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan read back.

    Attributes:
        rounds: of the crews.
        posts: positions of the outposts.
        told: what the plan says of itself: the slot, the first day it was made for, the minutes that count as near.
    """

    rounds: tuple[StandingRound, ...]
    posts: tuple[Position, ...]
    told: dict[str, Any] = field(default_factory=dict)


def plan_table(made: Plan, ready: Located) -> pl.DataFrame:
    """One row per stop, then one per outpost."""
    stops = [
        {
            "crew": ready.crews[s.crew].name, "kind": s.kind, "name": s.name, "arrives": round(s.arrives, 1),
            "leaves": round(s.leaves, 1), "calls": round(s.calls, 3), "rank": s.rank, "detour": round(s.detour, 1),
            "理由": s.reasons["zh"], "reason": s.reasons["en"],
        }
        for s in made.stops
    ]  # fmt: skip
    posts = [
        {
            "crew": None, "kind": "outpost", "name": p.name, "arrives": None, "leaves": None, "calls": round(p.calls, 3),
            "rank": None, "detour": None, "理由": p.reasons["zh"], "reason": p.reasons["en"],
        }
        for p in made.posts
    ]  # fmt: skip
    return pl.DataFrame([*stops, *posts], infer_schema_length=None)


def directions_table(ways: tuple[Leg, ...], ready: Located) -> pl.DataFrame:
    """One row per instruction: crew, stop it leads to, street, metres, seconds, what to do in both languages."""
    return pl.DataFrame(
        [
            {
                "crew": ready.crews[leg.crew].name, "to": leg.to, "street": step.name, "metres": round(step.metres),
                "seconds": round(step.seconds, 1), "指引": step.text.of("zh"), "direction": step.text.of("en"),
            }
            for leg in ways for step in leg.steps
        ],
        schema={
            "crew": pl.String, "to": pl.String, "street": pl.String, "metres": pl.Int64, "seconds": pl.Float64,
            "指引": pl.String, "direction": pl.String,
        },
    )  # fmt: skip


def plan_features(made: Plan, ready: Located, ways: tuple[Leg, ...]) -> list[Feature]:
    """Rounds as lines along the streets with their names, stops and outposts as points."""

    def at(place: int) -> list[float]:
        return [round(float(ready.longitude[place]), 6), round(float(ready.latitude[place]), 6)]

    out: list[Feature] = []
    for k, crew in enumerate(ready.crews):
        mine = [s for s in made.stops if s.crew == k]
        driven = [leg for leg in ways if leg.crew == k]
        end = crew.start if crew.end is None else crew.end
        line = np.concatenate([leg.line for leg in driven]) if driven else np.array([at(crew.start), at(end)])
        names = [name for leg in driven for name in leg.streets]
        figures = {
            "round": crew.name, "kind": "ground" if crew.answers else "drone", "start": at(crew.start), "end": at(end),
            "begins": crew.begins, "ends": crew.ends, "stops": len(mine), "calls": round(sum(s.calls for s in mine), 3),
            "minutes": round(sum(leg.minutes for leg in driven), 1), "km": round(sum(leg.metres for leg in driven) / 1000, 2),
            "streets": [name for i, name in enumerate(names) if i == 0 or names[i - 1] != name],
        }  # fmt: skip
        shape = {"type": "LineString", "coordinates": np.round(line, 6).tolist()}
        out.append({"type": "Feature", "geometry": shape, "properties": figures})
        for s in mine:
            told = {
                "crew": crew.name, "kind": s.kind, "name": s.name, "arrives": round(s.arrives, 2),
                "leaves": round(s.leaves, 2), **s.reasons,
            }  # fmt: skip
            out.append(
                {"type": "Feature", "geometry": {"type": "Point", "coordinates": at(s.place)}, "properties": told}
            )
    for post in made.posts:
        point = {"type": "Point", "coordinates": at(post.place)}
        out.append({"type": "Feature", "geometry": point, "properties": {"outpost": post.name, **post.reasons}})
    return out


def promised(promise: Promise, blocks: tuple[str, ...]) -> dict[str, Any]:
    """The promise as JSON, overall and per block; null for a block that expects nothing."""

    def band(values: tuple[float, float, float]) -> dict[str, float | None]:
        told = (None if math.isnan(v) else round(v, 4) for v in values)
        return dict(zip(("expected", "low", "high"), told, strict=True))

    return {
        "passed": round(promise.passed, 4), "near": band(promise.near), "response_min": band(promise.response),
        "p90_min": round(promise.p90, 2),
        "blocks": [
            {
                "name": name, "calls": round(promise.calls_by_block[b], 4), "passed": round(promise.passed_by_block[b], 4),
                "near": band(promise.near_by_block[b]) if promise.calls_by_block[b] else None,
                "response_min": band(promise.response_by_block[b]) if promise.calls_by_block[b] else None,
            }
            for b, name in enumerate(blocks)
        ],
    }  # fmt: skip


def read_plan(path: Path) -> Standing:
    """A plan from the GeoJSON that `plan` wrote.

    Raises:
        PatrolError: when the file holds no round.
    """
    try:
        found = json.loads(path.read_text("utf-8"))
        pairs = [(f["geometry"]["coordinates"], f["properties"]) for f in found["features"]]
        stops: dict[str, list[StandingStop]] = {}
        for at, told in pairs:
            if "crew" in told:
                stop = StandingStop((float(at[0]), float(at[1])), float(told["arrives"]), float(told["leaves"]))
                stops.setdefault(told["crew"], []).append(stop)
        rounds = tuple(
            StandingRound(
                told["round"], told["kind"], tuple(told["start"]), tuple(told["end"]), float(told["begins"]),
                float(told["ends"]), tuple(stops.get(told["round"], ())),
            )
            for _, told in pairs if "round" in told
        )  # fmt: skip
        posts = tuple((float(at[0]), float(at[1])) for at, told in pairs if "outpost" in told)
        about = dict(found.get("plan", {}))
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        sentence = f"{path.name} is not a plan: {error!r}"
        raise PatrolError("patrol.plan.file", sentence, file=path.name, why="不是巡防方案") from error
    if not rounds:
        raise PatrolError("patrol.plan.file", f"{path.name} holds no round.", file=path.name, why="没有巡线")
    return Standing(rounds, posts, about)
