"""No carrier at all: messages are accepted here and kept, to be shown as phone screens (演示短信).

For demonstrations and tests. Nothing leaves the machine.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from typing_extensions import override

from guangyue.city import clock
from guangyue.links.sms.channel import Accepted, Receipt, RefusedError, SmsChannel
from guangyue.links.sms.parts import split

__all__ = ["LocalChannel"]


class LocalChannel(SmsChannel):
    """Accepts everything but the numbers it is told to refuse, and delivers at once.

    Args:
        refuses: numbers that do not exist here; for tests.
    """

    def __init__(self, refuses: frozenset[str] = frozenset()) -> None:
        self._refuses = refuses
        self._take: Callable[[Receipt], None] | None = None

    @override
    def send(self, number: str, text: str, *, key: str) -> Accepted:
        if number in self._refuses:
            raise RefusedError("local.unknown", "空号 · no such number")
        return Accepted(tuple(f"local-{secrets.token_hex(6)}" for _ in split(text)))

    @override
    def on_receipt(self, take: Callable[[Receipt], None]) -> None:
        self._take = take

    def deliver(self, carrier_id: str, *, delivered: bool = True) -> None:
        """Say what became of a part."""
        if self._take is not None:
            self._take(Receipt(carrier_id, delivered, "DELIVRD" if delivered else "UNDELIV", clock.now()))

    @override
    def close(self) -> None:
        """Nothing to leave."""
