"""The pools: small at first, doubled when the kernel asks."""

from __future__ import annotations

import mmap
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from guangyue.engines.fraud.stream import layout as at
from guangyue.engines.fraud.stream.maps import index_refill, pair_refill, seen_refill

if TYPE_CHECKING:
    from collections.abc import Callable

    from guangyue.engines.fraud.stream.plan import Plan

__all__ = ["fresh_state", "grown", "placed", "ready"]

_SMALL = 1 << 12
_FIX_ROWS = 64
_PAGE = 1 << 21  # bytes
_HUGE = _PAGE // 8
_POOLS = (
    (at.POOL_INDEX, "keys"), (at.POOL_ROWS, "rows"), (at.POOL_RING, "ring"), (at.POOL_TILES, "tiles"),
    (at.POOL_LINKS, "links"), (at.POOL_SEEN, "seen"), (at.POOL_PAIRS, "pairs"), (at.POOL_SCRATCH, "scratch"),
    (at.POOL_FIX_KEY, "fix_key"), (at.POOL_FIX_VALUE, "fix_value"),
)  # fmt: skip
_PLAIN = {at.NEED_ROWS: "rows", at.NEED_TILES: "tiles", at.NEED_LINKS: "links"}
_MAPS = {
    at.NEED_INDEX: ("keys", index_refill),
    at.NEED_SEEN: ("seen", seen_refill),
    at.NEED_PAIRS: ("pairs", pair_refill),
}
_FIRST_ROW = 8  # an owner word of zero marks an empty place in the maps


def fresh_state(plan: Plan) -> at.StateArrays:
    """An empty state for a plan."""
    pools = at.N_ENTITIES + len(plan.tables["groups"])
    if pools > at.MAX_POOLS:
        raise ValueError(f"more than {at.MAX_POOLS - at.N_ENTITIES} groups of long windows")
    s = np.zeros(at.C_MARKS + 2 * len(plan.sources), dtype=np.int64)
    s[at.C_CLOCK] = s[at.C_NEWEST] = s[at.C_LINK_FREE] = at.NONE
    s[at.C_RETAIN], s[at.C_SLACK] = plan.retain, plan.slack
    s[at.C_ROW_TOP] = _FIRST_ROW
    s[at.C_FREE : at.C_MARKS] = at.NONE
    s[at.C_MARKS :: 2], s[at.C_MARKS + 1 :: 2] = at.EMPTY_MAX, at.NONE
    s[at.C_FIX_WIDTH], s[at.C_FIX_ROWS] = max(*plan.entity_widths, 1), _FIX_ROWS
    state = at.StateArrays(
        control=s, keys=_words(_SMALL), rows=_words(_SMALL), ring=_words(_SMALL), tiles=_words(_SMALL),
        links=_words(_SMALL), seen=_words(_SMALL), pairs=_words(_SMALL), scratch=_words(_FIX_ROWS),
        fix_key=_words(3 * _FIX_ROWS), fix_value=np.full(_FIX_ROWS * int(s[at.C_FIX_WIDTH]), np.nan),
    )  # fmt: skip
    return placed(state)


def placed(state: at.StateArrays) -> at.StateArrays:
    """The state with the addresses and sizes of its pools written into the control block."""
    s = state.control
    for word, name in _POOLS:
        pool = getattr(state, name)
        s[word], s[word + 1] = pool.ctypes.data, pool.size
    s[at.C_RING_MASK] = state.ring.size - 1
    s[at.C_H_MASK] = state.keys.size // 2 - 1
    s[at.C_D_MASK], s[at.C_P_MASK] = state.seen.size // at.V_WORDS - 1, state.pairs.size // at.E_WORDS - 1
    return state


def _words(n: int) -> at.Ints:
    """Words of zero; a large pool lies in huge pages where the system has them, for it is read all over."""
    if n < _HUGE or not hasattr(mmap, "MADV_HUGEPAGE"):
        return np.zeros(n, dtype=np.int64)
    memory = mmap.mmap(-1, 8 * n + _PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)  # shared memory gets none
    with suppress(OSError):
        memory.madvise(mmap.MADV_HUGEPAGE)
    words = np.frombuffer(memory, dtype=np.int64)
    first = -words.ctypes.data % _PAGE // 8
    return words[first : first + n]


def _longer(pool: at.Ints) -> at.Ints:
    out = _words(2 * pool.size)
    out[: pool.size] = pool
    return out


def _longer_ring(state: at.StateArrays) -> at.Ints:
    """The same records at the places their numbers have in a ring twice as long."""
    old, size = state.ring, state.ring.size
    out = _words(2 * size)
    word, tail = int(state.control[at.C_RING_HEAD]), int(state.control[at.C_RING_TAIL])
    while word < tail:
        stop = min((word // size + 1) * size, tail)
        here, there = word & (size - 1), word & (2 * size - 1)
        out[there : there + stop - word] = old[here : here + stop - word]
        word = stop
    return out


def _with(state: at.StateArrays, name: str, pool: at.Ints) -> at.StateArrays:
    pools: dict[str, Any] = {name: pool}
    return state._replace(**pools)


def _larger_map(
    state: at.StateArrays, name: str, refill: Callable[[at.Ints, at.Ints, at.Ints], None]
) -> at.StateArrays:
    old = getattr(state, name)
    table = _words(2 * old.size)
    larger = placed(_with(state, name, table))
    refill(larger.control, old, table)
    return larger


def _longer_corrections(state: at.StateArrays) -> at.StateArrays:
    s = state.control
    m, width = int(s[at.C_FIX_ROWS]), int(s[at.C_FIX_WIDTH])
    s[at.C_FIX_ROWS] = 4 * m
    key, value = _words(12 * m), np.full(4 * m * width, np.nan)
    key[: 3 * m], value[: m * width] = state.fix_key, state.fix_value
    return state._replace(fix_key=key, fix_value=value, scratch=_words(4 * m))


@cache
def ready() -> None:
    """Has what the maps grow with compiled or read from disk, so that no event waits for it."""
    nothing, control = np.zeros(0, dtype=np.int64), np.zeros(at.C_MARKS, dtype=np.int64)
    for _, refill in _MAPS.values():
        refill(control, nothing, nothing)


def grown(state: at.StateArrays, need: int) -> at.StateArrays:
    """The state with the pool doubled that was too small."""
    if need == at.NEED_RING:
        return placed(state._replace(ring=_longer_ring(state)))
    if need in _PLAIN:
        name = _PLAIN[need]
        return placed(_with(state, name, _longer(getattr(state, name))))
    if need in _MAPS:
        return _larger_map(state, *_MAPS[need])
    return placed(_longer_corrections(state))
