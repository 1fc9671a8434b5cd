"""Who looks: an account with the roles its person holds right now (访问者)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from guangyue.city import clock
from guangyue.city.errors import CityError
from guangyue.city.models.accounts import Account
from guangyue.city.personal.purpose import Purpose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpRequest

__all__ = ["HELD", "NOBODY", "Held", "Viewer", "held_of", "viewer_for", "viewer_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One role held now, with its scope."""

    role: str
    agency: str
    agency_code: str
    level: str
    unit_id: int
    unit_code: str
    path: str
    below: bool
    certificate: str

    def reaches(self, path: str) -> bool:
        """Whether the holding's scope contains a unit's path."""
        return path.startswith(self.path) if self.below else path == self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Everything access is decided on. Built anew for each request, so a change of roles acts at once.

    Attributes:
        account_id: None for nobody.
        kind: ``staff``, ``citizen``, ``kiosk`` or ``nobody``.
        held: the roles held at `at`; empty without a second factor.
        strong: whether this session or token was opened with a second factor.
        scopes: what a token allows; None for a browser, which has no such limit.
        at: the instant roles were looked up for.
    """

    account_id: int | None = None
    person_id: int | None = None
    kind: str = "nobody"
    held: tuple[Held, ...] = ()
    strong: bool = False
    scopes: frozenset[str] | None = None
    at: datetime | None = None

    def roles(self) -> frozenset[str]:
        """The codes of the roles held."""
        return frozenset(held.role for held in self.held)

    def holds(self, *roles: str) -> bool:
        """Whether any of these roles is held, anywhere."""
        return any(held.role in roles for held in self.held)

    def reaches(self, path: str, *roles: str) -> bool:
        """Whether a role held (one of these, or any) has the unit of a path in its scope."""
        return any(held.reaches(path) for held in self.held if not roles or held.role in roles)

    def allows(self, scope: str) -> bool:
        """Whether the token allows a scope; a browser allows all that roles do."""
        return self.scopes is None or scope in self.scopes

    def require(self, scope: str) -> None:
        """Raise CityError ``access.scope`` unless the token allows a scope."""
        if not self.allows(scope):
            raise CityError("access.scope", scope=scope)

    def purpose(self, reason: str, *, basis: str = "", matter: str = "") -> Purpose:
        """The purpose of this viewer's reading of a personal value.

        Raises:
            CityError: ``access.nobody``: nobody reads nothing.
        """
        if self.account_id is None:
            raise CityError("access.nobody")
        return Purpose(reader=f"account:{self.account_id}", reason=reason, basis=basis, matter=matter)


NOBODY = Viewer()
"""Somebody who has not signed in."""
HELD = """
    h.role, a.kind, a.code, u.level, u.id, u.code, u.path, h.below, h.certificate
    from city_roleholding h join city_unit u on u.id = h.unit_id join city_agency a on a.id = u.agency_id
"""
"""Columns and tables of roles held."""
_HELD = f"""
    select {HELD} where h.person_id = %s and h.during @> %s::timestamptz and u.closed_at is null order by u.path, h.role
"""


def held_of(row: Sequence[Any]) -> Held:
    """A role held, from a row of `HELD`."""
    role, agency, agency_code, level, unit_id, unit_code, path, below, certificate = row
    return Held(
        role=role, agency=agency, agency_code=agency_code, level=level, unit_id=unit_id, unit_code=unit_code, path=path,
        below=below, certificate=certificate,
    )  # fmt: skip


def viewer_for(account: Account, *, at: datetime, strong: bool, scopes: frozenset[str] | None = None) -> Viewer:
    """The viewer an account is at an instant, in one query.

    Staff without a second factor hold nothing: every access function then refuses by itself.
    """
    if not account.is_active:
        return NOBODY
    held: tuple[Held, ...] = ()
    if account.person_id is not None and (strong or not account.is_staff_account):
        with connection.cursor() as cursor:
            cursor.execute(_HELD, [account.person_id, at])
            held = tuple(held_of(row) for row in cursor.fetchall())
    return Viewer(
        account_id=account.pk,
        person_id=account.person_id,
        kind=account.kind,
        held=held,
        strong=strong,
        scopes=scopes,
        at=at,
    )


def viewer_of(request: HttpRequest, *, at: datetime | None = None) -> Viewer:
    """The viewer behind a request: a bearer token where one is given, else the browser's session.

    A request that gives a token stands on it alone: a bad token beside a good cookie is nobody.

    Args:
        request: the request.
        at: the city's time; the real time when it is not given.
    """
    from guangyue.city.accounts.door import is_strong
    from guangyue.city.accounts.tokens import find_token

    now = clock.now() if at is None else at
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        token = find_token(given.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            return NOBODY
        # Issuing a token took a second factor; the token is its owner's strong session, narrowed to its scopes.
        return viewer_for(token.account, at=now, strong=True, scopes=frozenset(token.scopes))
    account = request.user
    if not isinstance(account, Account):
        return NOBODY
    return viewer_for(account, at=now, strong=is_strong(request))
