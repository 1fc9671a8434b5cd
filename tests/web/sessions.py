"""A browser's session, opened as the sign-in would leave it, for tests that are about something else."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from guangyue.city.accounts.sessions import SessionStore
from guangyue.city.models import Account

__all__ = ["browser", "session_key"]


def session_key(account: Account, *, strong: bool = True) -> str:
    """The key of a new session; ``strong``: with a second factor."""
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    methods = [{"method": "password", "at": time.time(), "username": account.username}]
    if strong:
        methods.append({"method": "mfa", "at": time.time(), "type": "totp"})
    store["account_authentication_methods"] = methods
    store["account_authentication_methods_user"] = str(account.pk)
    store.create()
    return store.session_key


def browser(account: Account | None, **more: str) -> Client:
    """A client that is signed in."""
    client = Client(**more)
    if account is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = session_key(account)
    return client
