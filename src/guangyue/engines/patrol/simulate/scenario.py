"""What is simulated, as arrays: the city and its travel times, the crews and their rounds, the calls, the rule.

All times are whole milliseconds since a Monday 00:00 in the city, so a run is exact and the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt

from guangyue.engines.patrol.simulate.errors import SimulateError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BACK_PIECES", "HOUR_MS", "TIER_S", "WEEK_HOURS", "Calls", "City", "Crews", "Rule", "Track"]

HOUR_MS: Final = 3_600_000
WEEK_HOURS: Final = 168
NEVER: Final = 2**31 - 1
BACK_PIECES: Final = 8
"""A way back into the round is noted in this many pieces of equal time, so that a crew called off it is found."""

TIER_S: Final[dict[int, int]] = {1: 60, 3: 180, 5: 300}
"""The 1-3-5 rule (一三五分钟快速反应): class of a site → seconds from the first ring to the first crew. Class 1 are
stations, squares, school gates; 3 are banks, malls; 5 is everywhere else. Which site has which class is local."""


@dataclass(frozen=True, eq=False, kw_only=True)
class City:
    """Where calls arise, where crews can stand, and how long between them.

    Attributes:
        place_node: street node of each call place, int32[places].
        stop_node: street node of each stop, int32[stops]; the first ones are the call places, in order.
        ms: travel time to place ``p`` from stop ``q`` in manner ``m``, int32[2, places, stops]; manner 0 is the
            emergency run, 1 the ordinary drive. Rows by place keep one call's look-ups together in memory.
        weight: expected calls of each place (any scale), float64[places]; MEXCLP counts with it.
        site: class of each place, 1, 3 or 5, uint8[places].
        block: responsibility block of each place, int32[places].
    """

    place_node: npt.NDArray[np.int32]
    stop_node: npt.NDArray[np.int32]
    ms: npt.NDArray[np.int32]
    weight: npt.NDArray[np.float64]
    site: npt.NDArray[np.uint8]
    block: npt.NDArray[np.int32]

    @property
    def places(self) -> int:
        """How many call places there are."""
        return len(self.place_node)

    def check(self) -> City:
        """The city itself, after proving that its arrays fit together and every stop reaches every place.

        Raises:
            SimulateError: ``simulate.empty``, ``simulate.shape``, ``simulate.value``, ``simulate.unreachable``.
        """
        if not self.places:
            raise SimulateError("simulate.empty", what="places / 地点")
        wanted = (2, self.places, len(self.stop_node))
        if self.ms.shape != wanted:
            raise SimulateError("simulate.shape", what="ms", wanted=wanted, found=self.ms.shape)
        for name in ("weight", "site", "block"):
            sized(name, getattr(self, name), self.places)
        refuse("weight", self.weight, ~(np.isfinite(self.weight) & (self.weight >= 0)), "finite and not below 0")
        refuse("site", self.site, ~np.isin(self.site, list(TIER_S)), "1, 3 or 5")
        if self.ms.min() < 0 or self.ms.max() >= NEVER:
            _, place, stop = np.argwhere((self.ms < 0) | (self.ms >= NEVER))[0].tolist()
            where = f"node {self.place_node[place]}"
            raise SimulateError("simulate.unreachable", stop=stop, place=place, where=where)
        return self


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A round driven again and again, or a post: the stops passed and when, counted from the round's beginning.

    Attributes:
        stop: stops in the order of driving, int32. Between two of them the crew is on its way.
        offset_ms: when each is passed, ascending from 0, int64. Equal stops one after the other are a stay.
        period_ms: the length of the round; after it the crew is back at the first stop.
    """

    stop: npt.NDArray[np.int32]
    offset_ms: npt.NDArray[np.int64]
    period_ms: int

    @classmethod
    def post(cls, stop: int) -> Track:
        """A crew that waits at one stop (前哨、驻点)."""
        return cls(np.array([stop], np.int32), np.zeros(1, np.int64), HOUR_MS)


