"""The outbox: nothing lost, nothing sent twice in effect, failures visible."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from guangyue.records.outbox import (
    Dispatcher,
    Message,
    Outcome,
    RefusedError,
    TryAgainError,
    UnknownError,
    dead_letters,
    enqueue,
    register,
    revive,
    set_channel,
)

pytestmark = pytest.mark.database


@pytest.fixture
def raw(city_database):
    with psycopg.connect(city_database.superuser, autocommit=True) as db:
        db.execute(
            "update city_clock set anchor_real = clock_timestamp(), anchor_city = '2026-03-02T09:00+08', rate = 0"
        )
        yield db


def pass_time(raw, span: timedelta) -> None:
    raw.execute("update city_clock set anchor_city = anchor_city + %s", (span,))


def put(raw, n: int, channel: str = "sms") -> None:
    for i in range(n):
        enqueue(raw, channel, f"k{i}", {"n": i})


def test_the_same_key_goes_in_once_and_out_once(raw):
    seen: list[Message] = []
    register("sms", lambda m: seen.append(m) or {"id": "c1"})
    assert enqueue(raw, "sms", "a", {"text": "x"}, matter_id=None)
    assert not enqueue(raw, "sms", "a", {"text": "another"})
    assert Dispatcher(raw).once() == Outcome(sent=1)
    assert Dispatcher(raw).once() == Outcome()
    assert [(m.key, m.payload, m.attempt) for m in seen] == [("a", {"text": "x"}, 1)]
    assert raw.execute("select receipt from outbox").fetchone()[0] == {"id": "c1"}


def test_a_rolled_back_act_sends_nothing(raw):
    with pytest.raises(ZeroDivisionError), raw.transaction():
        enqueue(raw, "sms", "a", {})
        raise ZeroDivisionError
    assert Dispatcher(raw).once() == Outcome()


def test_failures_pause_longer_each_time_and_end_as_visible_dead_letters(raw):
    set_channel(raw, "sms", max_attempts=4)

    def down(message: Message):
        raise TryAgainError("the carrier does not answer")

    register("sms", down)
    put(raw, 1)
    pauses = []
    for _ in range(3):
        assert Dispatcher(raw).once() == Outcome(again=1)
        assert Dispatcher(raw).once() == Outcome(), "it waits"
        pauses.append(raw.execute("select next_attempt_at - city_now() from outbox").fetchone()[0])
        pass_time(raw, pauses[-1])
    assert pauses == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]
    assert Dispatcher(raw).once() == Outcome(dead=1)
    (letter,) = dead_letters(raw)
    assert (letter.channel, letter.attempts, letter.why) == ("sms", 4, "the carrier does not answer")
    assert raw.execute("select count, cleared_at from alarm where kind = 'outbox.dead'").fetchone() == (1, None)

    register("sms", lambda m: {})
    assert revive(raw, [letter.id]) == 1
    assert Dispatcher(raw).once() == Outcome(sent=1)
    assert raw.execute("select count, cleared_at is not null from alarm").fetchone() == (0, True)


def test_what_is_refused_is_not_tried_again_and_what_breaks_a_handler_does_not_stop_the_others(raw):
    def picky(message: Message):
        if message.payload["n"] == 0:
            raise RefusedError("no such number")
        if message.payload["n"] == 1:
            raise KeyError("a bug of ours")
        return {}

    register("sms", picky)
    put(raw, 3)
    assert Dispatcher(raw).once() == Outcome(sent=1, again=1, dead=1)
    assert [d.why for d in dead_letters(raw)] == ["no such number"]


def test_a_receiver_may_say_how_long_to_wait(raw):
    register("sms", lambda m: (_ for _ in ()).throw(TryAgainError("throttled", timedelta(seconds=33))))
    put(raw, 1)
    Dispatcher(raw).once()
    assert raw.execute("select next_attempt_at - city_now() from outbox").fetchone()[0] == timedelta(seconds=33)


def test_a_channel_keeps_its_rate(raw):
    register("sms", lambda m: {})
    set_channel(raw, "sms", per_second=2, burst=5)
    put(raw, 20)
    sent = []
    for _ in range(4):
        sent.append(Dispatcher(raw).once().sent)
        pass_time(raw, timedelta(seconds=2))
    assert sent == [5, 4, 4, 4], "a burst of five, then two a second"


def test_a_dispatcher_that_died_is_followed_by_another_under_the_same_key(raw):
    class Killed(BaseException):
        pass

    keys: list[str] = []

    def dies(message: Message):
        keys.append(message.key)
        raise Killed

    register("sms", dies)
    put(raw, 1)
    with pytest.raises(Killed):
        Dispatcher(raw).once()
    register("sms", lambda m: keys.append(m.key) or {})
    assert Dispatcher(raw).once() == Outcome(), "the lease still holds"
    pass_time(raw, timedelta(seconds=61))
    assert Dispatcher(raw).once() == Outcome(sent=1)
    assert keys == ["k0", "k0"]


def test_where_a_second_one_would_be_a_second_message_an_unanswered_attempt_is_for_a_person(raw):
    """The process dies between the carrier's answer and our note: nothing goes out again by itself."""

    class Killed(BaseException):
        pass

    sent: list[str] = []

    def dies(message: Message):
        sent.append(message.key)
        raise Killed

    def careful(message: Message):
        if message.unanswered:
            raise UnknownError("broken off")
        sent.append(message.key)
        return {}

    register("sms", dies, repeatable=False)
    put(raw, 2)
    with pytest.raises(Killed):
        Dispatcher(raw).once()
    register("sms", careful, repeatable=False)
    pass_time(raw, timedelta(seconds=61))
    assert Dispatcher(raw).once() == Outcome(sent=1, dead=1), "the one not begun goes out, though it was claimed too"
    assert sent == ["k0", "k1"]
    (letter,) = dead_letters(raw)
    assert (letter.key, letter.why) == ("k0", "broken off")
    assert revive(raw, [letter.id]) == 1, "a person has asked the carrier"
    assert Dispatcher(raw).once() == Outcome(sent=1)
    assert sent == ["k0", "k1", "k0"]
    assert raw.execute("select count(*) from outbox where begun_at is not null").fetchone() == (0,)


def test_a_failure_that_was_answered_is_no_unknown(raw):
    seen: list[bool] = []

    def busy(message: Message):
        seen.append(message.unanswered)
        raise TryAgainError("not now", timedelta(seconds=1))

    register("sms", busy, repeatable=False)
    put(raw, 1)
    for _ in range(2):
        assert Dispatcher(raw).once() == Outcome(again=1)
        pass_time(raw, timedelta(seconds=2))
    assert seen == [False, False]


def test_two_dispatchers_share_the_work(raw, city_database):
    register("sms", lambda m: {})
    set_channel(raw, "sms", per_second=1000, burst=1000)
    put(raw, 60)
    with psycopg.connect(city_database.superuser, autocommit=True) as other, raw.transaction():
        raw.execute("select id from outbox order by id limit 30 for update")
        assert Dispatcher(other).once().sent == 30, "rows another one holds are left alone"
    assert Dispatcher(raw).once().sent == 30


def test_a_channel_nobody_serves_waits_without_harm(raw):
    put(raw, 1, channel="nobody")
    assert Dispatcher(raw).once() == Outcome()
    assert raw.execute("select attempts from outbox").fetchone() == (0,)


def test_a_dispatcher_refuses_a_connection_that_would_hold_a_transaction_open(city_database):
    with psycopg.connect(city_database.app) as db, pytest.raises(ValueError, match="autocommit"):
        Dispatcher(db)
