"""``@override`` for Python 3.11, whose standard library has none: the type checker's own, nothing at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["override"]

if TYPE_CHECKING:
    from typing_extensions import override
else:

    def override(method: object) -> object:
        """Marks a method that replaces one of a base class."""
        return method
