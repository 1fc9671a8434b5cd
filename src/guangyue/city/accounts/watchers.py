"""Who still watches: the viewers of many open sessions at once, without touching the sessions."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import connection

from guangyue.city import clock
from guangyue.city.accounts import rules
from guangyue.city.accounts.sessions import stored_key
from guangyue.city.fetch import fetch
from guangyue.city.models import Account, BrowserSession
from guangyue.city.viewer import HELD, Held, Viewer, held_of

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["watchers"]

_SESSIONS = """
    select {s}, {a} from city_browsersession s join city_account a on a.id = s.account_id where s.session_key = any(%s)
"""
_ALL_HELD = f"""
    select h.person_id, {HELD} where h.person_id = any(%s) and h.during @> %s::timestamptz and u.closed_at is null
    order by h.person_id, u.path, h.role
"""


def watchers(keys: Iterable[str]) -> dict[str, Viewer]:
    """The viewers behind session keys, as far as the sessions live and their owners hold a role now.

    Only sessions that have passed the door with a second factor watch anything; their roles are looked up anew, so that
    whoever loses them sees nothing more.
    """
    stored = {stored_key(key): key for key in keys}
    if not stored:
        return {}
    at = clock.now()
    living: dict[str, tuple[Account, int]] = {}
    for session, account in fetch(_SESSIONS, [list(stored)], s=BrowserSession, a=Account):
        limits = rules.COUNTER if session.counter else rules.STAFF
        over = rules.end_of(
            limits, started_at=session.started_at, seen_at=session.seen_at, live_until=session.live_until, now=at
        )
        if over is None and account.is_active and account.person_id is not None:
            living[stored[session.session_key]] = account, account.person_id
    held: defaultdict[int, list[Held]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_ALL_HELD, [sorted({person for _, person in living.values()}), at])
        for person, *row in cursor.fetchall():
            held[person].append(held_of(row))
    return {
        key: Viewer(
            account_id=account.pk, person_id=person, kind=account.kind, held=tuple(held[person]),
            strong=True, at=at,
        )
        for key, (account, person) in living.items()
        if person in held
    }  # fmt: skip
