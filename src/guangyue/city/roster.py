"""The duty roster: who is on duty where, and no one twice (值班)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from guangyue.city.errors import CityError
from guangyue.city.models import Person, RoleHolding, Shift, Unit
from guangyue.city.models.agencies import PATH_STEP
from guangyue.law import Text

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

__all__ = ["add_shift", "cancel_shift", "on_duty", "swap_shift"]


def add_shift(person: Person, unit: Unit, post: str, since: datetime, until: datetime, *, crew: str = "") -> Shift:
    """Put a person on duty.

    Raises:
        CityError: ``shift.period``, ``shift.role`` (no role held in the unit or above it for the whole time),
            ``shift.overlap`` (on duty elsewhere; touching shifts do not overlap).
    """
    if not since < until:
        raise CityError("shift.period")
    during = DateTimeTZRange(since, until)
    steps = [unit.path[:n] for n in range(PATH_STEP, len(unit.path) + 1, PATH_STEP)]
    held = RoleHolding.objects.filter(person=person, during__contains=during, unit__path__in=steps)
    if not any(holding.below or holding.unit_id == unit.pk for holding in held):
        raise CityError("shift.role", unit=Text(unit.name_zh, unit.name_en or unit.name_zh))
    return _placed(Shift(person=person, unit=unit, post=post, crew=crew, during=during))


def cancel_shift(shift: Shift, at: datetime) -> None:
    """Cancel a shift; it stays on record."""
    Shift.objects.filter(pk=shift.pk, cancelled_at=None).update(cancelled_at=at)


@transaction.atomic
def swap_shift(shift: Shift, person: Person, at: datetime) -> Shift:
    """Let another person take over a shift, from now on or from its start (换班).

    Raises:
        CityError: as `add_shift`; ``shift.over`` when it has ended or was cancelled.
    """
    shift = Shift.objects.select_for_update().select_related("unit").get(pk=shift.pk)
    start, end = shift.during.lower, shift.during.upper
    if shift.cancelled_at is not None or start is None or end is None or end <= at:
        raise CityError("shift.over")
    if start < at:
        shift.during = DateTimeTZRange(start, at)
        shift.save(update_fields=["during"])
    else:
        cancel_shift(shift, at)
    return add_shift(person, shift.unit, shift.post, max(start, at), end, crew=shift.crew)


def on_duty(unit: Unit, at: datetime, *, post: str | None = None) -> QuerySet[Shift]:
    """The shifts running in a unit and all below it at an instant."""
    rows = Shift.objects.filter(unit__path__startswith=unit.path, during__contains=at, cancelled_at=None)
    if post is not None:
        rows = rows.filter(post=post)
    return rows.select_related("person", "unit").order_by("unit__path", "post", "pk")


def _placed(shift: Shift) -> Shift:
    try:
        with transaction.atomic():
            shift.save()
    except IntegrityError as refused:
        if "city_shift_one_place" in str(refused):
            raise CityError("shift.overlap") from None
        raise
    return shift
