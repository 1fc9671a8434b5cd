"""Channels and who serves them. A desk names a channel; ``links`` registers the handler; neither imports the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

__all__ = ["Handler", "Message", "RefusedError", "TryAgainError", "handler_for", "register"]


@dataclass(frozen=True, slots=True)
class Message:
    """One row on its way.

    Attributes:
        key: the idempotency key; a receiver that has seen it answers as before and does nothing.
        attempt: counts from 1.
    """

    id: int
    channel: str
    key: str
    matter_id: int | None
    seq: int | None
    payload: Mapping[str, Any]
    attempt: int


class TryAgainError(Exception):
    """The receiver could not take it now; ``after`` when it said how long to wait."""

    def __init__(self, why: str, after: timedelta | None = None) -> None:
        self.why = why
        self.after = after
        super().__init__(why)


class RefusedError(Exception):
    """The receiver will never take it: straight to the dead letters, with the reason."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


Handler = Callable[[Message], Mapping[str, Any]]
"""Sends one message and gives the receipt; raises :class:`TryAgainError` or :class:`RefusedError`."""

_handlers: dict[str, Handler] = {}


def register(channel: str, handler: Handler) -> None:
    """Serves a channel from now on; the last one registered wins."""
    _handlers[channel] = handler


def handler_for(channel: str) -> Handler | None:
    """Who serves a channel, if anybody."""
    return _handlers.get(channel)
