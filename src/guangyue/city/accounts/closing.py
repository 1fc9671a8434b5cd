"""Disabling an account: its sessions and tokens end in the same transaction (停用账号)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest

from guangyue.city.accounts.sessions import end_sessions
from guangyue.city.models.accounts import Account, AccountKind

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["disable", "disable_stale", "enable"]


@transaction.atomic
def disable(account: Account, reason: str, at: datetime) -> None:
    """Disable an account now.

    Args:
        account: changed in place as well.
        reason: a stable code: ``inactive``, ``left``, ``ordered``.
        at: the real time.
    """
    account.is_active, account.disabled_at, account.disabled_for = False, at, reason
    account.save(update_fields=["is_active", "disabled_at", "disabled_for"])
    account.tokens.filter(revoked_at=None).update(revoked_at=at)
    end_sessions(account.pk)


def enable(account: Account, at: datetime) -> None:
    """Open a disabled account again; sessions and tokens do not come back."""
    account.is_active, account.disabled_at, account.disabled_for, account.last_seen_at = True, None, "", at
    account.save(update_fields=["is_active", "disabled_at", "disabled_for", "last_seen_at"])


def disable_stale(now: datetime) -> int:
    """Disable every staff account unused for 30 days; run daily. Returns how many."""
    from guangyue.city.accounts.backend import INACTIVE_AFTER

    last_used = Greatest("created_at", Coalesce("last_login", "created_at"), Coalesce("last_seen_at", "created_at"))
    stale = Account.objects.annotate(used=last_used).filter(
        Q(kind=AccountKind.STAFF, is_active=True, used__lte=now - INACTIVE_AFTER)
    )
    found = list(stale)
    for account in found:
        disable(account, "inactive", now)
    return len(found)
