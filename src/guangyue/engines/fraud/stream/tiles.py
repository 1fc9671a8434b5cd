# mypy: disable-error-code="no-any-return"
"""Long windows: tiles of records, added and taken away whole.

A tile that has left the window is kept until no late record can need it any more, so an entity can be wound back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.stream.jit import inlined, outlined
from guangyue.engines.fraud.stream.layout import (
    A_GROUP_AT,
    A_GROUP_PAIR_AT,
    A_GROUP_PAIRS,
    A_GROUPS,
    A_N_GROUPS,
    A_PAIR_AT,
    A_PAIRS,
    A_STREAMS,
    A_TILE_AT,
    A_TILE_BLANK,
    A_TILE_BLANK_AT,
    A_TILES,
    A_TOTAL_AT,
    A_TOTALS,
    C_CLOCK,
    C_FREE,
    C_LINK_FREE,
    C_LINK_TOP,
    C_P_MASK,
    C_RING_MASK,
    C_SLACK,
    C_TILE_TOP,
    E_A,
    E_B,
    EMPTY_MAX,
    EMPTY_MIN,
    G_KEPT,
    G_LIVE,
    G_LIVE_TILE,
    G_NEWEST,
    G_NEWEST_TILE,
    META_FINAL,
    N_ENTITIES,
    N_META,
    NONE,
    O_A,
    O_CONDITION,
    O_KIND,
    O_ROW,
    O_VALUE,
    O_WIDTH,
    OP_COUNT,
    OP_MAX,
    OP_MIN,
    OP_SQUARE,
    OP_SUM,
    OWNER_BITS,
    P_CONDITION,
    P_GROUP,
    P_ROW,
    P_SKIP_ZERO,
    P_TILE,
    P_VALUE,
    P_WORDS,
    S_GROUPS,
    S_WIDTH,
    T_NEXT,
    T_TILE,
)
from guangyue.engines.fraud.stream.maps import pair_claim, pair_find, pair_remove
from guangyue.engines.fraud.stream.pools import links_of, pairs_of, ring_of, rows_of, tiles_of
from guangyue.engines.fraud.stream.windows import square_into

if TYPE_CHECKING:
    from guangyue.engines.fraud.stream.layout import Ints

_IN, _OUT, _GONE = 1, -1, -2


@outlined
def _totals(p: Ints, s: Ints, row: int, group: int, tile: int, sign: int) -> None:
    """Adds or takes away a tile's sums; extremes are only added."""
    rows = rows_of(s)
    tiles = tiles_of(s)
    for k in range(p[p[A_TOTAL_AT] + group], p[p[A_TOTAL_AT] + group + 1]):
        total = p[A_TOTALS] + 3 * k
        kind, here, there = p[total], tile + p[total + 1], row + p[total + 2]
        if kind in (OP_COUNT, OP_SUM):
            rows[there] += sign * tiles[here]
        elif kind == OP_SQUARE:
            old, add = np.uint64(rows[there]), np.uint64(tiles[here])
            if sign > 0:
                new = old + add
                rows[there + 1] += tiles[here + 1] + (1 if new < old else 0)
            else:
                new = old - add
                rows[there + 1] -= tiles[here + 1] + (1 if new > old else 0)
            rows[there] = np.int64(new)
        elif kind == OP_MAX and sign > 0:
            rows[there] = max(rows[there], tiles[here])
        elif kind == OP_MIN and sign > 0:
            rows[there] = min(rows[there], tiles[here])


@outlined
def _extremes(p: Ints, s: Ints, row: int, group: int) -> None:
    """Takes the extremes anew from the tiles inside the window."""
    rows = rows_of(s)
    tiles = tiles_of(s)
    word = row + p[p[A_GROUPS] + group * 4 + 2]
    for k in range(p[p[A_TOTAL_AT] + group], p[p[A_TOTAL_AT] + group + 1]):
        kind, there = p[p[A_TOTALS] + k * 3 + 0], row + p[p[A_TOTALS] + k * 3 + 2]
        if kind not in (OP_MAX, OP_MIN):
            continue
        best = EMPTY_MAX if kind == OP_MAX else EMPTY_MIN
        tile = rows[word + G_LIVE]
        while tile != NONE:
            value = tiles[tile + p[p[A_TOTALS] + k * 3 + 1]]
            best = max(best, value) if kind == OP_MAX else min(best, value)
            tile = tiles[tile + T_NEXT]
        rows[there] = best


