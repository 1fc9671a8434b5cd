"""Whose request it is: the account that came with the session's row, checked as Django checks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from typing_extensions import override

from guangyue.city.accounts.backend import seen
from guangyue.city.accounts.sessions import SessionStore

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest

    from guangyue.city.models import Account

__all__ = ["SignedIn"]


class SignedIn(AuthenticationMiddleware):
    """Django's own, which asks for the account a second time only where the session's row does not settle it."""

    @override
    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _user(request))  # type: ignore[assignment]  # as Django's own does


def _user(request: HttpRequest) -> Account | AnonymousUser:
    session = request.session
    key = session.get(SESSION_KEY)
    account = session.account if isinstance(session, SessionStore) else None
    if (
        account is not None
        and key == str(account.pk)
        and account.is_active
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(session.get(HASH_SESSION_KEY) or "", account.get_session_auth_hash())
    ):
        seen(account)
        return account
    # Nobody, or a case with more to it: an old key, a password changed elsewhere.
    return get_user(request)
