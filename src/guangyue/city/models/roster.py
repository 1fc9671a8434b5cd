"""The duty roster (值班表)."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from typing_extensions import override

from guangyue.city.models.agencies import Unit
from guangyue.city.models.people import Person

__all__ = ["Shift"]


class Shift(models.Model):
    """A person on duty in a unit for a time; nobody is on duty in two places (班次).

    Attributes:
        post: what the duty is (``dispatcher``, ``commander``, ``patrol``…).
        crew: the call sign of the crew, where there is one.
        during: from (inclusive) to (exclusive).
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shifts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="shifts")
    post = models.CharField(max_length=40)
    crew = models.CharField(max_length=40, blank=True)
    during = DateTimeRangeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="city_shift_one_place",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=models.Q(cancelled_at=None),
            ),
            models.CheckConstraint(
                condition=models.Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
                name="city_shift_bounded",
            ),
        )
        indexes = (models.Index(fields=["unit", "post"], name="city_shift_unit"),)

    @override
    def __str__(self) -> str:
        return f"{self.post} · {self.unit}"
