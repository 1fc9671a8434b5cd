"""One decorator for the compiled inner loops: machine code kept on disk, the interpreter's lock released."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

__all__ = ["compiled"]

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile at first call; two threads then run it on two cores."""
    return cast("Callable[P, R]", numba.njit(cache=True, nogil=True)(function))
