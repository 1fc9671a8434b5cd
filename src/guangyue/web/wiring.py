"""The desks' procedures brought to the records: which there are, and how a matter of each is listed and found."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from functools import partial

import guangyue.desks
from guangyue.desks.registry import procedures
from guangyue.kernel import Matter, Procedure
from guangyue.kernel.grammar import Kind
from guangyue.records.library import LIBRARY, Description

__all__ = ["describe", "register_desks"]

_NAMES = (Kind.PLATE, Kind.CODE, Kind.TEXT)
_WHERE = frozenset({"street", "where", "address", "venue", "location"})
_ASIDE = frozenset({"store", "clip"})
"""What names no matter: the piece of a recording."""


def register_desks() -> None:
    """Registers what every desk declares, and the printed forms of its papers; called once when the application starts."""
    for procedure in procedures().values():
        LIBRARY.register(procedure, partial(describe, procedure))
    for desk in pkgutil.iter_modules(guangyue.desks.__path__):
        if desk.ispkg and importlib.util.find_spec(f"guangyue.desks.{desk.name}.papers"):
            importlib.import_module(f"guangyue.desks.{desk.name}.papers").register()


def describe(procedure: Procedure, matter: Matter) -> Description:
    """How a matter is listed: what it is about and where, from its public fields, in the order of the declaration."""
    public = [f for f in procedure.fields if not f.personal]
    where = next((f for f in public if f.name in _WHERE and matter.fields.get(f.name)), None)
    named = [
        str(matter.fields[f.name])
        for kind in _NAMES
        for f in public
        if f.kind is kind and f is not where and f.name not in _WHERE | _ASIDE and matter.fields.get(f.name)
    ]
    point = next(
        (matter.fields.get(f.name) for f in public if f.kind is Kind.PLACE and matter.fields.get(f.name)), None
    )
    position = (int(point[0]), int(point[1])) if isinstance(point, tuple | list) else None
    return Description(
        title=" · ".join(named[:2]), place=str(matter.fields[where.name]) if where else "", position=position
    )
