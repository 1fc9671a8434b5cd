"""Frozen values that are quick to make.

A frozen dataclass sets each field of a new value through ``object.__setattr__``, which costs more than all the rest of a
decision. ``swift`` gives such a class (one without slots) an ``__init__`` with the same signature that hands over all
fields at once. What comes out is the same frozen value.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, TypeVar

C = TypeVar("C")
V = TypeVar("V")
_new = object.__new__
_set = object.__setattr__


def swift(cls: type[C]) -> type[C]:
    """Gives a frozen dataclass a quick ``__init__``; its fields, defaults and checks stay the same."""
    known: dict[str, Any] = {"_set": _set}
    positional: list[str] = []
    keyword: list[str] = []
    values: list[str] = []
    for f in fields(cls):  # type: ignore[arg-type]
        parameter = value = f.name
        if f.default is not MISSING:
            known[f"_default_{f.name}"] = f.default
            parameter = f"{f.name}=_default_{f.name}"
        elif f.default_factory is not MISSING:
            known[f"_make_{f.name}"] = f.default_factory
            parameter = f"{f.name}=None"
            value = f"_make_{f.name}() if {f.name} is None else {f.name}"
        (keyword if f.kw_only else positional).append(parameter)
        values.append(f"'{f.name}': {value}")
    head = ", ".join(["self", *positional, *(["*", *keyword] if keyword else [])])
    checks = ["    self.__post_init__()"] if hasattr(cls, "__post_init__") else []
    body = [f"def __init__({head}):", f"    _set(self, '__dict__', {{{', '.join(values)}}})", *checks]
    made: dict[str, Any] = {}
    exec("\n".join(body), known, made)  # noqa: S102 - the same way in which dataclasses writes its own
    init = made["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__annotations__ = dict(getattr(cls.__init__, "__annotations__", {}))
    cls.__init__ = init  # type: ignore[method-assign]
    return cls


def changed(value: V, **changes: Any) -> V:  # noqa: ANN401 - fields of any type
    """A copy of a swift value with some fields changed: ``dataclasses.replace``, quicker, and without its checks."""
    copy: V = _new(type(value))
    _set(copy, "__dict__", {**value.__dict__, **changes})
    return copy
