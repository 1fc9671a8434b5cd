"""Channels and who serves them. A desk names a channel; ``links`` registers the handler; neither imports the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

__all__ = [
    "Handler",
    "Message",
    "RefusedError",
    "TryAgainError",
    "UnknownError",
    "handler_for",
    "register",
    "repeatable",
]


@dataclass(frozen=True, slots=True)
class Message:
    """One row on its way.

    Attributes:
        key: the idempotency key; a receiver that has seen it answers as before and does nothing.
        attempt: counts from 1.
        unanswered: an earlier attempt began and nobody knows its answer; only on channels that are not repeatable.
    """

    id: int
    channel: str
    key: str
    matter_id: int | None
    seq: int | None
    payload: Mapping[str, Any]
    attempt: int
    unanswered: bool = False


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


class UnknownError(Exception):
    """An earlier attempt may have gone out, and the receiver would not know a second one for the same.

    Straight to the dead letters: whether to send again is for a person to say, who revives it or lets it lie.
    """

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


Handler = Callable[[Message], Mapping[str, Any]]
"""Sends one message and gives the receipt; raises :class:`TryAgainError`, :class:`RefusedError` or
:class:`UnknownError`."""

_handlers: dict[str, Handler] = {}
_once: set[str] = set()


def register(channel: str, handler: Handler, *, repeatable: bool = True) -> None:
    """Serves a channel from now on; the last one registered wins.

    Args:
        channel: its name.
        handler: who sends its messages.
        repeatable: the receiver knows our keys and does nothing the second time. Where it does not, every attempt is
            noted before it begins, and after a crash the handler is told that one went unanswered.
    """
    _handlers[channel] = handler
    _once.discard(channel) if repeatable else _once.add(channel)


def handler_for(channel: str) -> Handler | None:
    """Who serves a channel, if anybody."""
    return _handlers.get(channel)


def repeatable(channel: str) -> bool:
    """Whether sending twice under one key is the same as sending once."""
    return channel not in _once
