"""Canonical JSON: one text for one value, for digests and for procedures kept after they are retired.

Keys sorted, no spaces, UTF-8, moments in RFC 3339 UTC, no floats. A declared element is written as an object whose
``$`` names its class; reading it back gives an equal element.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from guangyue.kernel.grammar import (
    actions,
    conditions,
    deadlines,
    evidence,
    figures,
    lawful,
    papers,
    requirements,
    values,
    verbs,
    versions,
    work,
)
from guangyue.kernel.grammar import who as who_module
from guangyue.law import Span, Text

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure

_MODULES = (
    actions,
    conditions,
    deadlines,
    evidence,
    figures,
    lawful,
    papers,
    requirements,
    values,
    verbs,
    versions,
    who_module,
    work,
)
_CLASSES: dict[str, Any] = {
    name: cls
    for module in _MODULES
    for name, cls in vars(module).items()
    if isinstance(cls, type) and is_dataclass(cls) and cls.__module__ == module.__name__
}


def moment(at: datetime) -> str:
    """RFC 3339 in UTC, to the microsecond, always the same length."""
    own = at if at.tzinfo is UTC else at.astimezone(UTC)
    return own.isoformat(timespec="microseconds")[:-6] + "Z"


def plain(value: Any) -> Any:  # noqa: ANN401 - any value a record can hold
    """Plain JSON data for a value.

    Raises:
        TypeError: for what has no place in a record, a float above all.
    """
    if value is None or isinstance(value, str | bool | int):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Span):
        return str(value)
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(plain(v) for v in value)
    if isinstance(value, tuple | list):
        return [plain(v) for v in value]
    if is_dataclass(value):
        return _element(value)
    raise TypeError(f"{type(value).__name__} has no place in a record")


def _element(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any declared element
    """An element without the line that declared it and without what is at its default."""
    data: dict[str, Any] = {"$": type(value).__name__}
    for f in fields(value):
        if not f.init:
            continue
        item = getattr(value, f.name)
        default = f.default_factory() if callable(f.default_factory) else f.default
        if item != default:
            data[f.name] = plain(item)
    return data


def canonical(value: Any) -> str:  # noqa: ANN401 - any value a record can hold
    """The one text of a value."""
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(value: Any) -> str:  # noqa: ANN401 - any value a record can hold
    """SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def read_procedure(text: str) -> Procedure:
    """A procedure from its canonical text; it is checked like any other.

    Raises:
        ValueError: for text that is no procedure.
    """
    from guangyue.kernel.procedure import Procedure

    data = json.loads(text)
    if not isinstance(data, dict) or data.pop("$", None) != "Procedure":
        raise ValueError("this is not a stored procedure")
    return Procedure(**{k: _read(v) for k, v in data.items()})


def _read(value: Any) -> Any:  # noqa: ANN401 - any stored value
    if isinstance(value, list):
        return tuple(_read(v) for v in value)
    if not isinstance(value, dict):
        return value
    if "$" in value:
        cls = _CLASSES.get(value["$"])
        if cls is None:
            raise ValueError(f"no element of the grammar is called {value['$']}")
        return cls(**{k: _field(cls, k, v) for k, v in value.items() if k != "$"})
    if set(value) == {"zh", "en"}:
        return Text(value["zh"], value["en"])
    return {k: _read(v) for k, v in value.items()}


_SPANS = {
    ("PhotoSet", "apart"),
    ("Recording", "without_gap"),
    ("Deadline", "drop_after"),
    ("Schedule", "drop_after"),
    ("Extend", "by"),
}


def _field(cls: type, name: str, value: Any) -> Any:  # noqa: ANN401 - any stored value
    if (cls.__name__, name) in _SPANS and isinstance(value, str):
        return Span.parse(value)
    if name == "kind" and cls is values.Field:
        return values.Kind(value)
    return _read(value)


__all__ = ["canonical", "digest_of", "moment", "plain", "read_procedure"]
