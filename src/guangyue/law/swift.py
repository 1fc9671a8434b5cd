"""Values that nothing changes and that are quick to make.

At run time a frozen dataclass sets each field of a new value through ``object.__setattr__``; a decision makes ten values
with up to forty fields, and that was half of its time. So the few classes made in every decision are declared in one of
two ways, both equal, hashable and shown like frozen dataclasses:

- ``@swift(frozen=True)``: mypy, in strict mode over the whole house, refuses every assignment as for any frozen dataclass,
  and at run time it is a plain dataclass with slots;
- ``@value(init=False, unsafe_hash=True)``: the fields are ``Final`` and the class writes its ``__init__`` out, which the
  compiled kernel (``scripts/compile.sh``) turns into a few machine instructions a field; a generated one stays Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

__all__ = ["NOTHING", "swift", "value"]

NOTHING: Mapping[str, Any] = MappingProxyType({})
"""An empty mapping that stays empty: the default of every field that holds one."""

if TYPE_CHECKING:
    from dataclasses import dataclass as swift
    from dataclasses import dataclass as value
else:
    from dataclasses import dataclass

    def swift(*, frozen: bool, kw_only: bool = False) -> Callable[[type], type]:
        """The decorator as it is at run time; ``frozen`` must be said, since readers and the type checker rely on it."""
        if not frozen:
            raise TypeError("a swift value is frozen")
        return dataclass(slots=True, unsafe_hash=True, kw_only=kw_only)

    def value(*, init: bool, unsafe_hash: bool) -> Callable[[type], type]:
        """The decorator as it is at run time: with slots."""
        return dataclass(slots=True, init=init, unsafe_hash=unsafe_hash)
