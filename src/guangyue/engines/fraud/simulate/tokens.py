"""Tokens of an invented city: salted 56-bit keys that depend on the seed, the kind of thing and its number only."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.schema import SERVICE, TOKEN_BITS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["Thing", "mix", "token"]

_MASK = np.uint64((1 << TOKEN_BITS) - 1)


class Thing(IntEnum):
    """What a token stands for."""

    PERSON = 1
    PHONE = 2
    ACCOUNT = 3
    DEVICE = 4
    DOMAIN = 5
    APP = 6
    CONTACT = 7
    CELL = 8
    COUNTRY = 9
    LENDER = 10
    BANK = 11
    SHORT_CODE = 12
    MERCHANT = 13


def mix(values: ArrayLike) -> NDArray[np.uint64]:
    """The splitmix64 finaliser: a bijection of 64-bit integers that scatters neighbours."""
    given = np.asarray(values)
    z = np.atleast_1d(given).astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    out: NDArray[np.uint64] = (z ^ (z >> np.uint64(31))).reshape(given.shape)
    return out


def token(seed: int, thing: Thing, number: ArrayLike) -> NDArray[np.int64]:
    """The token of the ``number``-th thing of its kind; short codes and merchants carry the service mark."""
    salt = mix(np.uint64(seed) * np.uint64(64) + np.uint64(thing))
    found = (mix(np.asarray(number).astype(np.uint64) ^ salt) & _MASK).astype(np.int64)
    found = np.where(found == 0, 1, found)
    if thing in {Thing.SHORT_CODE, Thing.MERCHANT}:
        found |= SERVICE
    return found
