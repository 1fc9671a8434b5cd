"""Agencies and their units as a tree (机关与单位)."""

from __future__ import annotations

from django.db import models
from typing_extensions import override

__all__ = ["Agency", "Unit"]

PATH_STEP = 6
"""Characters of one step in `Unit.path`: the unit's number in base 36."""


class Agency(models.Model):
    """A body with powers of its own: the police, urban management, a court, a bank (机关).

    Attributes:
        code: short and stable (``police``, ``urban``).
        kind: the agency in the law's sense, by which competence is decided.
    """

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)

    @override
    def __str__(self) -> str:
        return self.name_zh


class Unit(models.Model):
    """A unit of an agency: a bureau, a station, a brigade, a service hall (单位).

    The tree is kept as a *materialised path*: the numbers of the units from the root down, six base-36 characters each,
    compared byte by byte. A subtree is a prefix, so one B-tree range answers "this unit and all below it".

    Attributes:
        level: the administrative level in the law's sense (``station``, ``county``, ``city``).
        path: see above; kept by `guangyue.city.units`.
        closed_at: when the unit ceased; its history stays.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    code = models.CharField(max_length=40, unique=True)
    level = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    path = models.CharField(max_length=PATH_STEP * 12, unique=True, db_collation="C")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="city_unit_not_own_parent"),
        )

    @override
    def __str__(self) -> str:
        return self.name_zh

    @property
    def depth(self) -> int:
        """How many units stand above this one."""
        return len(self.path) // PATH_STEP - 1

    def holds(self, other: Unit) -> bool:
        """Whether another unit is this one or stands below it."""
        return other.path.startswith(self.path)
