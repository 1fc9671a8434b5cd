"""The outbox (发件箱): what has to leave the building, written with the act that caused it and sent after the commit.

Every notice, upload and event is a row with an idempotency key, unique per channel. A dispatcher takes rows under a
lease, hands them to the channel's handler and notes the receipt. When it dies in between, the lease runs out and the same
row goes out again under the same key: at least once, exactly once in effect at a receiver that knows keys. For one that
does not (a carrier of short messages) each attempt is noted before it begins; when it is left without an answer, a person
decides whether to send again. What fails is tried again with growing pauses; what is refused, or has failed too often,
becomes a dead letter that stays visible until somebody revives it. Nothing is ever dropped.
"""

from __future__ import annotations

from guangyue.records.outbox.dispatch import Dispatcher, Outcome
from guangyue.records.outbox.handlers import (
    Handler,
    Message,
    RefusedError,
    TryAgainError,
    UnknownError,
    handler_for,
    register,
)
from guangyue.records.outbox.queue import DeadLetter, dead_letters, enqueue, revive, set_channel

__all__ = [
    "DeadLetter",
    "Dispatcher",
    "Handler",
    "Message",
    "Outcome",
    "RefusedError",
    "TryAgainError",
    "UnknownError",
    "dead_letters",
    "enqueue",
    "handler_for",
    "register",
    "revive",
    "set_channel",
]
