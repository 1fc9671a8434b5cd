"""What every carrier's channel can do, whatever its protocol: SMPP, CMPP, an operator's HTTP gateway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

__all__ = ["Accepted", "BusyError", "Receipt", "RefusedError", "SmsChannel", "UnansweredError"]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The carrier has taken a message over.

    Attributes:
        ids: its numbers of the parts, in order; receipts come under these.
    """

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a part.

    Attributes:
        carrier_id: one of `Accepted.ids`.
        delivered: whether it reached the phone.
        detail: the carrier's own word (``DELIVRD``, ``UNDELIV``, ``EXPIRED``…).
    """

    carrier_id: str
    delivered: bool
    detail: str
    at: datetime


class RefusedError(Exception):
    """The carrier will never take this message; the reason is for the officer who waits for it.

    Attributes:
        code: the protocol's own code.
    """

    def __init__(self, code: str, why: str) -> None:
        self.code = code
        self.why = why
        super().__init__(f"{why} ({code})")


class BusyError(Exception):
    """Not now: no connection, or the carrier asks for patience; ``after`` when it says how much."""

    def __init__(self, why: str, after: timedelta | None = None) -> None:
        self.why = why
        self.after = after
        super().__init__(why)


class UnansweredError(Exception):
    """It left us and nothing came back, on a line that knows no keys: the phone may have it, and must not get it twice."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class SmsChannel(Protocol):
    """A way to the carrier. Safe to use from several threads."""

    def send(self, number: str, text: str, *, key: str) -> Accepted:
        """Hand a text over, and come back when the carrier has answered for all its parts.

        Args:
            number: E.164.
            text: any length; split into parts where the protocol needs it.
            key: our own mark of the message, for logs.

        Raises:
            RefusedError: never.
            BusyError: not now; nothing went out, or the other side knows the key.
            UnansweredError: it may have gone out; a second attempt might reach the phone twice.
        """

    def on_receipt(self, take: Callable[[Receipt], None]) -> None:
        """Who is told what became of messages; may be called from another thread."""

    def close(self) -> None:
        """Take leave of the carrier."""
