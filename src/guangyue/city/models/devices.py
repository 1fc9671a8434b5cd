"""Devices the city issues (设备)."""

from __future__ import annotations

from django.db import models
from typing_extensions import override

from guangyue.city.models.agencies import Unit
from guangyue.city.models.people import Person

__all__ = ["Device", "DeviceKind"]


class DeviceKind(models.TextChoices):
    """What a device is."""

    PHONE = "phone"
    BODY_CAMERA = "body-camera"
    CAR_TERMINAL = "car-terminal"
    CAMERA = "camera"
    KIOSK = "kiosk"
    DRONE = "drone"
    RADIO = "radio"


class Device(models.Model):
    """A device in service.

    Attributes:
        serial: its number on the label.
        holder: who carries it now.
        last_seen_at: when it last synced; matters wait for devices that have not.
        withdrawn_at: from then on nothing it sends is taken.
    """

    serial = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=20, choices=DeviceKind.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="devices")
    holder = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="devices")
    name = models.CharField(max_length=80, blank=True)
    last_seen_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return self.serial