@dataclass(frozen=True, eq=False, kw_only=True)
class Crews:
    """The crews: what they do between calls, when they work, what they can.

    Attributes:
        tracks: rounds and posts.
        track: the track of each crew, int32[crews].
        phase_ms: how far into its round each crew is at time 0, int64[crews].
        duty: hours of the week on duty, bool[crews, 168]; breaks are hours off.
        skill: bits of what each crew can, uint32[crews].
        tier: 1 for crews that answer for the first minute, 3, 5; only counted, never enforced, uint8[crews].
        rejoin_at: for each place and track, where a crew comes back into its round (index into the track), int32.
        rejoin_ms: and how long it drives there, int32[places, tracks].
        rejoin_via: the stops nearest to where it is after each eighth of that drive, int32[places, tracks, 7].
    """

    tracks: Sequence[Track]
    track: npt.NDArray[np.int32]
    phase_ms: npt.NDArray[np.int64]
    duty: npt.NDArray[np.bool_]
    skill: npt.NDArray[np.uint32]
    tier: npt.NDArray[np.uint8]
    rejoin_at: npt.NDArray[np.int32]
    rejoin_ms: npt.NDArray[np.int32]
    rejoin_via: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.track)

    def check(self, city: City) -> Crews:
        """The crews themselves, after proving that they fit the city.

        Raises:
            SimulateError: ``simulate.empty``, ``simulate.shape``, ``simulate.value``, ``simulate.no_duty``.
        """
        if not len(self) or not self.tracks:
            raise SimulateError("simulate.empty", what="crews / 警组")
        for name in ("phase_ms", "skill", "tier", "duty"):
            sized(name, getattr(self, name), len(self))
        if self.duty.shape[1:] != (WEEK_HOURS,):
            raise SimulateError("simulate.shape", what="duty", wanted=WEEK_HOURS, found=self.duty.shape[1:])
        if not self.duty.any():
            raise SimulateError("simulate.no_duty")
        refuse("track", self.track, (self.track < 0) | (self.track >= len(self.tracks)), "the number of a track")
        for name in ("rejoin_at", "rejoin_ms"):
            found = getattr(self, name).shape
            if found != (city.places, len(self.tracks)):
                raise SimulateError("simulate.shape", what=name, wanted=(city.places, len(self.tracks)), found=found)
        wanted = (city.places, len(self.tracks), BACK_PIECES - 1)
        if self.rejoin_via.shape != wanted:
            raise SimulateError("simulate.shape", what="rejoin_via", wanted=wanted, found=self.rejoin_via.shape)
        via = self.rejoin_via.ravel()
        refuse("rejoin_via", via, (via < 0) | (via >= len(city.stop_node)), "the number of a stop")
        refuse("rejoin_ms", self.rejoin_ms.ravel(), self.rejoin_ms.ravel() >= NEVER, "a way back must exist")
        for track in self.tracks:
            wrong = (track.stop < 0) | (track.stop >= len(city.stop_node))
            refuse("track.stop", track.stop, wrong, "the number of a stop")
            ahead = np.diff(track.offset_ms, prepend=-1, append=track.period_ms) <= 0
            refuse("track.offset_ms", track.offset_ms, ahead[: len(track.offset_ms)], "ascending from 0")
            if track.offset_ms[0] != 0 or ahead[-1]:
                raise SimulateError("simulate.value", what="track.period_ms", index=0, value=track.period_ms,
                                    why="beyond the last offset, the first being 0")  # fmt: skip
        return self