@outlined
def _members(p: Ints, s: Ints, row: int, group: int, tile: int, way: int) -> None:
    """Counts a tile's distinct values in or out; ``_GONE`` also forgets which tile was their newest."""
    rows = rows_of(s)
    tiles = tiles_of(s)
    links = links_of(s)
    pairs = pairs_of(s)
    for k in range(p[p[A_GROUP_PAIR_AT] + group], p[p[A_GROUP_PAIR_AT] + group + 1]):
        pair = p[p[A_GROUP_PAIRS] + k]
        owner, acc = (row << OWNER_BITS) | pair, p[p[A_PAIRS] + pair * P_WORDS + P_ROW]
        link = tiles[tile + p[p[A_PAIRS] + pair * P_WORDS + P_TILE]]
        while link != NONE:
            at = pair_claim(pairs, s, owner, links[link])
            held = max(pairs[at + E_A], 0)
            after = held + (1 if way == _IN else -1)
            pairs[at + E_A] = after
            if way == _GONE:
                pairs[at + E_B] = NONE
            if acc != NONE and (held == 0 or after == 0):
                rows[row + acc] += after - held
            if after == 0:
                pair_remove(pairs, s, at)
            link = links[link + 1]


@outlined
def _release(p: Ints, s: Ints, group: int, tile: int) -> None:
    """Gives a tile and its list of values back."""
    tiles = tiles_of(s)
    links = links_of(s)
    for k in range(p[p[A_GROUP_PAIR_AT] + group], p[p[A_GROUP_PAIR_AT] + group + 1]):
        link = tiles[tile + p[p[A_PAIRS] + (p[p[A_GROUP_PAIRS] + k]) * P_WORDS + P_TILE]]
        while link != NONE:
            after = links[link + 1]
            links[link + 1] = s[C_LINK_FREE]
            s[C_LINK_FREE] = link
            link = after
    here = N_ENTITIES + group
    tiles[tile + T_NEXT] = s[C_FREE + here]
    s[C_FREE + here] = tile


@outlined
def retire(p: Ints, s: Ints, row: int, group: int, oldest: int) -> None:
    """Takes tiles before ``oldest`` out of the window and gives back what no late record can reach."""
    rows = rows_of(s)
    tiles = tiles_of(s)
    word = row + p[p[A_GROUPS] + group * 4 + 2]
    while rows[word + G_LIVE_TILE] < oldest:
        tile = rows[word + G_LIVE]
        _totals(p, s, row, group, tile, _OUT)
        _members(p, s, row, group, tile, _OUT)
        after = tiles[tile + T_NEXT]
        rows[word + G_LIVE] = after
        rows[word + G_LIVE_TILE] = EMPTY_MIN if after == NONE else tiles[after + T_TILE]
    _extremes(p, s, row, group)
    # What no late record can reach any more is given back.
    window, length = p[p[A_GROUPS] + group * 4 + 0], p[p[A_GROUPS] + group * 4 + 1]
    needed = (s[C_CLOCK] - s[C_SLACK] - window) // length
    tile = rows[word + G_KEPT]
    while tile != rows[word + G_LIVE] and tiles[tile + T_TILE] < needed:
        after = tiles[tile + T_NEXT]
        _release(p, s, group, tile)
        tile = after
    rows[word + G_KEPT] = tile
    if tile == NONE:
        rows[word + G_NEWEST] = NONE
        rows[word + G_NEWEST_TILE] = NONE


@inlined
def roll(p: Ints, s: Ints, row: int, entity: int, t: int) -> None:
    """Moves every long window of an entity to time ``t``."""
    rows = rows_of(s)
    for group in range(p[p[A_GROUP_AT] + entity], p[p[A_GROUP_AT] + entity + 1]):
        oldest = (t - p[p[A_GROUPS] + group * 4 + 0]) // p[p[A_GROUPS] + group * 4 + 1]
        if rows[row + p[p[A_GROUPS] + group * 4 + 2] + G_LIVE_TILE] < oldest:
            retire(p, s, row, group, oldest)


