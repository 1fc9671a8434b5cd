"""Frozen values that are quick to make and small to keep.

A frozen dataclass sets each field of a new value through ``object.__setattr__``, which costs more than all the rest of a
decision. ``swift`` gives such a class (one without slots) an ``__init__`` with the same signature that hands over at
once what differs from its default; for the rest the value looks at its class, where a dataclass keeps the defaults
anyway. What comes out is the same frozen value.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from types import MappingProxyType
from typing import Any, TypeVar

C = TypeVar("C")
V = TypeVar("V")
_new = object.__new__
_set = object.__setattr__


def swift(cls: type[C]) -> type[C]:
    """Gives a frozen dataclass a quick ``__init__``; its fields, defaults and checks stay the same.

    Raises:
        TypeError: for a ``default_factory`` other than ``dict``, whose place an empty mapping takes for all values.
    """
    required: dict[bool, list[str]] = {False: [], True: []}
    optional: list[str] = []
    by_name: set[str] = set()
    for f in fields(cls):  # type: ignore[arg-type]
        if f.default_factory not in {MISSING, dict}:
            raise TypeError(f"{cls.__name__}.{f.name}: a swift value shares its defaults")
        if f.default is MISSING and f.default_factory is MISSING:
            required[f.kw_only is True].append(f.name)
            continue
        if f.default is MISSING:
            setattr(cls, f.name, MappingProxyType({}))
        by_name.add(f.name)
        if not f.kw_only:
            optional.append(f.name)

    def place(more: tuple[object, ...], rest: dict[str, object]) -> None:
        """Optional fields given by position, and names that are none."""
        rest.update(zip(optional, more, strict=False))
        if len(more) > len(optional) or not rest.keys() <= by_name:
            raise TypeError(f"{cls.__name__}() has no such fields: {rest.keys() - by_name or more}")

    head = ", ".join(["self", *required[False], "*more", *required[True], "**rest"])
    own = ", ".join(f"'{name}': {name}" for name in (*required[False], *required[True]))
    body = [
        f"def __init__({head}):",
        "    if more or not rest.keys() <= _by_name:",
        "        _place(more, rest)",
        f"    _set(self, '__dict__', {{{own}, **rest}})",
    ]
    if hasattr(cls, "__post_init__"):
        body.append("    self.__post_init__()")
    made: dict[str, Any] = {}
    exec("\n".join(body), {"_set": _set, "_by_name": by_name, "_place": place}, made)  # noqa: S102 - as dataclasses does
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
