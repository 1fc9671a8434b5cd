# mypy: allow-untyped-defs, no-check-untyped-defs
# numba infers types itself, and compiles one loop better than many small calls:
# ruff: noqa: ANN001, ANN201, ANN202, ANN401, PLR0912, PLR0915, PLR2004

"""The event loop, compiled. :mod:`plain` says the same in plain Python and is held equal to it by a property test.

Two kinds of event exist: a call is ready to be answered, and a crew becomes free while calls wait. Between events
nothing has to be moved, because a crew's position follows from when its round (or its way back into it) began.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["run"]

_HOUR = 3_600_000
_NEVER = 2**62


def _compiled(function: Callable[..., Any]) -> Any:
    return njit(cache=True, error_model="numpy")(function)


@_compiled
def position(
    c, t, track, track_at, track_stop, track_offset, period, rejoin_via,
    back_from, back_start, back_end, back_point, anchor, segment,
):  # fmt: skip
    """The stops between which a crew is at a time, and how far it has come, in 1024ths of the drive."""
    if t < back_end[c]:
        at = back_from[c]
        pieces = rejoin_via.shape[2] + 1
        done = (((t - back_start[c]) * pieces) << 10) // (back_end[c] - back_start[c])
        piece = done >> 10
        here = np.int64(at) if piece == 0 else np.int64(rejoin_via[at, track, piece - 1])
        there = np.int64(track_stop[back_point[c]]) if piece == pieces - 1 else np.int64(rejoin_via[at, track, piece])
        return here, there, done & 1023
    phase = t - anchor[c]
    if phase >= period[track]:
        # rounds already driven are dropped, so that the costly remainder is seldom taken
        phase %= period[track]
        anchor[c] = t - phase
    # most questions find a crew where the last one did, so that stretch is tried before the search
    low, last = segment[c], track_at[track + 1] - 1
    if track_offset[low] > phase or (low < last and track_offset[low + 1] <= phase):
        low, high = track_at[track], last
        while low < high:
            middle = (low + high + 1) // 2
            if track_offset[middle] <= phase:
                low = middle
            else:
                high = middle - 1
        segment[c] = low
    after = low + 1
    if after == track_at[track + 1]:
        end, follows = period[track], track_at[track]
    else:
        end, follows = track_offset[after], after
    if low == follows:
        return np.int64(track_stop[low]), np.int64(track_stop[low]), np.int64(0)
    done = ((phase - track_offset[low]) << 10) // (end - track_offset[low])
    return np.int64(track_stop[low]), np.int64(track_stop[follows]), done


@_compiled
def drive(row, here, there, done):
    """The drive to a place from between two stops: their drives, weighted by nearness."""
    return (np.int64(row[here]) * (1024 - done) + np.int64(row[there]) * done) >> 10


@_compiled
def next_free(c, seen_t, seen_c, free_at, duty):
    """When a crew next becomes free after the event (``seen_t``, ``seen_c``): by finishing, or by coming on duty."""
    if free_at > seen_t or (free_at == seen_t and c > seen_c):
        for ahead in range(169):
            hour = free_at // _HOUR + ahead
            if duty[c, hour % 168]:
                return free_at if ahead == 0 else hour * _HOUR
        return _NEVER
    first = seen_t // _HOUR + 1
    if seen_t % _HOUR == 0 and c > seen_c:
        first -= 1
    for hour in range(first, first + 169):
        if duty[c, hour % 168] and not duty[c, (hour + 167) % 168]:
            return hour * _HOUR
    return _NEVER


@_compiled
def send(i, c, t, eta, turnout, calls, track_of, tracks, rejoin, state, out):
    """Put a crew on a call: when it arrives, when it is free, how it comes back into its round."""
    place, _, _, _, scene, permille = calls
    track = track_of[c]
    free_at, back_from, back_start, back_end, back_point, anchor, _ = state
    arrival, sent, who, busy, remaining = out
    driving = eta * permille[i] // 1000
    arrives = t + turnout + driving
    for k in range(3):
        if who[i, k] < 0:
            who[i, k], sent[i, k], arrival[i, k] = c, t, arrives
            break
    free_at[c] = arrives + scene[i]
    busy[c] += free_at[c] - t
    remaining[i] -= 1
    at = place[i]
    back_from[c], back_start[c] = at, free_at[c]
    back_end[c] = free_at[c] + rejoin[1][at, track]
    back_point[c] = tracks[0][track] + rejoin[0][at, track]
    anchor[c] = back_end[c] - tracks[2][back_point[c]]


@_compiled
def count_cover(c, stop, counted, covering, cover_at, cover_place):
    """Keep the number of free crews covering each place up to date with one crew's whereabouts (-1: not free)."""
    if counted[c] == stop:
        return
    if counted[c] >= 0:
        for j in range(cover_at[counted[c]], cover_at[counted[c] + 1]):
            covering[cover_place[j]] -= 1
    if stop >= 0:
        for j in range(cover_at[stop], cover_at[stop + 1]):
            covering[cover_place[j]] += 1
    counted[c] = stop


