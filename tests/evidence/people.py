"""People who hand things in, and the tokens their programs carry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from guangyue.city import clock
from guangyue.city.accounts.tokens import issue_token
from guangyue.city.models import Account, Person

__all__ = ["account", "token"]

START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def account(name: str) -> Account:
    person = Person.objects.create(number=f"P-{name}")
    return Account.objects.create_user(name, person=person, created_at=START, last_seen_at=START)


def token(holder: Account, *scopes: str) -> dict[str, str]:
    _, text = issue_token(holder, "test", frozenset(scopes), clock.now() + timedelta(days=1))
    return {"Authorization": f"Bearer {text}"}