@outlined
def trim(p: Ints, s: Ints, row: int, entity: int, t: int) -> bool:
    """Lets go of an idle entity's tiles as of ``t``; whether none is left."""
    rows = rows_of(s)
    empty = True
    for group in range(p[p[A_GROUP_AT] + entity], p[p[A_GROUP_AT] + entity + 1]):
        word = row + p[p[A_GROUPS] + group * 4 + 2]
        kept = rows[word + G_KEPT]
        oldest = (t - p[p[A_GROUPS] + group * 4 + 0]) // p[p[A_GROUPS] + group * 4 + 1]
        if kept != NONE and (kept != rows[word + G_LIVE] or rows[word + G_LIVE_TILE] < oldest):
            retire(p, s, row, group, oldest)
        empty = empty and rows[word + G_KEPT] == NONE
    return empty


@outlined
def tile_now(p: Ints, s: Ints, row: int, group: int, number: int) -> int:
    """The entity's tile with this number, a fresh one where there is none yet."""
    rows = rows_of(s)
    tiles = tiles_of(s)
    word = row + p[p[A_GROUPS] + group * 4 + 2]
    if rows[word + G_NEWEST_TILE] == number:
        return rows[word + G_NEWEST]
    here = N_ENTITIES + group
    tile = s[C_FREE + here]
    if tile != NONE:
        s[C_FREE + here] = tiles[tile + T_NEXT]
    else:
        tile = s[C_TILE_TOP]
        s[C_TILE_TOP] += p[p[A_GROUPS] + group * 4 + 3]
    blank = p[p[A_TILE_BLANK_AT] + group]
    for k in range(p[p[A_GROUPS] + group * 4 + 3]):
        tiles[tile + k] = p[p[A_TILE_BLANK] + blank + k]
    tiles[tile + T_TILE] = number
    if rows[word + G_NEWEST] != NONE:
        tiles[rows[word + G_NEWEST] + T_NEXT] = tile
    if rows[word + G_KEPT] == NONE:
        rows[word + G_KEPT] = tile
    if rows[word + G_LIVE] == NONE:
        rows[word + G_LIVE] = tile
        rows[word + G_LIVE_TILE] = number
    rows[word + G_NEWEST] = tile
    rows[word + G_NEWEST_TILE] = number
    return tile


@inlined
def known(s: Ints, row: int, pair: int, value: int) -> bool:
    """Whether a value stands in a tile of the window."""
    pairs = pairs_of(s)
    return pair_find(pairs, s[C_P_MASK], (row << OWNER_BITS) | pair, value) != NONE


@outlined
def remember(p: Ints, s: Ints, row: int, pair: int, value: int, tile: int, number: int) -> None:
    """Notes that a value stands in a tile."""
    rows = rows_of(s)
    tiles = tiles_of(s)
    links = links_of(s)
    pairs = pairs_of(s)
    at = pair_claim(pairs, s, (row << OWNER_BITS) | pair, value)
    if pairs[at + E_B] == number:
        return
    held = max(pairs[at + E_A], 0) + 1
    pairs[at + E_A] = held
    pairs[at + E_B] = number
    if held == 1 and p[p[A_PAIRS] + pair * P_WORDS + P_ROW] != NONE:
        rows[row + p[p[A_PAIRS] + pair * P_WORDS + P_ROW]] += 1
    link = s[C_LINK_FREE]
    if link != NONE:
        s[C_LINK_FREE] = links[link + 1]
    else:
        link = s[C_LINK_TOP]
        s[C_LINK_TOP] += 2
    head = tile + p[p[A_PAIRS] + pair * P_WORDS + P_TILE]
    links[link] = value
    links[link + 1] = tiles[head]
    tiles[head] = link


