"""Wrapped data keys (数据密钥)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from typing_extensions import override

__all__ = ["DataKey"]


class DataKey(models.Model):
    """A key that seals personal values, itself encrypted under a master key that is not in the database."""

    number = models.BigIntegerField(primary_key=True)
    suite = models.CharField(max_length=16)
    master = models.CharField(max_length=32)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True)
    current = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["current"], condition=models.Q(current=True), name="city_datakey_one_current"
            ),
            models.CheckConstraint(
                condition=models.Q(current=True, retired_at=None) | models.Q(current=False, retired_at__isnull=False),
                name="city_datakey_retired",
            ),
        )

    @override
    def __str__(self) -> str:
        return f"data key {self.number}"
