# mypy: disable-error-code="no-any-return,return-value,arg-type"
"""Hash maps in flat arrays: linear probing, deletion by shifting back, no tombstones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.stream.jit import compiled, inlined, outlined
from guangyue.engines.fraud.stream.layout import (
    C_D_MASK,
    C_D_USED,
    C_H_MASK,
    C_H_USED,
    C_P_MASK,
    C_P_USED,
    E_A,
    E_B,
    E_OWNER,
    E_VALUE,
    E_WORDS,
    NONE,
    V_HASH,
    V_NODE,
    V_WORDS,
)

if TYPE_CHECKING:
    from guangyue.engines.fraud.stream.layout import Ints

_A = np.uint64(0xD6E8FEB86659FD93)
_B = np.uint64(0x9E3779B97F4A7C15)
_32 = np.uint64(32)


@inlined
def mix(x: int) -> int:
    """A well-mixed hash of one word, not negative."""
    z = np.uint64(x)
    z ^= z >> _32
    z *= _A
    z ^= z >> _32
    z *= _A
    z ^= z >> _32
    return np.int64(z >> np.uint64(1))


@inlined
def shard_of(key: int, shards: int) -> int:
    """The shard that keeps an entity."""
    return ((mix(key) >> 32) * shards) >> 31


@inlined
def turn_of(i: int, shards: int) -> int:
    """The shard whose turn it is at event ``i``; evenly spread, and a multiplication is far quicker than a remainder."""
    return (((i * 0x9E3779B1) & 0x7FFFFFFF) * shards) >> 31


@inlined
def mix2(a: int, b: int) -> int:
    """A well-mixed hash of two words, not negative."""
    return mix(np.int64(np.uint64(a) * _B ^ np.uint64(b)))


@inlined
def index_find(ctl: Ints, index: Ints, key: int) -> int:
    """The row of a key, or NONE."""
    mask = ctl[C_H_MASK]
    i = mix(key) & mask
    while True:
        found = index[2 * i]
        if found == key:
            return index[2 * i + 1]
        if found == 0:
            return NONE
        i = (i + 1) & mask


@outlined
def index_add(ctl: Ints, index: Ints, key: int, row: int) -> None:
    """Enters a key that is not there."""
    mask = ctl[C_H_MASK]
    i = mix(key) & mask
    while index[2 * i] != 0:
        i = (i + 1) & mask
    index[2 * i] = key
    index[2 * i + 1] = row
    ctl[C_H_USED] += 1


@outlined
def index_remove(ctl: Ints, index: Ints, key: int) -> None:
    """Removes a key that is there."""
    mask = ctl[C_H_MASK]
    i = mix(key) & mask
    while index[2 * i] != key:
        i = (i + 1) & mask
    j = i
    while True:
        j = (j + 1) & mask
        other = index[2 * j]
        if other == 0:
            break
        home = mix(other) & mask
        if ((j - home) & mask) >= ((j - i) & mask):
            index[2 * i] = other
            index[2 * i + 1] = index[2 * j + 1]
            i = j
    index[2 * i] = 0
    ctl[C_H_USED] -= 1


@outlined
def seen_remove(seen: Ints, ctl: Ints, i: int) -> None:
    """Removes the entry at this place."""
    mask = ctl[C_D_MASK]
    j = i
    while True:
        j = (j + 1) & mask
        if seen[V_WORDS * j + V_NODE] == 0:
            break
        home = seen[V_WORDS * j + V_HASH] & mask
        if ((j - home) & mask) >= ((j - i) & mask):
            seen[V_WORDS * i + V_HASH] = seen[V_WORDS * j + V_HASH]
            seen[V_WORDS * i + V_NODE] = seen[V_WORDS * j + V_NODE]
            i = j
    seen[V_WORDS * i + V_NODE] = 0
    ctl[C_D_USED] -= 1


@compiled
def seen_refill(ctl: Ints, old: Ints, seen: Ints) -> None:
    """Enters all entries of a smaller map of seen values into an empty larger one."""
    mask = ctl[C_D_MASK]
    for k in range(0, old.size, V_WORDS):
        if old[k + V_NODE] != 0:
            i = old[k + V_HASH] & mask
            while seen[V_WORDS * i + V_NODE] != 0:
                i = (i + 1) & mask
            seen[V_WORDS * i + V_HASH] = old[k + V_HASH]
            seen[V_WORDS * i + V_NODE] = old[k + V_NODE]


@inlined
def pair_find(table: Ints, mask: int, owner: int, value: int) -> int:
    """The word where the entry begins, or NONE."""
    i = mix2(owner, value) & mask
    while True:
        at = i * E_WORDS
        found = table[at + E_OWNER]
        if found == owner and table[at + E_VALUE] == value:
            return at
        if found == 0:
            return NONE
        i = (i + 1) & mask


@inlined
def pair_claim(table: Ints, ctl: Ints, owner: int, value: int) -> int:
    """The word where the entry begins; a fresh one has NONE in both content words."""
    mask = ctl[C_P_MASK]
    i = mix2(owner, value) & mask
    while True:
        at = i * E_WORDS
        found = table[at + E_OWNER]
        if found == owner and table[at + E_VALUE] == value:
            return at
        if found == 0:
            table[at + E_OWNER] = owner
            table[at + E_VALUE] = value
            table[at + E_A] = NONE
            table[at + E_B] = NONE
            ctl[C_P_USED] += 1
            return at
        i = (i + 1) & mask


@outlined
def pair_remove(table: Ints, ctl: Ints, at: int) -> None:
    """Removes the entry that begins at this word."""
    mask = ctl[C_P_MASK]
    i = at // E_WORDS
    j = i
    while True:
        j = (j + 1) & mask
        there = j * E_WORDS
        if table[there + E_OWNER] == 0:
            break
        home = mix2(table[there + E_OWNER], table[there + E_VALUE]) & mask
        if ((j - home) & mask) >= ((j - i) & mask):
            here = i * E_WORDS
            for k in range(E_WORDS):
                table[here + k] = table[there + k]
            i = j
    table[i * E_WORDS + E_OWNER] = 0
    ctl[C_P_USED] -= 1


@compiled
def index_refill(ctl: Ints, old: Ints, index: Ints) -> None:
    """Enters all keys of a smaller index into an empty larger one."""
    ctl[C_H_USED] = 0
    for i in range(old.size // 2):
        if old[2 * i] != 0:
            index_add(ctl, index, old[2 * i], old[2 * i + 1])


@compiled
def pair_refill(ctl: Ints, old: Ints, table: Ints) -> None:
    """Enters all entries of a smaller map into an empty larger one."""
    ctl[C_P_USED] = 0
    for i in range(old.size // E_WORDS):
        src = i * E_WORDS
        if old[src + E_OWNER] != 0:
            at = pair_claim(table, ctl, old[src + E_OWNER], old[src + E_VALUE])
            table[at + E_A] = old[src + E_A]
            table[at + E_B] = old[src + E_B]
