"""What administrators did (管理员操作记录)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from typing_extensions import override

from guangyue.city.models.accounts import Account

__all__ = ["AdministrativeAct"]


class AdministrativeAct(models.Model):
    """One act of an administrator; rows are only ever added (a trigger refuses the rest).

    Attributes:
        actor: the account that acted.
        act: a stable code (``role.grant``, ``account.disable``…).
        object: what it was done to (``account:17``).
        details: codes and numbers, never a personal value.
    """

    actor = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=40)
    object = models.CharField(max_length=60)
    details = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=["object", "at"], name="city_act_object"),)

    @override
    def __str__(self) -> str:
        return f"{self.act} · {self.object}"
