"""Why each stop and each post is where it is, in a sentence a crew can check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from guangyue.engines.patrol.plan.build import MINUTE, Crew, Demand, MustVisit, Settings, Stop
from guangyue.engines.patrol.routing import Problem, Solution, timetable

__all__ = ["PlannedPost", "PlannedStop", "posts_explained", "stops_explained"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStop:
    """A stop of a crew and why it is there; minutes of the slot.

    Attributes:
        crew: index of the crew.
        place: index of the place.
        arrives: when the crew is there.
        leaves: when it goes on.
        kind: cell, must-visit place, or break.
        name: of the cell or place.
        calls: expected calls gathered.
        detour: minutes of way that the crew would save without this stop.
        rank: of the cell among all by expected calls, 1 for the busiest; 0 when not a cell.
        reasons: sentences in Chinese and English.
    """

    crew: int
    place: int
    arrives: float
    leaves: float
    kind: Literal["cell", "must", "rest"]
    name: str
    calls: float
    detour: float
    rank: int
    reasons: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPost:
    """An outpost (前哨) and why it stands there.

    Attributes:
        place: index of the place.
        name: of its cell; the place's number where it is not a cell.
        calls: expected calls within reach.
        alone: those of them that no other post reaches.
        reasons: sentences in Chinese and English.
    """

    place: int
    name: str
    calls: float
    alone: float
    reasons: dict[str, str]


def stops_explained(
    built: Problem, solution: Solution, stops: tuple[Stop, ...], demand: Demand, crews: tuple[Crew, ...],
    must: tuple[MustVisit, ...], got: npt.NDArray[np.float64],
) -> list[PlannedStop]:  # fmt: skip
    """Every stop with its times and its reasons."""
    rank = np.empty(len(demand.expected), np.int64)
    rank[np.argsort(-demand.expected, kind="stable")] = np.arange(1, len(rank) + 1)
    out = []
    for k, route in enumerate(solution.routes):
        matrix = built.travel[built.profile[k]]
        places = [int(built.start[k]), *(int(built.place[v]) for v in route), int(built.end[k])]
        for i, (v, (arrival, departure)) in enumerate(zip(route, timetable(built, k, route), strict=False), 1):
            a, p, b = places[i - 1 : i + 2]
            detour = (int(matrix[a, p]) + int(matrix[p, b]) - int(matrix[a, b])) / MINUTE
            stop = stops[v]
            if stop.kind == "cell":
                name, reasons = demand.name[stop.index], _cell_reasons(stop.index, demand, rank, detour, built, v, got)
            elif stop.kind == "must":
                place = must[stop.index]
                name, reasons = place.name, _must_reasons(place, stop.number)
            else:
                name = crews[stop.index].name
                reasons = {"zh": "按排班休息。", "en": "The break of the roster."}
            out.append(PlannedStop(
                crew=k, place=p, arrives=arrival / MINUTE, leaves=departure / MINUTE, kind=stop.kind, name=name,
                calls=float(built.prize[v]), detour=detour, rank=int(rank[stop.index]) if stop.kind == "cell" else 0,
                reasons=reasons,
            ))  # fmt: skip
    return out


def _cell_reasons(
    i: int,
    demand: Demand,
    rank: npt.NDArray[np.int64],
    detour: float,
    built: Problem,
    v: int,
    got: npt.NDArray[np.float64],
) -> dict[str, str]:
    zh = (
        f"预计{demand.expected[i]:.1f}起警情（{demand.low[i]:.0f}至{demand.high[i]:.0f}起），"
        f"在{len(rank)}格中列第{rank[i]}，绕行{detour:.1f}分钟。"
    )
    en = (
        f"{demand.expected[i]:.1f} calls expected ({demand.low[i]:.0f} to {demand.high[i]:.0f}), "
        f"number {rank[i]} of {len(rank)} cells, {detour:.1f} min detour."
    )
    block = int(built.block[v])
    if block >= 0 and got[block] - built.prize[v] < built.floor[block]:
        zh += f"{demand.blocks[block]}的巡防下限需要它。"
        en += f" The floor of {demand.blocks[block]} needs it."
    return {"zh": zh, "en": en}


def _must_reasons(place: MustVisit, number: int) -> dict[str, str]:
    if place.every is None:
        return {"zh": "必到点。", "en": "A place to be seen in any case."}
    return {
        "zh": f"必到点，至少每{place.every:g}分钟一次，第{number}次。",
        "en": f"A place to be seen at least every {place.every:g} min; visit {number}.",
    }


def posts_explained(
    posts: tuple[int, ...], within: npt.NDArray[np.bool_], demand: Demand, settings: Settings
) -> tuple[PlannedPost, ...]:
    """Each post with what it reaches; ``within`` has a row for each of them."""
    out = []
    times = within.sum(axis=0)
    for place, reached in zip(posts, within, strict=True):
        calls, alone = float(demand.expected[reached].sum()), float(demand.expected[reached & (times == 1)].sum())
        name = demand.name[place] if place < len(demand.name) else str(place)
        reasons = {
            "zh": f"{settings.reach:g}分钟内可到之处预计{calls:.1f}起警情，其中{alone:.1f}起没有别的前哨可到。",
            "en": f"{calls:.1f} calls expected within {settings.reach:g} min, {alone:.1f} of them within reach of no other post.",
        }
        out.append(PlannedPost(place=place, name=name, calls=calls, alone=alone, reasons=reasons))
    return tuple(out)
