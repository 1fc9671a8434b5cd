"""Who may sign in with a password, and whose session still counts (认证后端)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import BaseBackend
from typing_extensions import override

from guangyue.city import clock
from guangyue.city.accounts import lockout
from guangyue.city.accounts.closing import disable
from guangyue.city.models.accounts import Account

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["INACTIVE_AFTER", "PasswordBackend", "is_stale", "seen"]

INACTIVE_AFTER = timedelta(days=30)
_SEEN_EVERY = timedelta(hours=1)


class PasswordBackend(BaseBackend):
    """User name and password, under the lockout; unknown names cost as much time as known ones."""

    @override
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> Account | None:
        if not username or not password:
            return None
        account = Account.objects.filter(username__iexact=username).first()
        if account is None:
            Account().set_password(password)
            return None
        now = clock.now()
        if not lockout.take_ticket(account.pk, now):
            Account().set_password(password)
            return None
        if not account.check_password(password):
            return None
        lockout.give_back(account.pk)
        if is_stale(account, now):
            disable(account, "inactive", now)
        return account if account.is_active else None

    @override
    def get_user(self, user_id: int) -> Account | None:
        """The account of a session; a disabled one has none any more."""
        account = Account.objects.filter(pk=user_id, is_active=True).first()
        if account is not None:
            seen(account)
        return account


def seen(account: Account) -> None:
    """Notes that an account is in use, once an hour."""
    now = clock.now()
    if account.last_seen_at is None or now - account.last_seen_at >= _SEEN_EVERY:
        Account.objects.filter(pk=account.pk).update(last_seen_at=now)


def is_stale(account: Account, now: datetime) -> bool:
    """Whether a staff account went unused for 30 days and must be opened again by an administrator."""
    used = max(at for at in (account.created_at, account.last_login, account.last_seen_at) if at is not None)
    return account.is_staff_account and now - used >= INACTIVE_AFTER