@inlined
def _add_to_tiles(p: Ints, s: Ints, row: int, node: int, stream: int, group: int, t: int) -> None:
    """Adds a node to the newest tile of one group, and its sums to the entity's."""
    rows = rows_of(s)
    ring = ring_of(s)
    tiles = tiles_of(s)
    width = p[A_N_GROUPS]
    at = node & (s[C_RING_MASK])
    final = ring[at + N_META] >> META_FINAL
    number = t // p[p[A_GROUPS] + group * 4 + 1]
    tile = tile_now(p, s, row, group, number)
    k = stream * width + group
    for o in range(p[p[A_TILE_AT] + k], p[p[A_TILE_AT] + k + 1]):
        op = p[A_TILES] + o * O_WIDTH
        if not (final >> p[op + O_CONDITION]) & 1:
            continue
        kind, here, there = p[op + O_KIND], tile + p[op + O_A], row + p[op + O_ROW]
        value = ring[at + p[op + O_VALUE]]
        if kind == OP_COUNT:
            tiles[here] += 1
            rows[there] += 1
        elif kind == OP_SUM:
            tiles[here] += value
            rows[there] += value
        elif kind == OP_SQUARE:
            square_into(tiles, here, value, 1)
            square_into(rows, there, value, 1)
        elif kind == OP_MAX:
            tiles[here] = max(tiles[here], value)
            rows[there] = max(rows[there], value)
        elif kind == OP_MIN:
            tiles[here] = min(tiles[here], value)
            rows[there] = min(rows[there], value)
    for pair in range(p[p[A_PAIR_AT] + stream], p[p[A_PAIR_AT] + stream + 1]):
        here = p[A_PAIRS] + pair * P_WORDS
        if p[here + P_GROUP] != group or not (final >> p[here + P_CONDITION]) & 1:
            continue
        value = ring[at + p[here + P_VALUE]]
        if value != 0 or not p[here + P_SKIP_ZERO]:
            remember(p, s, row, pair, value, tile, number)


@inlined
def tiles_now(p: Ints, s: Ints, row: int, node: int, stream: int, entity: int, t: int, from_time: int) -> None:
    """Adds a node to the tiles of its entity; those before the one that holds ``from_time`` stand as they are."""
    wanted = p[p[A_STREAMS] + stream * S_WIDTH + S_GROUPS]
    if wanted:
        for group in range(p[p[A_GROUP_AT] + entity], p[p[A_GROUP_AT] + entity + 1]):
            length = p[p[A_GROUPS] + group * 4 + 1]
            if (wanted >> (group - p[p[A_GROUP_AT] + entity])) & 1 and t // length >= from_time // length:
                _add_to_tiles(p, s, row, node, stream, group, t)


@outlined
def values_wound_back(p: Ints, s: Ints, row: int, entity: int) -> int:
    """How many values winding back brings into the map of pairs again, at most."""
    rows = rows_of(s)
    tiles = tiles_of(s)
    links = links_of(s)
    n = 0
    for group in range(p[p[A_GROUP_AT] + entity], p[p[A_GROUP_AT] + entity + 1]):
        tile = rows[row + p[p[A_GROUPS] + group * 4 + 2] + G_KEPT]
        while tile != rows[row + p[p[A_GROUPS] + group * 4 + 2] + G_LIVE]:
            for k in range(p[p[A_GROUP_PAIR_AT] + group], p[p[A_GROUP_PAIR_AT] + group + 1]):
                link = tiles[tile + p[p[A_PAIRS] + (p[p[A_GROUP_PAIRS] + k]) * P_WORDS + P_TILE]]
                while link != NONE:
                    n += 1
                    link = links[link + 1]
            tile = tiles[tile + T_NEXT]
    return n


@outlined
def wind_back(p: Ints, s: Ints, row: int, entity: int, t: int) -> None:
    """Puts every long window of an entity to the beginning of the tile that holds ``t``."""
    rows = rows_of(s)
    tiles = tiles_of(s)
    for group in range(p[p[A_GROUP_AT] + entity], p[p[A_GROUP_AT] + entity + 1]):
        word = row + p[p[A_GROUPS] + group * 4 + 2]
        number = t // p[p[A_GROUPS] + group * 4 + 1]
        inside = False
        last = NONE
        tile = rows[word + G_KEPT]
        live = rows[word + G_LIVE]
        while tile != NONE:
            after = tiles[tile + T_NEXT]
            inside = inside or tile == live
            if tiles[tile + T_TILE] >= number:
                if inside:
                    _totals(p, s, row, group, tile, _OUT)
                    _members(p, s, row, group, tile, _GONE)
                _release(p, s, group, tile)
            else:
                if not inside:
                    _totals(p, s, row, group, tile, _IN)
                    _members(p, s, row, group, tile, _IN)
                last = tile
            tile = after
        if last == NONE:
            rows[word + G_KEPT] = NONE
        else:
            tiles[last + T_NEXT] = NONE
        kept = rows[word + G_KEPT]
        rows[word + G_LIVE] = kept
        rows[word + G_LIVE_TILE] = EMPTY_MIN if kept == NONE else tiles[kept + T_TILE]
        rows[word + G_NEWEST] = last
        rows[word + G_NEWEST_TILE] = NONE if last == NONE else tiles[last + T_TILE]
        _extremes(p, s, row, group)