@dataclass(frozen=True, eq=False, kw_only=True)
class Calls:
    """The calls in the order of their ringing; what each will take is drawn beforehand, so rules meet the same day.

    Attributes:
        ring_ms: the first ring, ascending, int64[calls].
        place: where, int32[calls].
        node: exact street node, for runs with exact routing, int32[calls].
        priority: 1 (urgent, with siren), 2 or 3, uint8[calls].
        units: crews needed, 1 to 3, uint8[calls].
        skill: bits all of which each crew must have, uint32[calls].
        process_ms: from the ring until a crew can be sent (answering, asking, typing), int32[calls].
        turnout_ms: from the order until a crew at a post moves, int32[calls]; crews on their round move at once.
        drive_permille: what the drive takes against what the map says, int32[calls].
        scene_ms: at the scene with paperwork, for each crew, int32[calls].
    """

    ring_ms: npt.NDArray[np.int64]
    place: npt.NDArray[np.int32]
    node: npt.NDArray[np.int32]
    priority: npt.NDArray[np.uint8]
    units: npt.NDArray[np.uint8]
    skill: npt.NDArray[np.uint32]
    process_ms: npt.NDArray[np.int32]
    turnout_ms: npt.NDArray[np.int32]
    drive_permille: npt.NDArray[np.int32]
    scene_ms: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ring_ms)

    def first(self, count: int) -> Calls:
        """The first calls."""
        return Calls(**{name: getattr(self, name)[:count] for name in self.__dataclass_fields__})

    def check(self, city: City, crews: Crews) -> Calls:
        """The calls themselves, after proving that they fit the city and that a crew exists for each.

        Raises:
            SimulateError: ``simulate.empty``, ``simulate.shape``, ``simulate.value``, ``simulate.skill``.
        """
        if not len(self):
            raise SimulateError("simulate.empty", what="calls / 警情")
        for name in self.__dataclass_fields__:
            sized(name, getattr(self, name), len(self))
        refuse("ring_ms", self.ring_ms, np.diff(self.ring_ms, prepend=self.ring_ms[0]) < 0, "ascending")
        refuse("ring_ms", self.ring_ms, self.ring_ms < 0, "not before the beginning")
        refuse("place", self.place, (self.place < 0) | (self.place >= city.places), "the number of a place")
        refuse("priority", self.priority, ~np.isin(self.priority, (1, 2, 3)), "1, 2 or 3")
        refuse("units", self.units, ~np.isin(self.units, (1, 2, 3)), "1, 2 or 3")
        for name in ("process_ms", "turnout_ms", "scene_ms", "drive_permille"):
            refuse(name, getattr(self, name), getattr(self, name) < 0, "not below 0")
        for need in np.unique(self.skill):
            if not ((crews.skill & need) == need)[crews.duty.any(axis=1)].any():
                raise SimulateError("simulate.skill", index=int((self.skill == need).argmax()))
        return self


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Whom to send.

    ``closest`` sends the crew that arrives first (ties: the lower number). ``mexclp`` looks at what stays behind:
    among the crews that arrive within the target it sends the one whose absence costs the least expected coverage
    (Jagtenberg, Bhulai, van der Mei 2017, with Daskin's MEXCLP 1983); if none can make it, the closest.

    Attributes:
        kind: the rule.
        target_s: arrival targets by priority 1, 2, 3, seconds of driving.
        cover_s: a place is covered by a crew that can be there within this drive with siren, seconds.
        busy: the share of time a crew is taken, between 0 and 1.
    """

    kind: Literal["closest", "mexclp"] = "closest"
    target_s: tuple[float, float, float] = (180.0, 480.0, 900.0)
    cover_s: float = 180.0
    busy: float = 0.4

    def __post_init__(self) -> None:
        if not 0 < self.busy < 1:
            raise SimulateError("simulate.value", what="busy", index=0, value=self.busy, why="between 0 and 1")
        for i, value in enumerate((*self.target_s, self.cover_s)):
            if not 0 < value < float("inf"):
                raise SimulateError("simulate.value", what="target_s / cover_s", index=i, value=value, why="above 0")


@dataclass(frozen=True, eq=False, kw_only=True)
class Flat:
    """Tracks end to end, as the kernel reads them."""

    at: npt.NDArray[np.int64]
    stop: npt.NDArray[np.int32]
    offset: npt.NDArray[np.int64]
    period: npt.NDArray[np.int64]
    post: npt.NDArray[np.bool_] = field()

    @classmethod
    def of(cls, tracks: Sequence[Track]) -> Flat:
        """The tracks of some crews."""
        lengths = [len(t.stop) for t in tracks]
        return cls(
            at=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            stop=np.concatenate([t.stop for t in tracks]).astype(np.int32),
            offset=np.concatenate([t.offset_ms for t in tracks]).astype(np.int64),
            period=np.array([t.period_ms for t in tracks], np.int64),
            post=np.array([len(np.unique(t.stop)) == 1 for t in tracks], np.bool_),
        )


def sized(what: str, values: npt.NDArray[Any], wanted: int) -> None:
    """Refuse an array of the wrong length."""
    if len(values) != wanted:
        raise SimulateError("simulate.shape", what=what, wanted=wanted, found=len(values))


def refuse(what: str, values: npt.NDArray[Any], wrong: npt.NDArray[np.bool_], why: str) -> None:
    """Refuse the first wrong value."""
    if wrong.any():
        i = int(wrong.argmax())
        raise SimulateError("simulate.value", what=what, index=i, value=values[i], why=why)