@_compiled
def run(times, calls, skills, order, ready, track_of, post, duty, tracks, rejoin, rule, cover, state, out):
    """Answer all calls; results go into ``out``."""
    place, priority, _, turnout_ms, _, _ = calls
    call_skill, crew_skill = skills
    aware, target_ms = rule
    cover_weight, gain = cover[2], cover[3]
    remaining = out[4]
    crews = len(track_of)
    # taken out of their tuples once: in the loop each taking would cost two atomic counts
    track_at, track_stop, track_offset, period = tracks
    rejoin_via = rejoin[2]
    free_at, back_from, back_start, back_end, back_point, anchor, segment = state
    cover_at, cover_place = cover[0], cover[1]
    etas, turnouts = np.zeros(crews, np.int64), np.zeros(crews, np.int64)
    able = np.zeros(crews, np.bool_)
    who_free, heres, theres, shares = np.zeros((4, crews), np.int64)
    counted = np.full(crews, -1, np.int64)
    covering = np.zeros(len(cover_weight), np.int64)
    following = np.full(len(place), -1, np.int64)
    head, tail = np.full(4, -1, np.int64), np.full(4, -1, np.int64)
    waiting = 0
    frees = np.zeros(crews, np.int64)
    # crew-free events are looked at once each, in the order of (time, crew)
    seen_t, seen_c = np.int64(-1), np.int64(-1)
    for n in range(len(order) + 1):
        last = n == len(order)
        now = _NEVER if last else ready[order[n]]
        while waiting:
            c = 0
            for k in range(1, crews):
                if frees[k] < frees[c]:
                    c = k
            t = frees[c]
            if t > now or t == _NEVER:
                break
            seen_t, seen_c = t, c
            done = False
            for p in range(1, 4):
                before, i = np.int64(-1), head[p]
                while i >= 0 and not done:
                    if (crew_skill[c] & call_skill[i]) == call_skill[i]:
                        here, there, share = position(
                            c, t, track_of[c], track_at, track_stop, track_offset, period, rejoin_via,
                            back_from, back_start, back_end, back_point, anchor, segment,
                        )  # fmt: skip
                        eta = drive(times[0 if p == 1 else 1, place[i]], here, there, share)
                        turnout = np.int64(turnout_ms[i]) if post[track_of[c]] and t >= back_end[c] else np.int64(0)
                        send(i, c, t, eta, turnout, calls, track_of, tracks, rejoin, state, out)
                        done = True
                        if remaining[i] == 0:
                            waiting -= 1
                            if before >= 0:
                                following[before] = following[i]
                            else:
                                head[p] = following[i]
                            if tail[p] == i:
                                tail[p] = before
                    else:
                        before, i = i, following[i]
                if done:
                    break
            frees[c] = next_free(c, seen_t, seen_c, free_at[c], duty)
        if last:
            break
        i = order[n]
        p = priority[i]
        row = times[0 if p == 1 else 1, place[i]]
        hour = now // _HOUR % 168
        frees_now = 0
        for c in range(crews):
            free = free_at[c] <= now and duty[c, hour]
            able[c] = free and (crew_skill[c] & call_skill[i]) == call_skill[i]
            if free:
                who_free[frees_now] = c
                heres[frees_now], theres[frees_now], shares[frees_now] = position(
                    c, now, track_of[c], track_at, track_stop, track_offset, period, rejoin_via,
                    back_from, back_start, back_end, back_point, anchor, segment,
                )  # fmt: skip
                frees_now += 1
            elif aware:
                count_cover(c, -1, counted, covering, cover_at, cover_place)
        # a loop of its own, without branches: the table does not fit the cache, so its reads should overlap
        for k in range(frees_now):
            etas[who_free[k]] = drive(row, heres[k], theres[k], shares[k])
        for k in range(frees_now):
            c = who_free[k]
            turnouts[c] = turnout_ms[i] if post[track_of[c]] and now >= back_end[c] else 0
            if aware:
                count_cover(c, heres[k] if shares[k] < 512 else theres[k], counted, covering, cover_at, cover_place)
        while remaining[i] > 0:
            chosen, chosen_loss, chosen_eta = -1, 0.0, np.int64(0)
            for c in range(crews):
                if not able[c]:
                    continue
                eta = etas[c] + turnouts[c]
                # a crew that makes the target is judged by the cover it leaves behind, any other by its time
                loss = np.inf
                if aware and eta <= target_ms[p - 1]:
                    loss = 0.0
                    for j in range(cover_at[counted[c]], cover_at[counted[c] + 1]):
                        at = cover_place[j]
                        loss += cover_weight[at] * gain[covering[at]]
                if chosen < 0 or loss < chosen_loss or (loss == chosen_loss and eta < chosen_eta):
                    chosen, chosen_loss, chosen_eta = c, loss, eta
            if chosen < 0:
                break
            able[chosen] = False
            if aware:
                count_cover(chosen, -1, counted, covering, cover_at, cover_place)
            send(i, chosen, now, etas[chosen], turnouts[chosen], calls, track_of, tracks, rejoin, state, out)
            if waiting:
                frees[chosen] = next_free(chosen, seen_t, seen_c, free_at[chosen], duty)
        if remaining[i] > 0:
            if tail[p] >= 0:
                following[tail[p]] = i
            else:
                head[p] = i
            tail[p] = i
            if waiting == 0:
                seen_t, seen_c = now, np.int64(crews)
                for c in range(crews):
                    frees[c] = next_free(c, seen_t, seen_c, free_at[c], duty)
            waiting += 1
