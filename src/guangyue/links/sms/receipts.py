"""Receipts: what became of a message on the air; a part that is lost loses the message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.db import close_old_connections, transaction

from guangyue.links.models import Progress, ShortMessage

if TYPE_CHECKING:
    from guangyue.links.sms.channel import Receipt

__all__ = ["take"]

log = structlog.get_logger()


def take(receipt: Receipt) -> None:
    """Note a receipt. It starts and stops no clock: the grace counts from acceptance."""
    close_old_connections()
    try:
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
                if found.arrived >= found.parts:
                    found.progress, found.ended_at = Progress.DELIVERED, receipt.at
            found.save(update_fields=["progress", "why", "ended_at", "arrived"])
    finally:
        close_old_connections()
