"""Rows of models by a statement of our own: what every request looks up, without building the same query anew each time."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model

__all__ = ["fetch"]


def fetch(statement: str, params: Sequence[Any], **models: type[Model]) -> list[tuple[Any, ...]]:
    """The rows of a statement as instances.

    Args:
        statement: selects ``{alias}`` for the columns of each model, e.g. ``select {s} from city_unit s``.
        params: its parameters.
        models: alias → model.

    Returns:
        a tuple a row, an instance a model in the order given; None for one that an outer join did not find.
    """
    with connection.cursor() as cursor:
        cursor.execute(_text(statement, tuple(models.items())), params)
        rows = cursor.fetchall()
    return [tuple(_instances(row, models.values())) for row in rows]


def _instances(row: Sequence[Any], models: Any) -> Any:  # noqa: ANN401 - of whatever models
    at = 0
    for model in models:
        names = _names(model)
        values = row[at : at + len(names)]
        at += len(names)
        key = values[_key(model)]
        yield None if key is None else model.from_db(connection.alias, names, values)


@cache
def _names(model: type[Model]) -> tuple[str, ...]:
    return tuple(f.attname for f in model._meta.concrete_fields)


@cache
def _key(model: type[Model]) -> int:
    return _names(model).index(model._meta.pk.attname)


@cache
def _text(statement: str, models: tuple[tuple[str, type[Model]], ...]) -> str:
    columns = {
        alias: ", ".join(f'{alias}."{f.column}"' for f in model._meta.concrete_fields) for alias, model in models
    }
    return statement.format_map(columns)
