"""The session engine: the limits are kept where a session is loaded, so no page can forget them.

Settings: ``SESSION_ENGINE = "guangyue.city.accounts.sessions"``. The key in the cookie has 160 random bits; the table
holds its SHA-256. A session that was ended cannot come back: saving it fails.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import DatabaseError, IntegrityError, transaction
from typing_extensions import override

from guangyue.city import clock
from guangyue.city.accounts import rules
from guangyue.city.fetch import fetch

if TYPE_CHECKING:
    from guangyue.city.models import Account, BrowserSession

__all__ = ["SessionStore", "end_sessions", "hold_for_call", "stored_key"]

TOUCH_EVERY = timedelta(seconds=20)
"""A request moves `seen_at` on only after this long: one write a page at most, and the idle limit exact to it."""
LONGEST_HOLD = timedelta(minutes=10)
"""How far ahead one heartbeat of a live call may hold a session open."""

_ROW = """
    select {s}, {a} from city_browsersession s left join city_account a on a.id = s.account_id where s.session_key = %s
"""


def stored_key(session_key: str) -> str:
    """The session's primary key: the SHA-256 of the key in the cookie."""
    return hashlib.sha256(session_key.encode()).hexdigest()


class SessionStore(SessionBase):
    """A session in the table ``city_browsersession``."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.ended: rules.SessionEnd | None = None
        """Why the session given by the cookie is over, for the sign-in page to say."""
        self.unattended = False
        """Asked for by a page by itself, with nobody's hand on it: that keeps no session alive."""
        self.account: Account | None = None
        """Whose session was loaded."""

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        """The table (imported late: Django loads this module before its models)."""
        from guangyue.city.models import BrowserSession

        return BrowserSession

    @override
    def load(self) -> dict[str, Any]:
        row = self._row()
        if row is None:
            self._session_key = None
            return {}
        now = clock.now()
        self.ended = _ended(row, now)
        if self.ended is not None:
            row.delete()
            self._session_key = None
            return {}
        self.account = row.account
        if not self.unattended and now - row.seen_at >= TOUCH_EVERY:
            self.get_model_class().objects.filter(pk=row.pk).update(seen_at=now)
        return self.decode(row.session_data)

    @override
    def exists(self, session_key: str) -> bool:
        return self.get_model_class().objects.filter(pk=stored_key(session_key)).exists()

    @override
    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # Django's own protocol
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    @override
    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # Django's own protocol
        values = {
            "session_data": self.encode(data),
            "expire_date": clock.now() + rules.STAFF.whole,
            "account_id": _account_of(data),
            "counter": bool(data.get("counter")),
        }
        model, key = self.get_model_class(), stored_key(self.session_key)
        try:
            with transaction.atomic():
                if must_create:
                    model.objects.create(session_key=key, started_at=clock.now(), seen_at=clock.now(), **values)
                elif not model.objects.filter(pk=key).update(**values):
                    raise UpdateError
        except IntegrityError:
            if must_create:
                raise CreateError from None
            raise
        except DatabaseError:
            if not must_create:
                raise UpdateError from None
            raise
        return None

    @override
    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            self.get_model_class().objects.filter(pk=stored_key(key)).delete()

    @classmethod
    @override
    def clear_expired(cls) -> None:
        """Remove sessions nobody can load any more."""
        cls.get_model_class().objects.filter(expire_date__lt=clock.now()).delete()

    def _row(self) -> BrowserSession | None:
        if self.session_key is None:
            return None
        from guangyue.city.models import Account

        found = fetch(_ROW, [stored_key(self.session_key)], s=self.get_model_class(), a=Account)
        if not found:
            return None
        row: BrowserSession = found[0][0]
        row.account = found[0][1]
        return row


def end_sessions(account_id: int, *, but: str | None = None) -> int:
    """End every session of an account, at once; `but` is the session key to keep. Returns how many ended."""
    rows = SessionStore.get_model_class().objects.filter(account_id=account_id)
    if but is not None:
        rows = rows.exclude(pk=stored_key(but))
    return rows.delete()[0]


def hold_for_call(session: SessionBase, until: datetime) -> None:
    """Hold a session open for a live call; the call desk's heartbeat repeats it.

    Args:
        session: the request's session.
        until: at most `LONGEST_HOLD` ahead; more is cut.
    """
    if session.session_key is not None:
        latest = min(until, clock.now() + LONGEST_HOLD)
        SessionStore.get_model_class().objects.filter(pk=stored_key(session.session_key)).update(live_until=latest)


def _ended(row: BrowserSession, now: datetime) -> rules.SessionEnd | None:
    account = row.account
    if account is not None and not account.is_active:
        return rules.SessionEnd.DISABLED
    match account.kind if account is not None else "citizen":
        case "kiosk":
            limits = rules.KIOSK
        case "staff":
            limits = rules.COUNTER if row.counter else rules.STAFF
        case _:
            limits = rules.CITIZEN
    return rules.end_of(limits, started_at=row.started_at, seen_at=row.seen_at, live_until=row.live_until, now=now)


def _account_of(data: dict[str, Any]) -> int | None:
    from django.contrib.auth import SESSION_KEY

    given = data.get(SESSION_KEY)
    return int(given) if given is not None else None
