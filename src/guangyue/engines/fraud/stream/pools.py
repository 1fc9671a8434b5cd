# mypy: disable-error-code="no-untyped-call,import-untyped,unused-ignore"
"""The pools as the kernel sees them: bare memory at the addresses in the control block. The engine holds the arrays.

Passing one address instead of a dozen arrays keeps signatures short and compilation quick; memory without an owner
needs no counting, and memory without bounds no tests for negative places: the kernel never makes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from guangyue.engines.fraud.stream import layout as at

if TYPE_CHECKING:
    from collections.abc import Callable


def _pool(word: int, kind: Any = types.int64) -> Callable[[at.Ints], Any]:  # noqa: ANN401 - numba's own types
    """What makes the view of the pool whose address stands in ``word``."""

    @intrinsic
    def view(_context: Any, s: Any) -> Any:  # noqa: ANN401
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401
            address = builder.load(builder.gep(args[0], [context.get_constant(types.intp, word)]))
            return builder.inttoptr(address, context.get_value_type(signature.return_type))

        return types.CPointer(kind)(s), generate

    return cast("Callable[[at.Ints], Any]", view)


@intrinsic
def words_of(_context: Any, array: Any) -> Any:  # noqa: ANN401 - numba's own types
    """The memory of a whole array, without its bounds."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401
        return context.make_array(signature.args[0])(context, builder, args[0]).data

    return types.CPointer(array.dtype)(array), generate


@intrinsic
def prefetch(_context: Any, words: Any, place: Any) -> Any:  # noqa: ANN401, ARG001 - numba's own types
    """Asks for the cache line of ``words[place]`` without waiting for it; any place is allowed."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401, ARG001
        address = builder.bitcast(builder.gep(args[0], [args[1]]), ir.IntType(8).as_pointer())
        numbers = [ir.Constant(ir.IntType(32), k) for k in (0, 3, 1)]
        shape = ir.FunctionType(ir.VoidType(), [address.type, *(n.type for n in numbers)])
        function = cgutils.get_or_insert_function(builder.module, shape, "llvm.prefetch.p0")
        builder.call(function, [address, *numbers])
        return context.get_dummy_value()

    return types.void(words, types.int64), generate


index_of = _pool(at.POOL_INDEX)
rows_of = _pool(at.POOL_ROWS)
ring_of = _pool(at.POOL_RING)
tiles_of = _pool(at.POOL_TILES)
links_of = _pool(at.POOL_LINKS)
seen_of = _pool(at.POOL_SEEN)
pairs_of = _pool(at.POOL_PAIRS)
scratch_of = _pool(at.POOL_SCRATCH)
fix_key_of = _pool(at.POOL_FIX_KEY)
fix_value_of = _pool(at.POOL_FIX_VALUE, types.float64)
