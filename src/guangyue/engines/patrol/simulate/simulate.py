"""Run a scenario: the compiled loop around checked arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.patrol.simulate import kernel
from guangyue.engines.patrol.simulate.plain import play
from guangyue.engines.patrol.simulate.scenario import Flat

if TYPE_CHECKING:
    import numpy.typing as npt

    from guangyue.engines.patrol.simulate.plain import Drives
    from guangyue.engines.patrol.simulate.scenario import Calls, City, Crews, Rule

__all__ = ["Outcome", "cover_lists", "simulate", "simulate_plainly"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Outcome:
    """What became of each call.

    Attributes:
        arrival_ms: when the first, second, third crew arrived, ascending, -1 where none was needed, int64[calls, 3].
        sent_ms: when the crews were sent, in the order of sending, -1 likewise, int64[calls, 3].
        crew: which were sent, in the same order, -1 likewise, int32[calls, 3].
        first_crew: the crew that arrived first, int32[calls].
        busy_ms: how long each crew was on calls, int64[crews].
        city, crews, calls: the scenario.
    """

    arrival_ms: npt.NDArray[np.int64]
    sent_ms: npt.NDArray[np.int64]
    crew: npt.NDArray[np.int32]
    first_crew: npt.NDArray[np.int32]
    busy_ms: npt.NDArray[np.int64]
    city: City
    crews: Crews
    calls: Calls

    @property
    def response_ms(self) -> npt.NDArray[np.int64]:
        """From the first ring to the first crew, int64[calls]."""
        return self.arrival_ms[:, 0] - self.calls.ring_ms


def simulate(city: City, crews: Crews, calls: Calls, rule: Rule) -> Outcome:
    """Answer all calls by a rule. The same scenario gives the same outcome to the last millisecond, everywhere.

    Raises:
        SimulateError: when the scenario's arrays do not fit together.
    """
    city.check()
    crews.check(city)
    calls.check(city, crews)
    flat = Flat.of(crews.tracks)
    count, team = len(calls), len(crews)
    ready = calls.ring_ms + calls.process_ms
    zeros = [np.zeros(team, np.int64) for _ in range(4)]
    state = (*zeros[:3], np.full(team, -1, np.int64), zeros[3], -crews.phase_ms.astype(np.int64), flat.at[crews.track])
    none = np.full((count, 3), -1, np.int64)
    out = (none.copy(), none.copy(), none.astype(np.int32), np.zeros(team, np.int64), calls.units.astype(np.int64))
    kernel.run(
        city.ms,
        (calls.place, calls.priority, calls.units, calls.turnout_ms, calls.scene_ms, calls.drive_permille),
        (calls.skill, crews.skill), np.argsort(ready, kind="stable"), ready, crews.track, flat.post, crews.duty,
        (flat.at, flat.stop, flat.offset, flat.period), (crews.rejoin_at, crews.rejoin_ms, crews.rejoin_via),
        (rule.kind == "mexclp", np.array(rule.target_s) * 1000.0), cover_lists(city, rule, team), state, out,
    )  # fmt: skip
    return _outcome(city, crews, calls, out[0], out[1], out[2], out[3])


def simulate_plainly(city: City, crews: Crews, calls: Calls, rule: Rule, drives: Drives) -> Outcome:
    """The same in plain Python, with drives from wherever ``drives`` takes them."""
    city.check()
    crews.check(city)
    calls.check(city, crews)
    played = play(city, crews, calls, rule, cover_lists(city, rule, len(crews)), drives)
    return _outcome(city, crews, calls, played.arrival, played.sent, played.who, played.busy)


def cover_lists(city: City, rule: Rule, crews: int) -> tuple[np.ndarray, ...]:
    """For MEXCLP: the places each stop covers (ragged), their weights, and what the k-th covering crew adds.

    With each crew taken a share ``q`` of the time, a place covered by ``k`` free crews is expected to be served with
    probability ``1 - q^k``; the k-th crew adds ``(1 - q) q^(k - 1)`` of its weight (Daskin 1983).
    """
    if rule.kind == "closest":
        return np.zeros(len(city.stop_node) + 1, np.int64), np.zeros(0, np.int32), city.weight, np.zeros(crews + 2)
    near = rule.cover_s * 1000 >= city.ms[0].T
    at = np.concatenate([[0], np.cumsum(near.sum(axis=1))]).astype(np.int64)
    gain = np.concatenate([[0.0], (1 - rule.busy) * rule.busy ** np.arange(crews + 1)])
    return at, np.nonzero(near)[1].astype(np.int32), city.weight, gain


def _outcome(
    city: City, crews: Crews, calls: Calls, arrival: np.ndarray, sent: np.ndarray, who: np.ndarray, busy: np.ndarray
) -> Outcome:
    late = np.where(arrival < 0, np.iinfo(np.int64).max, arrival)
    first = who[np.arange(len(calls)), late.argmin(axis=1)]
    ordered = np.sort(late, axis=1)
    ordered[ordered == np.iinfo(np.int64).max] = -1
    return Outcome(
        arrival_ms=ordered, sent_ms=sent, crew=who, first_crew=first, busy_ms=busy, city=city, crews=crews, calls=calls
    )
