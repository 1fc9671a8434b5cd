"""Bugs put in on purpose: a simulation that cannot find them shows nothing."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import psycopg

__all__ = ["PLANTS", "planted"]


def _no_keys() -> Any:
    """The idempotency key is not looked at."""
    from tests.faults.world import city

    real = city.execute

    def keyless(order: Any) -> Any:
        return real(replace(order, key=""))

    stack = contextlib.ExitStack()
    stack.enter_context(patch.object(city, "execute", keyless))
    stack.enter_context(patch("guangyue.records.commands.execute", keyless))
    return stack


def _short_grace() -> Any:
    """The grace ends a second early."""
    from guangyue.law import BOOK

    return patch("guangyue.records.commands.execute.BOOK", BOOK.with_settings({"S-GRACE": "599 s"}))


def _hasty_answer() -> Any:
    """The web answers although the commit failed."""
    from guangyue.records.commands import wire

    real = wire.Wire.keep

    def keep(self: wire.Wire, asked: Any) -> None:
        try:
            real(self, asked)
        except psycopg.OperationalError:
            if not threading.current_thread().name.startswith("web"):
                raise

    return patch.object(wire.Wire, "keep", keep)


def _unnoted_attempt() -> Any:
    """The attempt to send a short message is not noted before it begins."""
    from guangyue.records.outbox import dispatch

    return patch.object(dispatch, "repeatable", lambda _: True)


def _fresh_keys() -> Any:
    """Each upload goes under a key of its own."""
    from itertools import count

    from guangyue.links.traffic_platform import outbox

    real, numbers = outbox.post, count()
    return patch.object(
        outbox, "post", lambda address, body, key, signer: real(address, body, f"{key}/{next(numbers)}", signer)
    )


def _sent_again() -> Any:
    """A message that nobody answered for is sent again."""
    from tests.faults.world.peers import Carrier

    from guangyue.links.sms.channel import BusyError

    return patch.object(Carrier, "unanswered", staticmethod(lambda: BusyError("the carrier does not answer")))


PLANTS = {
    "no-keys": _no_keys, "short-grace": _short_grace, "hasty-answer": _hasty_answer, "unnoted-attempt": _unnoted_attempt,
    "fresh-keys": _fresh_keys, "sent-again": _sent_again,
}  # fmt: skip


@contextlib.contextmanager
def planted(name: str) -> Iterator[None]:
    """The product with one of the bugs; with none for an empty name."""
    if not name:
        yield
        return
    with PLANTS[name]():
        yield
