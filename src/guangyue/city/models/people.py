"""People and the roles they hold (人员与职权)."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils import timezone
from typing_extensions import override

from guangyue.city.models.agencies import Unit
from guangyue.city.personal import Kind
from guangyue.city.personal.field import PersonalField, search_index
from guangyue.city.roles import ADMINISTRATORS

__all__ = ["Person", "RoleHolding"]


class Person(models.Model):
    """A human being known to the city: staff, volunteer, citizen (人员). All personal values are sealed.

    Attributes:
        number: what colleagues may always see: a badge or personal number without meaning elsewhere.
    """

    number = models.CharField(max_length=40, unique=True)
    name = PersonalField(Kind.NAME, searchable=True, null=True)
    id_number = PersonalField(Kind.ID_NUMBER, searchable=True, null=True)
    phone = PersonalField(Kind.PHONE, searchable=True, null=True)
    address = PersonalField(Kind.ADDRESS, null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (
            search_index("name", name="city_person_name"),
            search_index("id_number", name="city_person_id_number"),
            search_index("phone", name="city_person_phone"),
        )

    @override
    def __str__(self) -> str:
        return self.number


class RoleHolding(models.Model):
    """A role held in a unit for a time (任职).

    Attributes:
        role: the role in the law's sense.
        unit: where it is held.
        below: whether it reaches the units below as well.
        during: from (inclusive) to (exclusive); open at the end until ended.
        certificate: the number of the law-enforcement certificate where the role needs one.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    role = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="holdings")
    below = models.BooleanField(default=False)
    during = DateTimeRangeField()
    certificate = models.CharField(max_length=40, blank=True)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="city_holding_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="city_holding_one_administrator",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("role", RangeOperators.NOT_EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(role__in=sorted(ADMINISTRATORS)),
            ),
            models.CheckConstraint(condition=models.Q(during__isempty=False), name="city_holding_lasts"),
        )

    @override
    def __str__(self) -> str:
        return f"{self.role} · {self.unit}"
