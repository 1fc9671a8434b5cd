"""What follows when somebody has signed in or enrolled a second factor."""

# ruff: noqa: ANN401 - the frameworks' own signatures are open

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in

from guangyue.city.accounts import lockout
from guangyue.city.accounts.sessions import end_sessions

if TYPE_CHECKING:
    from django.http import HttpRequest

    from guangyue.city.models.accounts import Account

__all__ = ["connect"]


def connect() -> None:
    """Listen; called once when the application starts."""
    user_logged_in.connect(_signed_in, dispatch_uid="guangyue.city.signed_in")
    authenticator_added.connect(_enrolled, dispatch_uid="guangyue.city.enrolled")


def _signed_in(sender: object, user: Account, **_: Any) -> None:  # noqa: ARG001 - Django's signature
    """The sign-in is complete: the failures before it are forgotten."""
    lockout.clear(user.pk)


def _enrolled(sender: object, request: HttpRequest, user: Account, authenticator: Authenticator, **_: Any) -> None:  # noqa: ARG001 - Django's signature
    """Enrolling proves possession (a right code, or the key's signature), so this session counts as strong.

    Other sessions of the account, opened before without it, end.
    """
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
        end_sessions(user.pk, but=request.session.session_key)
