"""API tokens: a program's own key, with named scopes and an end (接口令牌).

A token reads ``gy_<name>_<secret>``: the name is public, the secret has 256 random bits and is kept as its SHA-256 (a
slow hash protects guessable secrets; this one is not). It is shown once.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from django.db import connection

from guangyue.city import clock
from guangyue.city.errors import CityError
from guangyue.city.models.accounts import Account
from guangyue.city.models.sessions import ApiToken

__all__ = ["LONGEST", "find_token", "issue_token", "revoke_token"]

LONGEST = timedelta(days=366)
_PREFIX = "gy"
_SHAPE = re.compile(r"gy_([0-9a-f]{12})_([A-Za-z0-9_-]{43})", re.ASCII)
_SCOPE = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)*:(read|write)", re.ASCII)
_USED_EVERY = timedelta(minutes=1)
_TOKEN = [field.attname for field in ApiToken._meta.concrete_fields]
_ACCOUNT = [field.attname for field in Account._meta.concrete_fields]
_BOTH = f"""
    select {", ".join(f"t.{c}" for c in _TOKEN)}, {", ".join(f"a.{c}" for c in _ACCOUNT)}
    from {ApiToken._meta.db_table} t join {Account._meta.db_table} a on a.id = t.account_id where t.name = %s
"""  # noqa: S608 - our own columns and tables


def issue_token(account: Account, label: str, scopes: frozenset[str], expires_at: datetime) -> tuple[ApiToken, str]:
    """A new token and its full text, which nobody can see again.

    Args:
        account: whose rights it has, as far as its scopes go.
        label: what it is for.
        scopes: e.g. ``evidence:write``, ``streets.parking:read``.
        expires_at: at most `LONGEST` ahead.

    Raises:
        CityError: ``token.scopes``, ``token.expiry``, ``token.account``.
    """
    now = clock.now()
    if not scopes or not all(_SCOPE.fullmatch(scope) for scope in scopes):
        raise CityError("token.scopes")
    if not now < expires_at <= now + LONGEST:
        raise CityError("token.expiry", days=LONGEST.days)
    if not account.is_active:
        raise CityError("token.account")
    name, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        name=name,
        label=label,
        account=account,
        digest=_digest(secret),
        scopes=sorted(scopes),
        created_at=now,
        expires_at=expires_at,
    )
    return token, f"{_PREFIX}_{name}_{secret}"


def find_token(text: str) -> ApiToken | None:
    """The valid token of a text: known, not expired, not revoked, its account open. Anything else is None."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        return None
    now = clock.now()
    token = _named(shape[1])
    if token is None or not hmac.compare_digest(bytes(token.digest), _digest(shape[2])):
        return None
    if token.revoked_at is not None or token.expires_at <= now or not token.account.is_active:
        return None
    if token.last_used_at is None or now - token.last_used_at >= _USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        Account.objects.filter(pk=token.account_id).update(last_seen_at=now)
    return token


def _named(name: str) -> ApiToken | None:
    """A token and its account. Every request of a program asks; composing the query anew would take longer than answering it."""
    with connection.cursor() as cursor:
        cursor.execute(_BOTH, [name])
        row = cursor.fetchone()
    if row is None:
        return None
    token = ApiToken.from_db(connection.alias, _TOKEN, row[: len(_TOKEN)])
    token.account = Account.from_db(connection.alias, _ACCOUNT, row[len(_TOKEN) :])
    return token


def revoke_token(token: ApiToken) -> None:
    """End a token now."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now())


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("ascii")).digest()
