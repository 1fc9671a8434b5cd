"""Emptying the outbox: claim under a lease, send, note the receipt. Any number of dispatchers may run."""

from __future__ import annotations

import select
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from psycopg import Connection
from psycopg.types.json import Jsonb

from guangyue.records.database import Db
from guangyue.records.outbox.handlers import (
    Handler,
    Message,
    RefusedError,
    TryAgainError,
    UnknownError,
    handler_for,
    repeatable,
)
from guangyue.records.outbox.queue import count_dead

__all__ = ["Dispatcher", "Outcome"]

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
"""How long a claimed row is left alone; longer than any handler may take."""
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=15)

_CLAIM = """
with due as (
    select id from outbox
    where channel = %(channel)s and sent_at is null and dead_at is null and next_attempt_at <= city_now()
    order by next_attempt_at, id limit %(most)s for update skip locked
)
update outbox o set attempts = attempts + 1, next_attempt_at = city_now() + %(lease)s
from due where o.id = due.id
returning o.id, o.channel, o.key, o.matter_id, o.seq, o.payload, o.attempts, o.begun_at is not null
"""

_TOKENS = """
with filled as (
    select name, least(burst, tokens + per_second * greatest(0, extract(epoch from city_now() - refilled_at))) as now
    from channel where name = %(channel)s and not paused for update
)
update channel c set tokens = filled.now - least(floor(filled.now), %(most)s), refilled_at = city_now()
from filled where c.name = filled.name
returning least(floor(filled.now), %(most)s)::integer, c.max_attempts
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one pass did."""

    sent: int = 0
    again: int = 0
    dead: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.sent + other.sent, self.again + other.again, self.dead + other.dead)


class Dispatcher:
    """Sends what is due. Works on a connection of its own in autocommit; handlers run outside any transaction."""

    def __init__(self, raw: Connection[tuple[object, ...]], *, batch: int = 50) -> None:
        if not raw.autocommit:
            raise ValueError("a dispatcher needs a connection in autocommit: it must not hold a transaction open")
        self._raw: Db = raw
        self._batch = batch

    def channels(self) -> list[str]:
        """The channels with something due."""
        rows = self._raw.execute(
            "select distinct channel from outbox"
            " where sent_at is null and dead_at is null and next_attempt_at <= city_now()"
        ).fetchall()
        return [row[0] for row in rows]

    def once(self) -> Outcome:
        """One pass over all channels that somebody serves."""
        done = Outcome()
        for channel in self.channels():
            handler = handler_for(channel)
            if handler is not None:
                done += self._channel(channel, handler)
        return done

    def run(self, stopping: Callable[[], bool], *, longest: float = 1.0) -> None:
        """Sends until told to stop; wakes when something is put in line, at the latest after ``longest`` seconds."""
        self._raw.execute("listen outbox")
        while not stopping():
            done = self.once()
            if done.sent + done.again + done.dead == 0:
                select.select([self._raw.fileno()], [], [], longest)
            for _ in self._raw.notifies(timeout=0):
                pass

    def _channel(self, channel: str, handler: Handler) -> Outcome:
        self._raw.execute(
            "insert into channel (name, refilled_at) values (%s, city_now()) on conflict do nothing", (channel,)
        )
        with self._raw.transaction():
            granted = self._raw.execute(_TOKENS, {"channel": channel, "most": self._batch}).fetchone()
            if granted is None or granted[0] < 1:
                return Outcome()
            claim = {"channel": channel, "most": granted[0], "lease": LEASE}
            rows = self._raw.execute(_CLAIM, claim).fetchall()
            unused = granted[0] - len(rows)
            if unused:
                self._raw.execute("update channel set tokens = tokens + %s where name = %s", (unused, channel))
        done = Outcome()
        for row in sorted(rows):
            done += self._send(Message(*row), handler, most=granted[1])
        return done

    def _send(self, message: Message, handler: Handler, *, most: int) -> Outcome:
        if not repeatable(message.channel) and not self._begin(message):
            return Outcome()
        try:
            receipt = handler(message)
        except RefusedError as refused:
            return self._dead(message, refused.why)
        except UnknownError as unknown:
            return self._dead(message, unknown.why)
        except TryAgainError as later:
            return self._again(message, later.why, later.after, most)
        except Exception as error:  # noqa: BLE001 - one broken message must not stop the others
            log.warning("outbox.handler_failed", channel=message.channel, id=message.id, error=type(error).__name__)
            # Whether it went out before that is not known: where a second one would count, the handler is told.
            return self._again(message, f"{type(error).__name__}: {error}"[:500], None, most, sure=False)
        self._raw.execute(
            "update outbox set sent_at = city_now(), begun_at = null, receipt = %s, last_error = null where id = %s and sent_at is null",
            (Jsonb(dict(receipt)), message.id),
        )
        return Outcome(sent=1)

    def _begin(self, message: Message) -> bool:
        """Note that an attempt begins, under a lease of its own: those before it in the batch may have used up the first.

        Returns:
            whether the message is still ours; when not, another dispatcher has claimed it meanwhile.
        """
        begun = self._raw.execute(
            "update outbox set begun_at = city_now(), next_attempt_at = city_now() + %s"
            " where id = %s and attempts = %s and sent_at is null and dead_at is null",
            (LEASE, message.id, message.attempt),
        )
        return begun.rowcount == 1

    def _again(self, message: Message, why: str, after: timedelta | None, most: int, *, sure: bool = True) -> Outcome:
        if message.attempt >= most:
            return self._dead(message, why)
        pause = after or min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (message.attempt - 1))
        self._raw.execute(
            "update outbox set next_attempt_at = city_now() + %s, begun_at = case when %s then null else begun_at end,"
            " last_error = %s where id = %s and sent_at is null",
            (pause, sure, why, message.id),
        )
        return Outcome(again=1)

    def _dead(self, message: Message, why: str) -> Outcome:
        with self._raw.transaction():
            self._raw.execute(
                "update outbox set dead_at = city_now(), begun_at = null, last_error = %s where id = %s and sent_at is null",
                (why, message.id),
            )
            count_dead(self._raw)
        log.error("outbox.dead_letter", channel=message.channel, id=message.id)
        return Outcome(dead=1)
