"""What the simulated town found in the outbox, each as a case of its own: one notice is never sent twice by itself."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from tests.records.parking import START, advance, set_clock

from guangyue.records.outbox import Dispatcher, enqueue, register

pytestmark = pytest.mark.database
CHANNEL = "faults.once"


@pytest.fixture
def lines(city_database):
    """Two dispatchers' connections, and a clock that stands."""
    with (
        psycopg.connect(city_database.app, autocommit=True) as one,
        psycopg.connect(city_database.app, autocommit=True) as other,
    ):
        set_clock(one, START)
        yield one, other


def put(raw, *keys: str) -> None:
    for key in keys:
        enqueue(raw, CHANNEL, key, {})


def test_a_batch_that_outlives_its_lease_does_not_send_what_another_has_taken_over(lines):
    one, other = lines
    sent: list[str] = []
    second = Dispatcher(other)

    def handler(message):
        sent.append(message.key)
        if message.key in {"a", "b"}:  # the carrier takes its time, and the lease of the whole batch runs out
            advance(one, seconds=40)
        if message.key == "b":
            second.once()
        return {}

    register(CHANNEL, handler, repeatable=False)
    put(one, "a", "b", "c")
    Dispatcher(one).once()
    assert sent == ["a", "b", "c"]
    assert one.execute("select count(*) from outbox where sent_at is not null").fetchone() == (3,)


def test_after_an_error_in_the_middle_the_handler_is_told_that_an_attempt_went_unanswered(lines):
    """The database was lost between the carrier's answer and its note: whether it went out is not known."""
    one, _ = lines
    told: list[bool] = []

    def handler(message):
        told.append(message.unanswered)
        if len(told) == 1:
            raise psycopg.OperationalError("the connection is lost")
        return {}

    register(CHANNEL, handler, repeatable=False)
    put(one, "c")
    Dispatcher(one).once()
    advance(one, seconds=timedelta(minutes=1).total_seconds())
    Dispatcher(one).once()
    assert told == [False, True]
