"""Values that are frozen to the type checker and quick to make.

At run time a frozen dataclass sets each field of a new value through ``object.__setattr__``; a decision makes ten values
with up to thirty-seven fields, and that was half of its time. So the few classes made in every decision are declared
``@swift(frozen=True)``: mypy, in strict mode over the whole house, refuses every assignment to them as for any frozen
dataclass, and at run time they are plain dataclasses with slots, equal and hashable like frozen ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

__all__ = ["swift"]

if TYPE_CHECKING:
    from dataclasses import dataclass as swift
else:
    from dataclasses import dataclass

    def swift(*, frozen: bool, kw_only: bool = False) -> Callable[[type], type]:
        """The decorator as it is at run time; ``frozen`` must be said, since readers and the type checker rely on it."""
        if not frozen:
            raise TypeError("a swift value is frozen")
        return dataclass(slots=True, unsafe_hash=True, kw_only=kw_only)
