"""What the links have to remember (对外连接)."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from typing_extensions import override

from guangyue.city.models import Person
from guangyue.city.personal import Kind
from guangyue.city.personal.field import PersonalField, search_index

__all__ = ["RegisterCopy", "ShortMessage", "Vehicle"]


class RegisterCopy(models.Model):
    """Which edition of an outside register this installation holds (登记库副本)."""

    name = models.CharField(max_length=40, unique=True)
    edition = models.CharField(max_length=80)
    rows = models.PositiveIntegerField()
    taken_at = models.DateTimeField()

    @override
    def __str__(self) -> str:
        return f"{self.name} · {self.edition}"


class Vehicle(models.Model):
    """A motor vehicle as the traffic police register it (机动车登记).

    Whose it is, is read by the links alone, to deliver a message; no page of urban management reaches it.

    Attributes:
        plate_kind: the kind of plate, as `city.identifiers.plate` names it.
        vehicle: the type in the register's words.
    """

    plate = PersonalField(Kind.PLATE, searchable=True)
    plate_kind = models.CharField(max_length=20)
    vehicle = models.CharField(max_length=40, blank=True)
    colour = models.CharField(max_length=20, blank=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="vehicles")

    class Meta:
        indexes = (search_index("plate", name="links_vehicle_plate"),)

    @override
    def __str__(self) -> str:
        return f"vehicle {self.pk}"


class Progress(models.TextChoices):
    """How far a short message has come."""

    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    LOST = "lost"
    REFUSED = "refused"


class ShortMessage(models.Model):
    """A short message on its way to somebody (短信).

    Attributes:
        key: the outbox row's idempotency key; one message a key, however often it is tried.
        number: to whom, sealed.
        text: sealed too; it names a plate.
        parts: how many SMS it takes; `arrived`: how many of them reached the phone.
        carrier_ids: the carrier's own numbers of the parts, by which receipts find them.
        why: the carrier's reason for refusing or losing it.
    """

    key = models.CharField(max_length=200, unique=True)
    matter = models.CharField(max_length=60, blank=True, db_index=True)
    number = PersonalField(Kind.PHONE, searchable=True, null=True)
    text = PersonalField(Kind.NOTE)
    parts = models.PositiveSmallIntegerField(default=1)
    arrived = models.PositiveSmallIntegerField(default=0)
    progress = models.CharField(max_length=10, choices=Progress.choices, default=Progress.SENDING)
    carrier_ids = models.JSONField(default=list)
    why = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            search_index("number", name="links_message_number"),
            models.Index(fields=["-made_at"], name="links_message_newest"),
            GinIndex(fields=["carrier_ids"], name="links_message_carrier_ids"),
        )

    @override
    def __str__(self) -> str:
        return f"message {self.pk} · {self.progress}"
