# mypy: disable-error-code="no-untyped-call,import-untyped,unused-ignore"
"""The pools as the kernel sees them: views made from the addresses in the control block.

Passing one block instead of a dozen arrays keeps every function's signature short and its compilation quick; a view has
no owner, so nothing is counted while the kernel runs. The engine holds the arrays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

from guangyue.engines.fraud.stream import layout as at

if TYPE_CHECKING:
    from collections.abc import Callable


def _pool(word: int, kind: Any = types.int64) -> Callable[[at.Ints], Any]:  # noqa: ANN401 - numba's own types
    """What makes the view of the pool whose address stands in ``word`` and whose length follows."""

    @intrinsic  # type: ignore[untyped-decorator]
    def view(_context: Any, s: Any) -> Any:  # noqa: ANN401
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401
            block = context.make_array(signature.args[0])(context, builder, args[0])
            address, size = (
                builder.load(builder.gep(block.data, [context.get_constant(types.intp, word + k)])) for k in (0, 1)
            )
            array = context.make_array(signature.return_type)(context, builder)
            step = context.get_constant(types.intp, 8)
            data = builder.inttoptr(address, array.data.type)
            populate_array(array, data=data, shape=(size,), strides=(step,), itemsize=step, meminfo=None)
            return array._getvalue()  # noqa: SLF001 - numba's own way

        return types.Array(kind, 1, "C")(s), generate

    return cast("Callable[[at.Ints], Any]", view)


@intrinsic  # type: ignore[untyped-decorator]
def prefetch(_context: Any, array: Any, place: Any) -> Any:  # noqa: ANN401, ARG001 - numba's own types
    """Asks for the cache line of ``array[place]`` without waiting for it; any place is allowed."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401
        view = context.make_array(signature.args[0])(context, builder, args[0])
        address = builder.bitcast(builder.gep(view.data, [args[1]]), ir.IntType(8).as_pointer())
        words = [ir.Constant(ir.IntType(32), k) for k in (0, 3, 1)]
        shape = ir.FunctionType(ir.VoidType(), [address.type, *(w.type for w in words)])
        function = cgutils.get_or_insert_function(builder.module, shape, "llvm.prefetch.p0")
        builder.call(function, [address, *words])
        return context.get_dummy_value()

    return types.void(array, types.int64), generate


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
