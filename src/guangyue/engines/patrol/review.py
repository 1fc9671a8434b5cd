"""A changed plan against the standing one on weeks neither has seen: the gate applied to whole plans (留出周回测).

For every held-out week the forecast and the plan are made anew from what was known before it; both plans are then scored
on the calls that came: the share of them that found someone free within reach, reckoned alike for both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.forecast import History, Settings, forecast
from guangyue.engines.patrol.forecast.level import Factors
from guangyue.engines.patrol.forecast.predict import Scheduled
from guangyue.engines.patrol.gate import Verdict, on_held_out
from guangyue.engines.patrol.inputs import Row
from guangyue.engines.patrol.place import ANSWERING, CELL_LIMIT_M, located, near_streets
from guangyue.engines.patrol.plan import Beat, Demand, plan, reach_of, watches
from guangyue.engines.patrol.plan import Settings as Wishes
from guangyue.engines.patrol.plan_files import Standing
from guangyue.engines.roads import Network

__all__ = ["WEEK", "Review", "review"]

WEEK = 7
MINUTE = 60_000
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Review:
    """The verdict and what it rests on.

    Attributes:
        verdict: of the gate.
        origins: first days of the held-out weeks.
        calls: that came in each.
        standing: share of them the standing plan was near to.
        candidate: likewise for the plan made before that week.
    """

    verdict: Verdict
    origins: list[int]
    calls: list[int]
    standing: list[float]
    candidate: list[float]


def review(
    history: History, standing: Standing, origins: Sequence[int], network: Network, crews: list[Row], must: list[Row], *,
    slot: int, settings: Wishes, cells: int = 300, blocks: tuple[Ints, tuple[str, ...]] | None = None,
    factors: Factors | None = None, scheduled: tuple[Scheduled, ...] = (), tick: Callable[[int], None] | None = None,
) -> Review:  # fmt: skip
    """Plan before each week from its past alone, and see which plan was nearer to the calls of the week.

    Args:
        history: all calls.
        standing: the plan in force, made before the first of the weeks.
        origins: first days of the weeks.
        network: the streets at the speed of patrol.
        crews: rows of the roster, for the candidates.
        must: rows of places in any case.
        slot: the slot of the day both plans are for.
        settings: the city's wishes; its budget is spent once a week.
        cells: the busiest cells are worth a stop.
        blocks: the block of each of the grid's cells and their names; the grid's areas when None.
        factors: city-wide influences.
        scheduled: demand known in advance.
        tick: called with the number of weeks done.

    Raises:
        PatrolError: when a week reaches beyond the last call or nothing lies near a street.
        RoadsError: when a place lies off the map.
    """
    if origins and max(origins) + WEEK - 1 > history.day[-1]:
        sentence = "A test window reaches beyond the last call; its outcome is unknown."
        raise PatrolError("patrol.backtest.future", sentence)
    grid = history.grid
    near = near_streets(network, grid.longitude, grid.latitude)
    if not len(near):
        raise PatrolError("patrol.plan.none", "No cell lies near a street: forecast and streets are not of one city.")
    targets = network.snap(grid.longitude[near], grid.latitude[near], limit_m=CELL_LIMIT_M)
    answering = Network.sharing(network, ANSWERING)
    areas = (grid.area, tuple(f"area {a}" for a in range(int(grid.area.max()) + 1))) if blocks is None else blocks

    def chances(beats: tuple[Beat, ...], longitude: Floats, latitude: Floats) -> Floats:
        """For each cell near a street, the chance that someone free is near; the positions are the beats' places."""
        at = network.snap(longitude, latitude, limit_m=CELL_LIMIT_M)
        return reach_of(beats, answering.matrix(at, targets), settings.busy).near(settings.reach)

    def replan(origin: int) -> Floats:
        predicted = forecast(history, origin, Settings(horizon=WEEK), factors=factors, scheduled=scheduled)
        expected = predicted.expected[:, slot] / WEEK
        busiest = np.argsort(-expected, kind="stable")[:cells]
        ready = located(network, grid.longitude[busiest], grid.latitude[busiest], crews, must)
        mine = busiest[ready.cells]
        demand = Demand.of(
            expected[mine], predicted.dispersion["cell"], areas[0][mine], areas[1], tuple(map(str, mine.tolist()))
        )
        made = plan(ready.travel, demand, ready.crews, must=ready.must, settings=settings, answer=ready.answer)
        return chances(
            watches(made.problem, made.solution.routes, ready.crews, made.outposts), ready.longitude, ready.latitude
        )

    before = chances(*standing_beats(standing))
    shares: dict[int, Floats] = {}

    def kept(origin: int) -> Floats:
        shares[origin] = replan(origin)
        if tick:
            tick(len(shares))
        return shares[origin]

    def seen(origin: int) -> Floats:
        return np.asarray(history.slot_counts(origin, origin + WEEK)[near, slot])

    def score(chance: Floats, origin: int) -> float:
        calls = seen(origin)
        return float(calls @ chance / max(calls.sum(), 1.0))

    verdict = on_held_out(origins, before, kept, score)
    return Review(
        verdict, list(origins), [int(seen(o).sum()) for o in origins], [score(before, o) for o in origins],
        [score(shares[o], o) for o in origins],
    )  # fmt: skip


def standing_beats(standing: Standing) -> tuple[tuple[Beat, ...], Floats, Floats]:
    """The beats of a plan read from its file, and the longitudes and latitudes of their places."""
    at: list[tuple[float, float]] = []
    beats = []

    def place(position: tuple[float, float]) -> int:
        at.append(position)
        return len(at) - 1

    def ms(minutes: float) -> int:
        return round(minutes * MINUTE)

    begins = min(ms(r.begins) for r in standing.rounds)
    ends = max(ms(r.ends) for r in standing.rounds)
    for r in standing.rounds:
        if r.kind == "drone":
            continue
        stays = [(place(s.at), ms(s.arrives), ms(s.leaves)) for s in r.stops]
        home = stays[-1][2] if stays else ms(r.begins)
        beats.append(Beat(ms(r.begins), ms(r.ends), (*stays, (place(r.end), home, ms(r.ends)))))
    beats += [Beat.post(place(post), begins, ends) for post in standing.posts]
    where = np.array(at, np.float64).reshape(-1, 2)
    return tuple(beats), where[:, 0], where[:, 1]
