"""The pools as the kernel sees them: views made from the addresses in the control block.

Passing one block instead of a dozen arrays keeps every function's signature short, and compiling it quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import carray, types
from numba.extending import intrinsic

from guangyue.engines.fraud.stream.jit import inlined
from guangyue.engines.fraud.stream.layout import (
    POOL_FIX_KEY,
    POOL_FIX_VALUE,
    POOL_INDEX,
    POOL_LINKS,
    POOL_PAIRS,
    POOL_RING,
    POOL_ROWS,
    POOL_SCRATCH,
    POOL_SEEN,
    POOL_TILES,
)

if TYPE_CHECKING:
    from guangyue.engines.fraud.stream.layout import Floats, Ints


@intrinsic  # type: ignore[untyped-decorator]
def _integers(_context: Any, address: Any) -> Any:  # noqa: ANN401 - numba's own types
    """A pointer to 64-bit integers."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401
        return builder.inttoptr(args[0], context.get_value_type(signature.return_type))

    return types.CPointer(types.int64)(address), generate


@intrinsic  # type: ignore[untyped-decorator]
def _floats(_context: Any, address: Any) -> Any:  # noqa: ANN401 - numba's own types
    """A pointer to 64-bit floats."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401
        return builder.inttoptr(args[0], context.get_value_type(signature.return_type))

    return types.CPointer(types.float64)(address), generate


@inlined
def rows_of(s: Ints) -> Ints:
    """The pool ``rows``."""
    return carray(_integers(s[POOL_ROWS]), s[POOL_ROWS + 1])


@inlined
def ring_of(s: Ints) -> Ints:
    """The pool ``ring``."""
    return carray(_integers(s[POOL_RING]), s[POOL_RING + 1])


@inlined
def tiles_of(s: Ints) -> Ints:
    """The pool ``tiles``."""
    return carray(_integers(s[POOL_TILES]), s[POOL_TILES + 1])


@inlined
def links_of(s: Ints) -> Ints:
    """The pool ``links``."""
    return carray(_integers(s[POOL_LINKS]), s[POOL_LINKS + 1])


@inlined
def seen_of(s: Ints) -> Ints:
    """The pool ``seen``."""
    return carray(_integers(s[POOL_SEEN]), s[POOL_SEEN + 1])


@inlined
def pairs_of(s: Ints) -> Ints:
    """The pool ``pairs``."""
    return carray(_integers(s[POOL_PAIRS]), s[POOL_PAIRS + 1])


@inlined
def scratch_of(s: Ints) -> Ints:
    """The pool ``scratch``."""
    return carray(_integers(s[POOL_SCRATCH]), s[POOL_SCRATCH + 1])


@inlined
def fix_key_of(s: Ints) -> Ints:
    """The pool ``fix_key``."""
    return carray(_integers(s[POOL_FIX_KEY]), s[POOL_FIX_KEY + 1])


@inlined
def index_of(s: Ints) -> Ints:
    """The pool ``index``."""
    return carray(_integers(s[POOL_INDEX]), s[POOL_INDEX + 1])


@inlined
def fix_value_of(s: Ints) -> Floats:
    """The pool ``fix_value``."""
    return carray(_floats(s[POOL_FIX_VALUE]), s[POOL_FIX_VALUE + 1])
