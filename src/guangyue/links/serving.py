"""Who serves which outbox channel of this installation; a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guangyue.records.outbox import register

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guangyue.records.outbox import Message

__all__ = ["register_all"]


def register_all() -> None:
    """Register the handlers of all channels that are set up; what serves them is loaded with the first message."""
    from guangyue.links.sms.configured import setting
    from guangyue.links.traffic_platform.settings import address

    if setting():
        register("sms", _sms, repeatable=False)  # a carrier does not know our keys
    if address():
        register("traffic_platform", _traffic_platform)


def _sms(message: Message) -> Mapping[str, Any]:
    from django.db import close_old_connections

    from guangyue.links.sms.outbox import serve

    close_old_connections()  # one that was lost: there is no request here at whose end Django would do it
    return serve(message)


def _traffic_platform(message: Message) -> Mapping[str, Any]:
    from guangyue.links.traffic_platform.outbox import serve

    return serve(message)
