"""Receipts: what became of a message on the air; a part that is lost loses the message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.db import DatabaseError, connection, transaction

from guangyue.links.models import Progress, ShortMessage

if TYPE_CHECKING:
    from guangyue.links.sms.channel import Receipt

__all__ = ["take", "take_alone"]

log = structlog.get_logger()


def take(receipt: Receipt) -> None:
    """Note a receipt. It starts and stops no clock: the grace counts from acceptance."""
    with transaction.atomic():
        found = ShortMessage.objects.select_for_update().filter(carrier_ids__contains=[receipt.carrier_id]).first()
        if found is None:
            log.warning("sms.receipt_unknown", carrier_id=receipt.carrier_id)
            return
        if found.progress in {Progress.LOST, Progress.DELIVERED}:
            return
        if not receipt.delivered:
            found.progress, found.why, found.ended_at = Progress.LOST, receipt.detail[:200], receipt.at
        else:
            found.arrived += 1
            if found.arrived >= len(found.carrier_ids):
                found.progress, found.ended_at = Progress.DELIVERED, receipt.at
        found.save(update_fields=["progress", "why", "ended_at", "arrived"])


def take_alone(receipt: Receipt) -> None:
    """The same on a thread of a carrier's line, which has a connection of its own."""
    try:
        take(receipt)
    except DatabaseError as why:
        log.exception("sms.receipt_not_kept", carrier_id=receipt.carrier_id, error=type(why).__name__)
    finally:
        connection.close()
