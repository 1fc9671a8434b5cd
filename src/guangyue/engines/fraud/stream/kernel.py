# mypy: disable-error-code="no-any-return,call-arg,unreachable"
"""The loop over events: late or not, whose, in order or not; then the vector."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.stream.ahead import (
    FAR_AHEAD,
    MIDDLE_AHEAD,
    NEAR_AHEAD,
    NEXT_AHEAD,
    fetch_near,
    fetch_place,
    fetch_queues,
    fetch_row,
    queued,
    stream_in,
)
from guangyue.engines.fraud.stream.fields import next_of, rank_of
from guangyue.engines.fraud.stream.jit import compiled, inlined, outlined
from guangyue.engines.fraud.stream.layout import (
    A_LATENESS,
    A_READ_AT,
    A_ROLES,
    A_SLOTS,
    A_STREAMS,
    ADMITTED,
    C_CLOCK,
    C_CORRECTIONS,
    C_D_USED,
    C_DUPLICATE,
    C_EVENT,
    C_EVENTS,
    C_FIRST,
    C_FIX_ROWS,
    C_FIX_WIDTH,
    C_H_USED,
    C_LAST,
    C_LATE,
    C_LINK_TOP,
    C_MARKS,
    C_NEWEST,
    C_ONCE,
    C_OUT_OF_ORDER,
    C_P_USED,
    C_RING_HEAD,
    C_RING_MASK,
    C_RING_TAIL,
    C_ROW_TOP,
    C_SERVICE,
    C_SHARD,
    C_SHARDS,
    C_TILE_TOP,
    DUPLICATE,
    E_WORDS,
    ENTITY_SHIFT,
    KEY_NONE,
    KEY_SERVICE,
    LATE,
    MASK_STREAM,
    META_SUPERSEDED,
    N_LINK,
    N_META,
    N_TIME,
    NEED_CORRECTIONS,
    NEED_INDEX,
    NEED_LINKS,
    NEED_NOTHING,
    NEED_PAIRS,
    NEED_RING,
    NEED_ROWS,
    NEED_SEEN,
    NEED_TILES,
    NONE,
    POOL_INDEX,
    POOL_LINKS,
    POOL_PAIRS,
    POOL_RING,
    POOL_ROWS,
    POOL_SCRATCH,
    POOL_SEEN,
    POOL_TILES,
    Q_CLOCK,
    Q_EVENT,
    Q_KEY,
    Q_ROW,
    Q_STREAM_BITS,
    R_HEAD,
    R_NODES,
    R_RANK,
    R_TIME,
    S_COLUMN,
    S_ENTITY,
    S_SLOT,
    S_WIDTH,
    SERVICE_BIT,
    SOURCE_SHIFT,
    TAKEN,
    V_WORDS,
)
from guangyue.engines.fraud.stream.maps import index_find, shard_of, turn_of
from guangyue.engines.fraud.stream.nodes import apply, blank_windows, expire, hold_cap, new_node, new_row, sweep
from guangyue.engines.fraud.stream.pools import (
    fix_key_of,
    fix_value_of,
    index_of,
    ring_of,
    rows_of,
    scratch_of,
    words_of,
)
from guangyue.engines.fraud.stream.program import forget_values, read_row
from guangyue.engines.fraud.stream.tiles import values_wound_back, wind_back

if TYPE_CHECKING:
    from guangyue.engines.fraud.stream.layout import Floats, Ints

_MARGIN = 256  # words one event may take from a pool for one entity
_SWEEP_EVERY, _SWEEP_STEPS = 128, 48
_TURN_BITS = 5


@inlined
def _short_of(s: Ints) -> int:
    """Which pool is too small for one more record of one entity."""
    need = NEED_NOTHING
    if s[C_RING_TAIL] - s[C_RING_HEAD] + _MARGIN > s[POOL_RING + 1]:
        need = NEED_RING
    elif s[C_H_USED] * 10 + 10 > s[POOL_INDEX + 1] * 2:
        need = NEED_INDEX
    elif s[C_ROW_TOP] + _MARGIN > s[POOL_ROWS + 1]:
        need = NEED_ROWS
    elif s[C_TILE_TOP] + _MARGIN > s[POOL_TILES + 1]:
        need = NEED_TILES
    elif s[C_LINK_TOP] + _MARGIN > s[POOL_LINKS + 1]:
        need = NEED_LINKS
    elif (s[C_D_USED] + 16) * 2 > s[POOL_SEEN + 1] // V_WORDS:
        need = NEED_SEEN
    elif (s[C_P_USED] + 16) * 10 > (s[POOL_PAIRS + 1] // E_WORDS) * 4:
        need = NEED_PAIRS
    return need


@outlined
def _short_for_rewind(p: Ints, s: Ints, row: int, entity: int) -> int:
    n = rows_of(s)[row + R_NODES] + 1
    if n > s[POOL_SCRATCH + 1] or s[C_CORRECTIONS] + n > s[C_FIX_ROWS]:
        return NEED_CORRECTIONS
    if (s[C_P_USED] + values_wound_back(p, s, row, entity)) * 10 > (s[POOL_PAIRS + 1] // E_WORDS) * 7:
        return NEED_PAIRS
    return NEED_NOTHING


@outlined
def _in_its_place(p: Ints, s: Ints, row: int, late: int) -> int:
    """Lists an entity's nodes with the late one among them; returns its place. Their values are forgotten."""
    ring, scratch = ring_of(s), scratch_of(s)
    mask = s[C_RING_MASK]
    time, rank = ring[(late & mask) + N_TIME], rank_of(p, ring, late & mask)
    n, place = 0, NONE
    node = rows_of(s)[row + R_HEAD]
    while node != NONE:
        at = node & mask
        if place == NONE and (ring[at + N_TIME] > time or (ring[at + N_TIME] == time and rank_of(p, ring, at) > rank)):
            place = n
            scratch[n] = late
            n += 1
        scratch[n] = node
        n += 1
        forget_values(p, s, row, node)
        node = next_of(ring, at, node)
    if place == NONE:
        place = n
        scratch[n] = late
    return place


