"""The tree of units: add, move, close, and the sets it answers for (单位树)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Concat, Length, Substr

from guangyue.city.errors import CityError
from guangyue.city.models.agencies import PATH_STEP, Agency, Unit

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["above", "add_unit", "below", "close_unit", "move_unit"]

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MAX_DEPTH = 12


@transaction.atomic
def add_unit(
    agency: Agency, code: str, name_zh: str, *, level: str, parent: Unit | None = None, name_en: str = ""
) -> Unit:
    """Add a unit below another of the same agency, or as a root.

    Raises:
        CityError: ``unit.agency`` (the parent is another agency's), ``unit.depth``, ``unit.closed``.
    """
    path = ""
    if parent is not None:
        parent = Unit.objects.select_for_update().get(pk=parent.pk)
        _fits(parent, agency, 1)
        path = parent.path
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('city_unit', 'id'))")
        number: int = cursor.fetchone()[0]
    return Unit.objects.create(
        id=number,
        agency=agency,
        parent=parent,
        code=code,
        level=level,
        name_zh=name_zh,
        name_en=name_en,
        path=path + _step(number),
    )


@transaction.atomic
def move_unit(unit: Unit, parent: Unit | None) -> int:
    """Hang a unit with all below it under another one (机构调整). Returns how many units moved.

    Raises:
        CityError: ``unit.cycle`` (the new parent stands below it), ``unit.agency``, ``unit.depth``, ``unit.closed``.
    """
    # One reorganisation at a time: two moves that each look right can close a ring together.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('guangyue.city.units'))")
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    root = ""
    if parent is not None:
        parent = Unit.objects.select_for_update().get(pk=parent.pk)
        if unit.holds(parent):
            raise CityError("unit.cycle", unit=unit.name_zh, parent=parent.name_zh)
        deepest = max(len(path) for path in below(unit).values_list("path", flat=True))
        _fits(parent, unit.agency, (deepest - len(unit.path)) // PATH_STEP + 1)
        root = parent.path
    kept = len(unit.path) - PATH_STEP
    Unit.objects.filter(pk=unit.pk).update(parent=parent)
    tail = Substr("path", kept + 1, Length(F("path")))
    return below(unit).update(path=Concat(Value(root), tail, output_field=CharField(db_collation="C")))


@transaction.atomic
def close_unit(unit: Unit, at: datetime) -> None:
    """Close a unit; roles held there stop reaching anything (撤销).

    Raises:
        CityError: ``unit.open_below``: units below are still open.
    """
    if below(unit).filter(closed_at=None).exclude(pk=unit.pk).exists():
        raise CityError("unit.open_below", unit=unit.name_zh)
    Unit.objects.filter(pk=unit.pk).update(closed_at=at)


def below(unit: Unit) -> QuerySet[Unit]:
    """The unit and every unit under it, in tree order."""
    return Unit.objects.filter(path__startswith=unit.path).order_by("path")


def above(unit: Unit) -> QuerySet[Unit]:
    """The unit and every unit over it, from the root down."""
    steps = range(PATH_STEP, len(unit.path) + 1, PATH_STEP)
    return Unit.objects.filter(path__in=[unit.path[:n] for n in steps]).order_by("path")


def _fits(parent: Unit, agency: Agency, levels: int) -> None:
    if parent.agency_id != agency.pk:
        raise CityError("unit.agency", parent=parent.name_zh)
    if parent.closed_at is not None:
        raise CityError("unit.closed", unit=parent.name_zh)
    if len(parent.path) // PATH_STEP + levels > _MAX_DEPTH:
        raise CityError("unit.depth", most=_MAX_DEPTH)


def _step(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits.rjust(PATH_STEP, "0")
