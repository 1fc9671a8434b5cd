"""How fast one drives: by road class, hour and manner (ordinary, with siren, on patrol)."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from guangyue.engines.roads.arrays import CLOSED, Bools, Millis
from guangyue.engines.roads.classes import RoadClass
from guangyue.engines.roads.errors import RoadsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guangyue.engines.roads.graph import Graph

__all__ = ["ORDINARY", "PATROL", "PROFILES", "SIREN", "Profile", "profile_named"]

_FLAT: Final = (1.0,) * 24

WEEKDAY: Final = (
    1.15, 1.2, 1.2, 1.2, 1.2, 1.15, 1.0, 0.75, 0.7, 0.85, 0.9, 0.9,
    0.9, 0.95, 0.95, 0.9, 0.8, 0.68, 0.7, 0.85, 0.95, 1.0, 1.05, 1.1,
)  # fmt: skip
"""Speed against the daily mean by hour of a working day, with two peaks; a city puts in what its own cars measure."""

WEEKEND: Final = (
    1.15, 1.15, 1.2, 1.2, 1.2, 1.15, 1.1, 1.0, 0.95, 0.9, 0.85, 0.85,
    0.85, 0.85, 0.85, 0.85, 0.82, 0.8, 0.82, 0.85, 0.9, 1.0, 1.05, 1.1,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A manner of driving.

    Attributes:
        name: the name by which a graph may carry measured times for it.
        kmh: speed by road class between traffic lights, km/h.
        obeys_limits: never above the posted limit.
        obeys_turns: keeps forbidden turns. Police on an emergency run need not (Road Traffic Safety Law art. 53).
        contraflow_kmh: speed against a one-way street, 0 where that is not done.
        signal_s: mean wait at a traffic light, seconds.
        weekday: speed factors by hour on working days.
        weekend: speed factors by hour on days off.
    """

    name: str
    kmh: Mapping[RoadClass, float]
    obeys_limits: bool = True
    obeys_turns: bool = True
    contraflow_kmh: float = 0.0
    signal_s: float = 0.0
    weekday: tuple[float, ...] = field(default=_FLAT)
    weekend: tuple[float, ...] = field(default=_FLAT)

    def __post_init__(self) -> None:
        for road in RoadClass:
            _positive(self.name, f"kmh[{road.name.lower()}]", self.kmh.get(road, float("nan")))
        for what in ("weekday", "weekend"):
            factors = getattr(self, what)
            if len(factors) != 24:  # noqa: PLR2004 - hours of a day
                raise RoadsError("roads.shape", what=what, wanted=24, found=len(factors))
            for hour, factor in enumerate(factors):
                _positive(self.name, f"{what}[{hour}]", factor)
        for what in ("contraflow_kmh", "signal_s"):
            if not 0 <= getattr(self, what) < float("inf"):
                raise RoadsError("roads.factor", name=self.name, what=what, value=getattr(self, what))

    def factor(self, hour: int | None, *, day_off: bool = False) -> float:
        """The speed factor of an hour; ``None`` is the daily mean.

        Raises:
            RoadsError: ``roads.hour``.
        """
        if hour is None:
            return 1.0
        if hour not in range(24):
            raise RoadsError("roads.hour", hour=hour)
        return (self.weekend if day_off else self.weekday)[hour]

    def speeds(self, graph: Graph, hour: int | None = None, *, day_off: bool = False) -> npt.NDArray[np.float64]:
        """Speed on each arc in km/h, lights not counted; 0 on arcs this profile does not drive."""
        by_class = np.array([self.kmh[road] for road in RoadClass])
        kmh = by_class[graph.road]
        if self.obeys_limits:
            kmh = np.where(graph.limit > 0, np.minimum(kmh, graph.limit), kmh)
        kmh = kmh * self.factor(hour, day_off=day_off)
        return np.where(graph.against, np.minimum(kmh, self.contraflow_kmh), kmh)

    def millis(self, graph: Graph, hour: int | None = None, *, day_off: bool = False) -> Millis:
        """Travel time of each arc in ms at an hour; :data:`CLOSED` where this profile does not drive.

        Measured times the graph carries under this profile's name take the place of class speeds and lights.
        """
        measured = graph.times.get(self.name)
        if measured is not None:
            open_ms = np.where(measured == CLOSED, np.inf, measured / self.factor(hour, day_off=day_off))
            return whole_millis(open_ms)
        kmh = self.speeds(graph, hour, day_off=day_off)
        return whole_millis(drive_millis(graph, kmh) + 1000.0 * self.signal_s * graph.signals)

    def passable(self, banned: Bools) -> Bools:
        """Which expanded arcs this profile may take, given those that complete a forbidden turn."""
        return ~banned if self.obeys_turns else np.ones_like(banned)


def drive_millis(graph: Graph, kmh: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Driving time of each arc in ms at a speed each; infinite at speed 0."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.where(kmh > 0, graph.metres * 3600.0 / np.maximum(kmh, 1e-12), np.inf))


def whole_millis(ms: npt.NDArray[np.float64]) -> Millis:
    """Whole milliseconds, at least one, :data:`CLOSED` where infinite."""
    return np.clip(np.rint(np.where(np.isfinite(ms), ms, CLOSED)), 1, CLOSED).astype(np.int32)


def _positive(name: str, what: str, value: float) -> None:
    if not 0 < value < float("inf"):
        raise RoadsError("roads.factor", name=name, what=what, value=value)


def _kmh(*speeds: float) -> Mapping[RoadClass, float]:
    return MappingProxyType(dict(zip(RoadClass, speeds, strict=True)))


ORDINARY: Final = Profile(
    name="ordinary",
    kmh=_kmh(90, 65, 48, 42, 36, 32, 26, 12, 14, 50, 42, 32),
    signal_s=6.0,
    weekday=WEEKDAY,
    weekend=WEEKEND,
)
"""A police car without siren. Speeds are typical of cities; times measured by arc, or live speeds, replace them."""

SIREN: Final = Profile(
    name="siren",
    kmh=_kmh(125, 92, 70, 60, 52, 46, 38, 18, 20, 70, 60, 46),
    obeys_limits=False,
    obeys_turns=False,
    contraflow_kmh=15.0,
    signal_s=2.0,
    weekday=tuple(1 - (1 - f) * 0.6 for f in WEEKDAY),
    weekend=tuple(1 - (1 - f) * 0.6 for f in WEEKEND),
)
"""An emergency run (紧急任务): about 1.45 times ordinary speed, as the JEMSS ambulance models have it (45 against
31 km/h off arterials, 102 against 71 on them), not bound by limits, lights and one-ways (Road Traffic Safety Law
art. 53), and slowed less by traffic."""

PATROL: Final = Profile(
    name="patrol",
    kmh=_kmh(60, 45, 32, 30, 28, 25, 20, 10, 10, 40, 35, 25),
    signal_s=6.0,
    weekday=WEEKDAY,
    weekend=WEEKEND,
)
"""A patrol drive (巡逻): slow enough to look."""

PROFILES: Final[Mapping[str, Profile]] = MappingProxyType({p.name: p for p in (ORDINARY, SIREN, PATROL)})


def profile_named(name: str) -> Profile:
    """A profile by its name.

    Raises:
        RoadsError: ``roads.profile``.
    """
    if name not in PROFILES:
        raise RoadsError("roads.profile", name=name, known=", ".join(PROFILES))
    return PROFILES[name]