@outlined
def _apply_anew(p: Ints, s: Ints, row: int, entity: int, late: int) -> None:
    """Winds an entity back and applies its nodes again, the late one in its place; later events get corrections.

    The late event's own values are left in the last row of the corrections' buffer.
    """
    rows, ring, scratch = rows_of(s), ring_of(s), scratch_of(s)
    fix_key, fix_value = fix_key_of(s), fix_value_of(s)
    mask = s[C_RING_MASK]
    time = ring[(late & mask) + N_TIME]
    n = rows[row + R_NODES] + 1
    place = _in_its_place(p, s, row, late)
    blank_windows(p, s, row, entity)
    wind_back(p, s, row, entity, time)
    superseded = ~(np.int64(0xFF) << META_SUPERSEDED)
    for k in range(n):
        at = scratch[k] & mask
        ring[at + N_LINK] = 0
        ring[at + N_META] &= superseded
        apply(p, s, row, scratch[k], entity, time)
        hold_cap(p, s, row, entity)
        if k < place:
            continue
        c = s[C_FIX_ROWS] - 1
        if k > place:
            c = s[C_CORRECTIONS]
            s[C_CORRECTIONS] = c + 1
            fix_key[3 * c] = ring[at + N_TIME]
            fix_key[3 * c + 1] = rank_of(p, ring, at)
            fix_key[3 * c + 2] = p[p[A_STREAMS] + (ring[at + N_META] & MASK_STREAM) * S_WIDTH + S_SLOT]
        read_row(p, s, row, entity, ring[at + N_TIME], fix_value, c * s[C_FIX_WIDTH])


