"""Since when a person's observations are believed: the first sign-in of the shift (当班首次登录).

A session ends after fifteen idle minutes, and a phone in a cellar is idle for hours. What its officer photographed there
is still evidence, bounded by the sign-in that began the shift, the photographs' own times, and the receipt.
"""

# ruff: noqa: ANN401 - the framework's own signature is open

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.signals import user_logged_in
from django.db.models import Min

from guangyue.city import clock
from guangyue.city.accounts.rules import STAFF
from guangyue.web.models import SignIn

if TYPE_CHECKING:
    from guangyue.city.models import Account

__all__ = ["connect", "signed_in_at"]


def connect() -> None:
    """Listen; called once when the application starts."""
    user_logged_in.connect(_signed_in, dispatch_uid="guangyue.web.signed_in")


def signed_in_at(account_id: int | None) -> datetime | None:
    """The first sign-in within the longest session there can be; None when there was none (a token, a machine)."""
    if account_id is None:
        return None
    since = clock.now() - STAFF.whole
    found: datetime | None = SignIn.objects.filter(account=account_id, at__gte=since).aggregate(at=Min("at"))["at"]
    return found


def _signed_in(sender: object, user: Account, **_: Any) -> None:  # noqa: ARG001 - Django's signature
    now = clock.now()
    SignIn.objects.filter(account=user, at__lt=now - STAFF.whole).delete()
    SignIn.objects.create(account=user, at=now)
