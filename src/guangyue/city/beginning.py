"""The first three people of an empty installation (三员): who opens all other accounts, who gives roles, who reads the logs.

Nobody can appoint them from inside, because nobody is inside yet; so they are made once, at the machine, and never again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from guangyue.city import clock
from guangyue.city.errors import CityError
from guangyue.city.models import Account, Agency, Person, RoleHolding, Unit
from guangyue.city.models.accounts import AccountKind
from guangyue.city.roles import AUDITOR, SECURITY_ADMIN, SYSTEM_ADMIN
from guangyue.city.units import add_unit

__all__ = ["First", "begin"]

ROLES = (SYSTEM_ADMIN, SECURITY_ADMIN, AUDITOR)


@dataclass(frozen=True, slots=True, repr=False)
class First:
    """One of the three: the account, the role, and the first password, which is handed over in person and changed."""

    username: str
    role: str
    password: str


@transaction.atomic
def begin(usernames: tuple[str, str, str]) -> tuple[First, ...]:
    """Make the government's root unit, if there is none, and the three administrators in it.

    Args:
        usernames: of the system administrator, the security administrator and the auditor, three people.

    Raises:
        CityError: ``begin.over`` where somebody has been here before; ``begin.three`` for fewer than three names.
    """
    if Account.objects.filter(kind=AccountKind.STAFF).exists():
        raise CityError("begin.over")
    if len(set(usernames)) != len(ROLES):
        raise CityError("begin.three")
    agency, _ = Agency.objects.get_or_create(
        code="government", defaults={"kind": "government", "name_zh": "市政府", "name_en": "City government"}
    )
    unit = Unit.objects.filter(agency=agency, parent=None).first() or add_unit(
        agency, "government", "市政府", level="city", parent=None
    )
    made = []
    for username, role in zip(usernames, ROLES, strict=True):
        person = Person.objects.create(number=f"A-{role}")
        password = secrets.token_urlsafe(15)
        Account.objects.create_user(username, password, person=person, kind=AccountKind.STAFF)
        during = DateTimeTZRange(clock.now() - timedelta(minutes=1), None)
        RoleHolding.objects.create(person=person, role=role, unit=unit, during=during)
        made.append(First(username, role, password))
    return tuple(made)