@inlined
def _admit(p: Ints, s: Ints, source: int, t: int, offset: int) -> int:
    """Whether an event is taken: not twice, and not behind its source's watermark."""
    mark, clock = C_MARKS + 2 * source, s[C_NEWEST]
    if s[C_ONCE]:
        if offset <= s[mark + 1]:
            s[C_DUPLICATE] += 1
            return DUPLICATE
        s[mark + 1] = offset
    lateness = p[A_LATENESS] + 2 * source
    if t < s[mark] - p[lateness] or t < clock - p[lateness + 1]:
        s[C_LATE] += 1
        return LATE
    s[mark] = max(s[mark], t)
    s[C_NEWEST] = max(clock, t)
    return TAKEN


@inlined
def _slot(p: Ints, stream: int) -> tuple[int, int]:
    """The first column of a stream's slot in the vector and the first after it."""
    here = p[A_STREAMS] + stream * S_WIDTH
    first, entity = p[p[A_SLOTS] + p[here + S_SLOT]], p[A_READ_AT] + p[here + S_ENTITY]
    return first, first + p[entity + 1] - p[entity]


@inlined
def _key(p: Ints, values: Ints, base: int, first: int, stream: int) -> int:
    """The key of the entity in a slot; KEY_NONE when there is none to keep or it stands in a slot before."""
    here = p[A_STREAMS] + stream * S_WIDTH
    token, entity = values[base + p[here + S_COLUMN]], p[here + S_ENTITY]
    if token == 0:
        return KEY_NONE
    if token & SERVICE_BIT:
        return KEY_SERVICE
    for other in range(first, stream):
        there = p[A_STREAMS] + other * S_WIDTH
        if p[there + S_ENTITY] == entity and values[base + p[there + S_COLUMN]] == token:
            return KEY_NONE
    return token | (np.int64(entity) << ENTITY_SHIFT)


@inlined
def _blank(out: Floats, first: int, last: int) -> None:
    for k in range(first, last):
        out[k] = math.nan


@inlined
def _its_turn(s: Ints, i: int) -> bool:
    """Whether this of several shards writes what is no shard's own; they change after some events, not at each."""
    return turn_of(i >> _TURN_BITS, s[C_SHARDS]) == s[C_SHARD]


@outlined
def _queue_slots(p: Ints, s: Ints, i: int, src: int, values: Ints, base: int, out: Floats, names: int) -> None:
    """Queues the slots of an event that this shard keeps, and blanks what its vector has beside slots.

    Of several shards they take turns with blanking and with the slots that nobody keeps. Whether a slot is this
    shard's is as good as chance, so it is written in any case and then counted or not: a branch would be foreseen in
    half of all cases.
    """
    turn = _its_turn(s, i)
    first, last, column = p[p[A_ROLES] + src], s[C_LAST], i * names
    for stream in range(first, p[p[A_ROLES] + src + 1]):
        key, here = _key(p, values, base, first, stream), queued(last)
        begin, after = _slot(p, stream)
        if turn:
            _blank(out, column, i * names + begin)
            column = i * names + after
        if key > 0:
            s[here + Q_EVENT] = (i << Q_STREAM_BITS) | stream
            s[here + Q_KEY] = key
            s[here + Q_CLOCK] = s[C_NEWEST]
            s[here + Q_ROW] = NONE
            last += np.int64(shard_of(key, s[C_SHARDS]) == s[C_SHARD])
        elif turn:
            s[C_SERVICE] += key == KEY_SERVICE
            _blank(out, i * names + begin, i * names + after)
    if turn:
        _blank(out, column, (i + 1) * names)
    s[C_LAST] = last


