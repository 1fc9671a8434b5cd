"""What the three administrators do; an act is checked, done and written down in one transaction (三员管理).

- the *system* administrator opens and closes accounts and resets what a person lost;
- the *security* administrator grants and ends roles, unlocks;
- the *audit* administrator reads what the two did, and changes nothing.

Nobody acts on an account of their own.
"""

# ruff: noqa: ANN401 - the frameworks' own signatures are open

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from guangyue.city import clock
from guangyue.city.access import visible_accounts
from guangyue.city.accounts import closing, lockout
from guangyue.city.accounts.sessions import end_sessions
from guangyue.city.errors import CityError, NotVisibleError
from guangyue.city.models import Account, Person, RoleHolding, Unit
from guangyue.city.models.accounts import AccountKind
from guangyue.city.models.acts import AdministrativeAct
from guangyue.city.roles import AUDITOR, SECURITY_ADMIN, SYSTEM_ADMIN

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from guangyue.city.viewer import Viewer

__all__ = [
    "disable_account",
    "enable_account",
    "end_role",
    "grant_role",
    "open_account",
    "read_acts",
    "reset_factors",
    "unlock_account",
]


@transaction.atomic
def open_account(
    viewer: Viewer, person: Person | None, username: str, password: str | None, *, kind: AccountKind = AccountKind.STAFF
) -> Account:
    """Open an account (system administrator). The first password is handed over in person.

    Raises:
        CityError: ``access.role``, or ``account.person`` (this person has one already, or none is given for staff).
    """
    _require(viewer, SYSTEM_ADMIN)
    if (person is None) != (kind == AccountKind.KIOSK):
        raise CityError("account.person")
    if person is not None and Account.objects.filter(person=person).exists():
        raise CityError("account.person")
    account = Account.objects.create_user(username, password, person=person, kind=kind)
    _note(viewer, "account.open", account)
    return account


@transaction.atomic
def disable_account(viewer: Viewer, account: Account, reason: str = "ordered") -> None:
    """Disable an account: sessions and tokens end at once (system or security administrator)."""
    account = _other(viewer, account, SYSTEM_ADMIN, SECURITY_ADMIN)
    closing.disable(account, reason, clock.now())
    _note(viewer, "account.disable", account, reason=reason)


@transaction.atomic
def enable_account(viewer: Viewer, account: Account) -> None:
    """Open a disabled account again (system administrator)."""
    account = _other(viewer, account, SYSTEM_ADMIN)
    closing.enable(account, clock.now())
    _note(viewer, "account.enable", account)


@transaction.atomic
def reset_factors(viewer: Viewer, account: Account, password: str) -> None:
    """Take away lost second factors and set a new first password (system administrator); sessions end."""
    account = _other(viewer, account, SYSTEM_ADMIN)
    Authenticator.objects.filter(user=account).delete()
    account.set_password(password)
    account.password_changed_at = clock.now()
    account.save(update_fields=["password", "password_changed_at"])
    end_sessions(account.pk)
    _note(viewer, "account.reset", account)


@transaction.atomic
def unlock_account(viewer: Viewer, account: Account) -> None:
    """Lift a lockout early (security administrator)."""
    account = _other(viewer, account, SECURITY_ADMIN)
    lockout.clear(account.pk)
    _note(viewer, "account.unlock", account)


@transaction.atomic
def grant_role(
    viewer: Viewer,
    person: Person,
    role: str,
    unit: Unit,
    *,
    since: datetime,
    until: datetime | None = None,
    below: bool = False,
    certificate: str = "",
) -> RoleHolding:
    """Grant a role (security administrator).

    Raises:
        CityError: ``access.role``, ``access.own`` (nobody grants to themselves), ``role.period``, ``role.twice`` (held
            already in this time), ``role.administrators`` (another of the three is held in this time).
    """
    _require(viewer, SECURITY_ADMIN)
    if person.pk == viewer.person_id:
        raise CityError("access.own")
    if until is not None and until <= since:
        raise CityError("role.period")
    try:
        with transaction.atomic():
            holding = RoleHolding.objects.create(
                person=person,
                role=role,
                unit=unit,
                during=DateTimeTZRange(since, until),
                below=below,
                certificate=certificate,
                granted_by_id=viewer.person_id,
                granted_at=clock.now(),
            )
    except IntegrityError as refused:
        if "city_holding_one_administrator" in str(refused):
            raise CityError("role.administrators", role=role) from None
        if "city_holding_once" in str(refused):
            raise CityError("role.twice", role=role) from None
        raise
    _note(viewer, "role.grant", holding.person, role=role, unit=unit.code, below=below)
    return holding


@transaction.atomic
def end_role(viewer: Viewer, holding: RoleHolding, at: datetime) -> None:
    """End a role from an instant on (security administrator); what was held before stays on record.

    A role that has not begun by then is removed.

    Raises:
        CityError: ``access.role``, ``access.own``, ``role.period`` (it had ended before).
    """
    _require(viewer, SECURITY_ADMIN)
    holding = RoleHolding.objects.select_for_update().get(pk=holding.pk)
    if holding.person_id == viewer.person_id:
        raise CityError("access.own")
    start, end = holding.during.lower, holding.during.upper
    if end is not None and end <= at:
        raise CityError("role.period")
    _note(viewer, "role.end", holding.person, role=holding.role, at=at.isoformat())
    if start is not None and start >= at:
        holding.delete()
        return
    holding.during = DateTimeTZRange(start, at)
    holding.ended_by_id = viewer.person_id
    holding.save(update_fields=["during", "ended_by"])


def read_acts(viewer: Viewer) -> QuerySet[AdministrativeAct]:
    """What administrators did, newest first (audit administrator)."""
    _require(viewer, AUDITOR)
    return AdministrativeAct.objects.order_by("-at", "-pk")


def _require(viewer: Viewer, *roles: str) -> None:
    if not (viewer.strong and viewer.holds(*roles)):
        raise CityError("access.role")


def _other(viewer: Viewer, account: Account, *roles: str) -> Account:
    """The account, locked for the change, if the viewer may and it is somebody else's."""
    _require(viewer, *roles)
    if account.pk == viewer.account_id:
        raise CityError("access.own")
    found = visible_accounts(viewer).select_for_update().filter(pk=account.pk).first()
    if found is None:
        raise NotVisibleError
    return found


def _note(viewer: Viewer, act: str, about: Account | Person, **details: Any) -> None:
    if viewer.account_id is None:
        raise CityError("access.nobody")
    AdministrativeAct.objects.create(
        actor_id=viewer.account_id,
        act=act,
        object=f"{type(about).__name__.lower()}:{about.pk}",
        details=details,
        at=clock.now(),
    )
