"""Rows of the outbox: put in, looked at, revived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from guangyue.records.database import Db, city_now

__all__ = ["DeadLetter", "dead_letters", "enqueue", "revive", "set_channel"]


def enqueue(
    raw: Db,
    channel: str,
    key: str,
    payload: Mapping[str, Any],
    *,
    matter_id: int | None = None,
    seq: int | None = None,
    at: datetime | None = None,
) -> bool:
    """Puts a message in line, in the caller's transaction. The same key on the same channel goes in once.

    Returns:
        Whether it is new.
    """
    now = city_now(raw)
    made = raw.execute(
        "insert into outbox (channel, key, matter_id, seq, payload, made_at, next_attempt_at)"
        " values (%s, %s, %s, %s, %s, %s, %s) on conflict (channel, key) do nothing returning id",
        (channel, key, matter_id, seq, Jsonb(dict(payload)), now, at or now),
    ).fetchone()
    if made is not None:
        raw.execute("select pg_notify('outbox', %s)", (channel,))
    return made is not None


def set_channel(raw: Db, name: str, *, per_second: float = 50, burst: float = 50, max_attempts: int = 12) -> None:
    """How fast a channel may send and how often it tries. Channels nobody has set have the table's defaults."""
    raw.execute(
        "insert into channel (name, per_second, burst, tokens, refilled_at, max_attempts)"
        " values (%(name)s, %(rate)s, %(burst)s, %(burst)s, city_now(), %(most)s)"
        " on conflict (name) do update set per_second = %(rate)s, burst = %(burst)s, max_attempts = %(most)s,"
        " tokens = least(channel.tokens, %(burst)s)",
        {"name": name, "rate": per_second, "burst": burst, "most": max_attempts},
    )


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that did not go out, and why."""

    id: int
    channel: str
    key: str
    matter_id: int | None
    attempts: int
    dead_at: datetime
    why: str


def dead_letters(raw: Db, channel: str | None = None, *, most: int = 200) -> list[DeadLetter]:
    """The dead letters, newest first."""
    rows = raw.execute(
        "select id, channel, key, matter_id, attempts, dead_at, coalesce(last_error, '') from outbox"
        " where dead_at is not null and sent_at is null and (%(channel)s::text is null or channel = %(channel)s)"
        " order by id desc limit %(most)s",
        {"channel": channel, "most": most},
    ).fetchall()
    return [DeadLetter(*row) for row in rows]


def revive(raw: Db, ids: list[int]) -> int:
    """Puts dead letters back in line, with all their attempts before them. Returns how many."""
    done = raw.execute(
        "update outbox set dead_at = null, attempts = 0, next_attempt_at = city_now()"
        " where id = any(%s) and dead_at is not null and sent_at is null",
        (ids,),
    )
    raw.execute("select pg_notify('outbox', '')")
    count_dead(raw)
    return done.rowcount


def count_dead(raw: Db) -> None:
    """The alarm that shows dead letters to the operator; it goes out with the last of them."""
    raw.execute(
        "insert into alarm (kind, count, detail, since, seen_at, cleared_at)"
        " select 'outbox.dead', count(*), coalesce(string_agg(distinct channel, ', '), ''), city_now(), city_now(),"
        " case when count(*) = 0 then city_now() end from outbox where dead_at is not null and sent_at is null"
        " on conflict (kind) do update set count = excluded.count, detail = excluded.detail,"
        " since = case when alarm.cleared_at is null then alarm.since else excluded.since end,"
        " seen_at = excluded.seen_at, cleared_at = excluded.cleared_at"
    )
