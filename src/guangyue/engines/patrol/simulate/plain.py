"""The same event loop in plain Python: the reference the compiled one is held to, and the one that can ask the streets.

Where a drive comes from is its only open question: :class:`FromTable` answers with the kernel's interpolation between
stops, :class:`~guangyue.engines.patrol.simulate.streets.FromStreets` with exact routing from the crew's exact position.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from guangyue.engines.patrol.simulate.scenario import HOUR_MS, WEEK_HOURS, Flat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from guangyue.engines.patrol.simulate.scenario import Calls, City, Crews, Rule

__all__ = ["CrewState", "Drives", "FromTable", "play"]

_NEVER = 2**62


@dataclass(slots=True)
class CrewState:
    """What is known of a crew.

    Attributes:
        track: its track.
        anchor: the time at which its round began, so that the rest follows by the clock.
        free_at: when it is done with its call.
        call: the call it was last at, or -1.
        back_end: when it is back in its round.
        back_point: where in its round it comes back.
    """

    track: int
    anchor: int
    free_at: int = 0
    call: int = -1
    back_end: int = -1
    back_point: int = 0


class Drives(Protocol):
    """Where drives come from."""

    def to_call(self, call: int, crews: Sequence[CrewState], now: int) -> list[int]:
        """The drive of each crew to a call, ms."""

    def back(self, call: int, track: int) -> tuple[int, int]:
        """Where in its round a crew comes back after a call (index into the track), and the drive there, ms."""

    def stop_for_cover(self, crew: CrewState, now: int) -> int:
        """The stop at which a crew counts as covering."""


class FromTable:
    """Drives from the travel-time table, as the compiled kernel takes them."""

    def __init__(self, city: City, crews: Crews, calls: Calls) -> None:
        self._city, self._crews, self._calls = city, crews, calls
        self._flat = Flat.of(crews.tracks)

    def between(self, crew: CrewState, now: int) -> tuple[int, int, int]:
        """The stops between which a crew is, and how far it has come in 1024ths."""
        track = self._crews.tracks[crew.track]
        if now < crew.back_end:
            place = int(self._calls.place[crew.call])
            via = self._crews.rejoin_via[place, crew.track].tolist()
            passed = [place, *via, int(track.stop[crew.back_point])]
            pieces = len(passed) - 1
            piece, done = divmod((now - crew.free_at) * pieces * 1024 // (crew.back_end - crew.free_at), 1024)
            return passed[piece], passed[piece + 1], done
        phase = (now - crew.anchor) % track.period_ms
        low = int(np.searchsorted(track.offset_ms, phase, side="right")) - 1
        ends = [*track.offset_ms.tolist(), track.period_ms]
        if len(track.stop) == 1:
            return int(track.stop[0]), int(track.stop[0]), 0
        done = (phase - ends[low]) * 1024 // (ends[low + 1] - ends[low])
        return int(track.stop[low]), int(track.stop[(low + 1) % len(track.stop)]), done

    def to_call(self, call: int, crews: Sequence[CrewState], now: int) -> list[int]:
        """The drive of each crew to a call, ms."""
        row = self._city.ms[0 if self._calls.priority[call] == 1 else 1, self._calls.place[call]]
        out = []
        for crew in crews:
            here, there, done = self.between(crew, now)
            out.append((int(row[here]) * (1024 - done) + int(row[there]) * done) // 1024)
        return out

    def back(self, call: int, track: int) -> tuple[int, int]:
        """Where and when a crew comes back into its round."""
        place = self._calls.place[call]
        return int(self._crews.rejoin_at[place, track]), int(self._crews.rejoin_ms[place, track])

    def stop_for_cover(self, crew: CrewState, now: int) -> int:
        """The nearer of the two stops."""
        here, there, done = self.between(crew, now)
        return here if done < 512 else there  # noqa: PLR2004 - half of 1024


@dataclass(slots=True)
class _Played:
    """What happened to each call and crew."""

    arrival: np.ndarray
    sent: np.ndarray
    who: np.ndarray
    busy: np.ndarray


def play(city: City, crews: Crews, calls: Calls, rule: Rule, cover: tuple[np.ndarray, ...], drives: Drives) -> _Played:
    """Answer all calls, slowly and plainly."""
    game = _Game(city, crews, calls, rule, cover, drives)
    ready = calls.ring_ms + calls.process_ms
    for i in np.argsort(ready, kind="stable").tolist():
        game.free_crews_until(int(ready[i]))
        game.answer(i, int(ready[i]))
    game.free_crews_until(_NEVER - 1)
    return game.played


class _Game:
    def __init__(
        self, city: City, crews: Crews, calls: Calls, rule: Rule, cover: tuple[np.ndarray, ...], drives: Drives
    ) -> None:
        self.city, self.crews, self.calls, self.rule, self.drives = city, crews, calls, rule, drives
        self.cover_at, self.cover_place, self.weight, self.gain = cover
        starts = zip(crews.track.tolist(), crews.phase_ms.tolist(), strict=True)
        self.states = [CrewState(track, -phase) for track, phase in starts]
        self.posts = Flat.of(crews.tracks).post
        count = len(calls)
        self.played = _Played(
            np.full((count, 3), -1, np.int64), np.full((count, 3), -1, np.int64), np.full((count, 3), -1, np.int32),
            np.zeros(len(crews), np.int64),
        )  # fmt: skip
        self.missing = calls.units.astype(int).tolist()
        self.waiting: list[int] = []
        self.seen = (-1, -1)

    def on_duty(self, c: int, t: int) -> bool:
        return bool(self.crews.duty[c, t // HOUR_MS % WEEK_HOURS])

    def able(self, c: int, i: int) -> bool:
        need = int(self.calls.skill[i])
        return int(self.crews.skill[c]) & need == need

    def turnout(self, c: int, i: int, t: int) -> int:
        still = self.posts[self.states[c].track] and t >= self.states[c].back_end
        return int(self.calls.turnout_ms[i]) if still else 0

    def next_free(self, c: int) -> int:
        """When a crew next becomes free after the last event: by finishing, or by coming on duty."""
        free_at, (seen_t, seen_c) = self.states[c].free_at, self.seen
        if (free_at, c) > (seen_t, seen_c):
            starts = [free_at, *((free_at // HOUR_MS + k) * HOUR_MS for k in range(1, 169))]
            return next((t for t in starts if self.on_duty(c, t)), _NEVER)
        first = -(-seen_t // HOUR_MS) if c > seen_c else seen_t // HOUR_MS + 1
        for hour in range(first, first + 169):
            if self.on_duty(c, hour * HOUR_MS) and not self.on_duty(c, (hour + 167) * HOUR_MS):
                return hour * HOUR_MS
        return _NEVER

    def free_crews_until(self, now: int) -> None:
        """Give waiting calls to crews as they become free: the most urgent first, then the one that waits longest."""
        while self.waiting:
            t, c = min((self.next_free(c), c) for c in range(len(self.states)))
            if t > now:
                return
            self.seen = (t, c)
            for i in sorted(self.waiting, key=lambda i: int(self.calls.priority[i])):
                if self.able(c, i):
                    [eta] = self.drives.to_call(i, [self.states[c]], t)
                    self.send(i, c, t, eta)
                    if not self.missing[i]:
                        self.waiting.remove(i)
                    break

    def answer(self, i: int, now: int) -> None:
        """Send the crews a call needs, or let it wait for those that are missing."""
        free = [c for c, s in enumerate(self.states) if s.free_at <= now and self.on_duty(c, now)]
        etas = dict(zip(free, self.drives.to_call(i, [self.states[c] for c in free], now), strict=True))
        while self.missing[i]:
            able = [c for c in free if self.able(c, i)]
            if not able:
                break
            chosen = min(able, key=lambda c: (*self.price(c, i, free, etas[c] + self.turnout(c, i, now), now), c))
            free.remove(chosen)
            self.send(i, chosen, now, etas[chosen])
        if self.missing[i]:
            if not self.waiting:
                self.seen = (now, len(self.states))
            self.waiting.append(i)

    def price(self, c: int, i: int, free: list[int], eta: int, now: int) -> tuple[float, int]:
        """What a crew costs: the cover it leaves behind if it makes the target, and its time."""
        if self.rule.kind != "mexclp" or eta > self.rule.target_s[self.calls.priority[i] - 1] * 1000:
            return np.inf, eta
        stops = {k: self.drives.stop_for_cover(self.states[k], now) for k in free}
        covering = np.zeros(self.city.places, np.int64)
        for stop in stops.values():
            covering[self.cover_place[self.cover_at[stop] : self.cover_at[stop + 1]]] += 1
        loss = 0.0
        for at in self.cover_place[self.cover_at[stops[c]] : self.cover_at[stops[c] + 1]].tolist():
            loss += float(self.weight[at]) * float(self.gain[covering[at]])
        return loss, eta

    def send(self, i: int, c: int, t: int, eta: int) -> None:
        """Put a crew on a call."""
        crew, calls = self.states[c], self.calls
        arrives = t + self.turnout(c, i, t) + eta * int(calls.drive_permille[i]) // 1000
        k = int((self.played.who[i] >= 0).sum())
        self.played.who[i, k], self.played.sent[i, k], self.played.arrival[i, k] = c, t, arrives
        crew.free_at, crew.call = arrives + int(calls.scene_ms[i]), i
        self.played.busy[c] += crew.free_at - t
        self.missing[i] -= 1
        crew.back_point, drive = self.drives.back(i, crew.track)
        crew.back_end = crew.free_at + drive
        crew.anchor = crew.back_end - int(self.crews.tracks[crew.track].offset_ms[crew.back_point])
