"""How the kernel is compiled: ahead-of-use through numba, kept on disk, never stale.

numba looks only at the file of the cached function, not at the files it calls into. So the compiled kernel is dropped
whenever any file of this package has changed.
"""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["compiled", "inlined", "outlined"]

F = TypeVar("F", bound="Callable[..., Any]")
HERE = Path(__file__).parent
_PLAIN: dict[str, Any] = {
    "_nrt": False,  # nothing in the kernel owns memory, so no references are counted
    "error_model": "numpy",  # divisors are lengths of windows and tiles, never zero
}


def compiled(function: F) -> F:
    """An entry point: compiled at first call, kept on disk, the interpreter lock released while it runs."""
    return cast("F", numba.njit(cache=True, nogil=True, **_PLAIN)(function))


def inlined(function: F) -> F:
    """A hot helper, merged into its caller."""
    return cast("F", numba.njit(forceinline=True, **_PLAIN)(function))


def outlined(function: F) -> F:
    """A rare helper, called."""
    return cast("F", numba.njit(**_PLAIN)(function))


def _forget_stale() -> None:
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(HERE.glob("*.py")):
        digest.update(path.read_bytes())
    cache = HERE / "__pycache__"
    stamp = cache / "kernel.digest"
    with suppress(OSError):  # a read-only installation compiles in memory
        if stamp.exists() and stamp.read_text() == digest.hexdigest():
            return
        cache.mkdir(exist_ok=True)
        for old in cache.glob("guangyue_fraud_plan_*"):
            shutil.rmtree(old, ignore_errors=True)
        for kept in (*cache.glob("*.nbi"), *cache.glob("*.nbc")):
            kept.unlink(missing_ok=True)
        stamp.write_text(digest.hexdigest())


_forget_stale()