@outlined
def _one_slot(
    p: Ints, s: Ints, stream: int, key: int, t: int, rank: int, values: Ints, base: int, out: Floats, column: int
) -> int:
    """Adds the record to one entity and writes its features; or says which pool is too small."""
    need = _short_of(s)
    if need != NEED_NOTHING:
        return need
    entity = p[p[A_STREAMS] + stream * S_WIDTH + S_ENTITY]
    row = index_find(s, index_of(s), key)
    if row == NONE:
        row = new_row(p, s, key, entity)
    rows = rows_of(s)
    if t > rows[row + R_TIME] or (t == rows[row + R_TIME] and rank > rows[row + R_RANK]):
        apply(p, s, row, new_node(p, s, stream, t, rank, row, values, base), entity, 0)
        hold_cap(p, s, row, entity)
        read_row(p, s, row, entity, t, out, column)
        return NEED_NOTHING
    need = _short_for_rewind(p, s, row, entity)
    if need != NEED_NOTHING:
        return need
    s[C_OUT_OF_ORDER] += 1
    _apply_anew(p, s, row, entity, new_node(p, s, stream, t, rank, row, values, base))
    fix_value = fix_value_of(s)
    last = (s[C_FIX_ROWS] - 1) * s[C_FIX_WIDTH]
    for k in range(p[p[A_READ_AT] + entity + 1] - p[p[A_READ_AT] + entity]):
        out[column + k] = fix_value[last + k]
    return NEED_NOTHING


@inlined
def _take(p: Ints, s: Ints, i: int, src: int, status: int, values: Ints, base: int, out: Floats, names: int) -> None:
    """Queues an event that was taken; of one that was not, blanks the vector."""
    if status == TAKEN:
        s[C_EVENTS] += 1
        if s[C_EVENTS] % _SWEEP_EVERY == 0 and turn_of(s[C_EVENTS] // _SWEEP_EVERY, s[C_SHARDS]) == s[C_SHARD]:
            sweep(p, s, _SWEEP_STEPS)
        _queue_slots(p, s, i, src, values, base, out, names)
    elif _its_turn(s, i):
        _blank(out, i * names, (i + 1) * names)


@compiled
def process(
    plan: Ints, state: Ints, sources: Ints, times: Ints, offsets: Ints, rows: Ints, width: int, vectors: Floats,
    names: int, answers: Ints,
) -> int:  # fmt: skip
    """Takes events from ``state[C_EVENT]`` on; returns NEED_NOTHING at the end or the pool that must grow first.

    Args:
        plan: the plan's words.
        state: the control block of the state, which is changed in place.
        sources: int64[n], position of each event's source.
        times: int64[n], UTC milliseconds.
        offsets: int64[n], place in the source's log.
        rows: int64[n * width], the columns of each event's source.
        width: columns of an event in ``rows``.
        vectors: float64[n * names]; a slot without an entity is NaN. Of several shards each writes its own entities,
            and they take turns to blank what is empty.
        names: length of an event's vector.
        answers: int64[n], TAKEN, LATE or DUPLICATE.
    """
    n = sources.size
    p, s, source, time = words_of(plan), words_of(state), words_of(sources), words_of(times)  # type: ignore[var-annotated]  # numba's own
    offset, values, out, status = words_of(offsets), words_of(rows), words_of(vectors), words_of(answers)
    while True:
        k = s[C_FIRST]
        if s[C_LAST] - k <= FAR_AHEAD:
            for i in range(s[C_EVENT], min(s[C_EVENT] + ADMITTED, n)):
                status[i] = _admit(p, s, source[i], time[i], offset[i])
                _take(p, s, i, source[i], status[i], values, i * width, out, names)
                s[C_EVENT] = i + 1
            if k == s[C_LAST]:
                if s[C_EVENT] == n:
                    return NEED_NOTHING
                continue
        if k + FAR_AHEAD < s[C_LAST]:
            fetch_place(s, k + FAR_AHEAD)
            fetch_row(p, s, k + MIDDLE_AHEAD)
            fetch_near(p, s, k + NEAR_AHEAD, values, width)
            fetch_queues(p, s, k + NEXT_AHEAD)
        here = queued(k)
        i, stream = s[here + Q_EVENT] >> Q_STREAM_BITS, stream_in(s, here)
        s[C_CLOCK] = s[here + Q_CLOCK]
        expire(p, s)
        rank = (source[i] << SOURCE_SHIFT) | offset[i]
        column = i * names + _slot(p, stream)[0]
        need = _one_slot(p, s, stream, s[here + Q_KEY], time[i], rank, values, i * width, out, column)
        if need != NEED_NOTHING:
            return need
        s[C_FIRST] = k + 1
