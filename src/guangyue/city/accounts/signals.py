"""What follows when somebody has signed in or enrolled a second factor."""

# ruff: noqa: ANN401 - the frameworks' own signatures are open

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from guangyue.city.accounts import lockout
from guangyue.city.accounts.sessions import end_sessions
from guangyue.city.models.accounts import Account

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["connect"]

log = structlog.get_logger()


def connect() -> None:
    """Listen; called once when the application starts."""
    user_logged_in.connect(_signed_in, dispatch_uid="guangyue.city.signed_in")
    user_login_failed.connect(_refused, dispatch_uid="guangyue.city.refused")
    user_logged_out.connect(_signed_out, dispatch_uid="guangyue.city.signed_out")
    authenticator_added.connect(_enrolled, dispatch_uid="guangyue.city.enrolled")


def _signed_in(sender: object, user: Account, **_: Any) -> None:  # noqa: ARG001 - Django's signature
    """The sign-in is complete: the failures before it are forgotten."""
    lockout.clear(user.pk)
    log.info("account.signed_in", account=user.pk)


def _refused(sender: object, credentials: dict[str, Any], **_: Any) -> None:  # noqa: ARG001 - Django's signature
    """A wrong password (ASVS 16.3.1). What was typed as a name is not repeated: people type passwords there."""
    named = Account.objects.filter(username=str(credentials.get("username", ""))).values_list("pk", flat=True)
    log.warning("account.refused", account=next(iter(named), None))


def _signed_out(sender: object, user: Account | None, **_: Any) -> None:  # noqa: ARG001 - Django's signature
    """The session was ended by its owner."""
    if user is not None:
        log.info("account.signed_out", account=user.pk)


def _enrolled(sender: object, request: HttpRequest, user: Account, authenticator: Authenticator, **_: Any) -> None:  # noqa: ARG001 - Django's signature
    """Enrolling proves possession (a right code, or the key's signature), so this session counts as strong.

    Other sessions of the account, opened before without it, end.
    """
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
        end_sessions(user.pk, but=request.session.session_key)
