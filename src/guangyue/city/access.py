"""The only way to an object of the city: each function takes the viewer and refuses by default.

What is absent and what is forbidden look the same (`NotVisibleError`), so nobody learns what exists by asking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model, Q, QuerySet

from guangyue.city.errors import NotVisibleError
from guangyue.city.models import Account, Block, Device, Person, Place, RoleHolding, Shift, Unit
from guangyue.city.roles import AUDITOR, SECURITY_ADMIN, SYSTEM_ADMIN

if TYPE_CHECKING:
    from guangyue.city.viewer import Viewer

__all__ = [
    "access_account",
    "access_device",
    "access_person",
    "access_unit",
    "visible_accounts",
    "visible_blocks",
    "visible_devices",
    "visible_holdings",
    "visible_people",
    "visible_places",
    "visible_shifts",
    "visible_units",
]

_Row = TypeVar("_Row", bound=Model)


def visible_units(viewer: Viewer) -> QuerySet[Unit]:
    """The tree of units: anybody who holds any role sees who is who in the city."""
    return Unit.objects.all() if viewer.held else Unit.objects.none()


def access_unit(viewer: Viewer, code: str) -> Unit:
    """A unit by code.

    Raises:
        NotVisibleError: absent or not for this viewer.
    """
    return _one(visible_units(viewer).filter(code=code))


def visible_people(viewer: Viewer) -> QuerySet[Person]:
    """Oneself, and the people who hold a role within the viewer's reach; the administrators of accounts see all staff.

    People without any role (citizens) are seen through their matters only, never through a list.
    """
    own = Q(pk=viewer.person_id) if viewer.person_id is not None else Q(pk__in=[])
    staff = RoleHolding.objects.filter(during__contains=viewer.at) if viewer.held else RoleHolding.objects.none()
    if not viewer.holds(SYSTEM_ADMIN, SECURITY_ADMIN):
        staff = staff.filter(_in_reach(viewer, "unit__path"))
    return Person.objects.filter(own | Q(pk__in=staff.values("person")))


def access_person(viewer: Viewer, person_id: int) -> Person:
    """A person by key; personal values in it still ask for a purpose.

    Raises:
        NotVisibleError: absent or not for this viewer.
    """
    return _one(visible_people(viewer).filter(pk=person_id))


def visible_holdings(viewer: Viewer) -> QuerySet[RoleHolding]:
    """Who holds what: one's own; within reach; all for the security administrator and the auditor."""
    if viewer.holds(SECURITY_ADMIN, AUDITOR):
        return RoleHolding.objects.all()
    own = Q(person=viewer.person_id) if viewer.person_id is not None else Q(pk__in=[])
    return RoleHolding.objects.filter(own | _in_reach(viewer, "unit__path"))


def visible_accounts(viewer: Viewer) -> QuerySet[Account]:
    """One's own account; all for the system and the security administrator."""
    if viewer.holds(SYSTEM_ADMIN, SECURITY_ADMIN):
        return Account.objects.all()
    return Account.objects.filter(pk=viewer.account_id) if viewer.account_id is not None else Account.objects.none()


def access_account(viewer: Viewer, username: str) -> Account:
    """An account by user name.

    Raises:
        NotVisibleError: absent or not for this viewer.
    """
    return _one(visible_accounts(viewer).filter(username__iexact=username))


def visible_devices(viewer: Viewer) -> QuerySet[Device]:
    """Devices one carries, and those of units within reach; all for the system administrator."""
    if viewer.holds(SYSTEM_ADMIN):
        return Device.objects.all()
    carried = Q(holder=viewer.person_id) if viewer.person_id is not None and viewer.held else Q(pk__in=[])
    return Device.objects.filter(carried | _in_reach(viewer, "unit__path"))


def access_device(viewer: Viewer, serial: str) -> Device:
    """A device by serial number.

    Raises:
        NotVisibleError: absent or not for this viewer.
    """
    return _one(visible_devices(viewer).filter(serial=serial))


def visible_shifts(viewer: Viewer) -> QuerySet[Shift]:
    """One's own shifts, and those of units within reach."""
    own = Q(person=viewer.person_id) if viewer.person_id is not None else Q(pk__in=[])
    return Shift.objects.filter(own | _in_reach(viewer, "unit__path"))


def visible_blocks(viewer: Viewer) -> QuerySet[Block]:
    """Boundaries: for anybody who holds a role."""
    return Block.objects.all() if viewer.held else Block.objects.none()


def visible_places(viewer: Viewer) -> QuerySet[Place]:
    """Named places: for anybody who holds a role."""
    return Place.objects.all() if viewer.held else Place.objects.none()


def _in_reach(viewer: Viewer, column: str) -> Q:
    """The rows whose unit a holding of the viewer reaches; none without one."""
    reach = Q(pk__in=[])
    for held in viewer.held:
        reach |= Q(**{f"{column}__startswith": held.path}) if held.below else Q(**{column: held.path})
    return reach


def _one(rows: QuerySet[_Row]) -> _Row:
    found = rows.first()
    if found is None:
        raise NotVisibleError
    return found
