"""The demo city into the database: agencies, units, staff with logins, cars and their owners, blocks, addresses.

Safe to repeat: what is there is left alone, and once the whole edition is in, a look at one row is all it costs.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from guangyue.city import clock
from guangyue.city.geo.cover import point_cell
from guangyue.city.geo.position import Position
from guangyue.city.models import Account, Address, Agency, Block, Person, Place, RoleHolding, Unit
from guangyue.city.models.accounts import AccountKind
from guangyue.city.personal.installed import vault
from guangyue.city.places import add_block, plain_address
from guangyue.city.units import add_unit
from guangyue.demo.city.agencies import AGENCIES, UNITS
from guangyue.demo.city.duty import post_duty
from guangyue.demo.city.staff import CITIZENS, PASSWORD, STAFF, TOTP_SECRET, Member
from guangyue.demo.city.whole import demo_city
from guangyue.links.models import RegisterCopy, Vehicle

if TYPE_CHECKING:
    from datetime import datetime

    from guangyue.demo.city.model import City

__all__ = ["EDITION", "Loaded", "code_now", "is_loaded", "load"]

EDITION = "2026-11-22.3"
"""Raised whenever the loader or what it loads changes."""
REGISTER = "demo-city"
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is in the database now; ``fresh`` when this call brought it in."""

    fresh: bool
    staff: int
    vehicles: int


def load(city: City | None = None) -> Loaded:
    """Bring the demo city into the database, or what is missing of it.

    Args:
        city: another one than the usual; for tests.
    """
    name = _edition(city)
    kept = RegisterCopy.objects.filter(name=REGISTER, edition=name).first()
    if kept is None:
        city = city or demo_city()
        _load(city)
        RegisterCopy.objects.update_or_create(
            name=REGISTER, defaults={"edition": name, "rows": len(city.drivers), "taken_at": clock.now()}
        )
    _keep_open()
    post_duty()
    return Loaded(kept is None, len(STAFF), Vehicle.objects.count())


def is_loaded() -> bool:
    """Whether this edition of the usual city is in the database, whole."""
    return RegisterCopy.objects.filter(name=REGISTER, edition=_edition(None)).exists()


def code_now(at: float | None = None) -> str:
    """The one-time code of the demo logins at a moment (RFC 6238, SHA-1, 30 seconds, six digits)."""
    counter = struct.pack(">Q", int(time.time() if at is None else at) // 30)
    mac = hmac.new(base64.b32decode(TOTP_SECRET), counter, hashlib.sha1).digest()
    start = mac[-1] & 15
    value = struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFFFFFF
    return f"{value % 1_000_000:06}"


def _edition(city: City | None) -> str:
    return f"{EDITION} {f'{city.seed}/{len(city.residents)}' if city else 'usual'}"


def _load(city: City) -> None:
    now = clock.now()
    units = _units()
    _staff(units, now)
    _residents(city)
    _citizens(city, now)
    _areas(city, units)
    _addresses(city)


def _units() -> dict[str, Unit]:
    agencies = {
        code: Agency.objects.get_or_create(code=code, defaults={"kind": str(kind), "name_zh": zh, "name_en": en})[0]
        for code, kind, zh, en in AGENCIES
    }
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=[p.code for p in UNITS])}
    for plan in UNITS:
        if plan.code not in units:
            units[plan.code] = add_unit(
                agencies[plan.agency], plan.code, plan.name_zh, level=str(plan.level), name_en=plan.name_en,
                parent=units[plan.parent] if plan.parent else None,
            )  # fmt: skip
    return units


def _staff(units: dict[str, Unit], now: datetime) -> None:
    # Slow on purpose for one password, and this is one password.
    password = make_password(PASSWORD)
    since = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=365)
    for n, member in enumerate(STAFF, 1):
        person, new = Person.objects.get_or_create(number=f"S{n:03}", defaults={"name": member.name})
        if new:
            places = (member.unit, *member.also)
            RoleHolding.objects.bulk_create(
                _holding(person, member, role, units[place], since) for role in member.roles for place in places
            )
        _account(member.login, person, AccountKind.STAFF, password, now)


def _holding(person: Person, member: Member, role: str, unit: Unit, since: datetime) -> RoleHolding:
    return RoleHolding(
        person=person,
        role=str(role),
        unit=unit,
        below=member.below,
        during=DateTimeTZRange(since, None),
        certificate=f"光执-{person.number}" if member.certificate else "",
        granted_at=since,
    )


def _account(login: str, person: Person, kind: AccountKind, password: str, now: datetime) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP

    account, new = Account.objects.get_or_create(
        username=login, defaults={"person": person, "kind": kind, "password": password, "password_changed_at": now}
    )
    if kind == AccountKind.STAFF and (
        new or not Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()
    ):
        TOTP.activate(account, TOTP_SECRET)


def _residents(city: City) -> None:
    """The drivers: an installation holds no personal data of people nothing has to be sent to."""
    known = set(Person.objects.filter(number__startswith="R").values_list("number", flat=True))
    fresh = [r for r in city.drivers if r.number not in known]
    for start in range(0, len(fresh), BATCH):
        some = fresh[start : start + BATCH]
        # Inside a transaction a data key is looked up for every value; known before, it is looked up once.
        vault().unwrap(vault().keys.current())
        people = [Person(number=r.number, name=r.name, phone=r.phone) for r in some]
        with transaction.atomic():
            Person.objects.bulk_create(people)
            Vehicle.objects.bulk_create(
                Vehicle(
                    plate=r.car.plate, plate_kind=r.car.kind, vehicle=r.car.vehicle, colour=r.car.colour, owner=person
                )
                for person, r in zip(people, some, strict=True)
                if r.car  # all of them
            )  # fmt: skip


def _citizens(city: City, now: datetime) -> None:
    """The first drivers, with an account of the portal."""
    password = make_password(PASSWORD)
    for n, driver in enumerate(city.drivers[:CITIZENS], 1):
        _account(f"citizen{n}", Person.objects.get(number=driver.number), AccountKind.CITIZEN, password, now)


def _areas(city: City, units: dict[str, Unit]) -> None:
    for n, county in enumerate(city.counties, 1):
        block = add_block("county", county.code, county.name_zh, county.area, name_en=county.name_en)
        Block.objects.filter(pk=block.pk).update(unit=units[f"PS-{n:02}"])
    for area in city.blocks:
        block = add_block("night", area.code, area.name_zh, area.area, name_en=area.name_en)
        Block.objects.filter(pk=block.pk).update(unit=units["PS-01"])


def _addresses(city: City) -> None:
    """A standard address every stretch of street, and the places where cars are left."""
    rows = []
    numbers: dict[str, int] = {}
    for n, street in enumerate(city.streets, 1):
        middle = street.line.interpolate(0.5, normalized=True)
        house = numbers[street.name_zh] = numbers.get(street.name_zh, -1) + 2
        text = f"{street.name_zh}{house}号"
        at = Position(lat=round(middle.y, 6), lon=round(middle.x, 6))
        rows.append(
            Address(code=f"D{n:05}", text=text, plain=plain_address(text), lat=at.lat, lon=at.lon, cell=point_cell(at))
        )
    Address.objects.bulk_create(rows, ignore_conflicts=True)
    places = []
    for n, spot in enumerate(city.spots, 1):
        at = Position(lat=spot.position[1], lon=spot.position[0])
        places.append(
            Place(
                code=f"SPOT{n:02}", kind=spot.kind, name_zh=spot.name_zh, name_en=spot.name_en, address=spot.street,
                lat=at.lat, lon=at.lon, cell=point_cell(at),
            )
        )  # fmt: skip
    Place.objects.bulk_create(places, ignore_conflicts=True)


def _keep_open() -> None:
    """Demo accounts are not closed for lying idle between two demonstrations."""
    logins = [m.login for m in STAFF] + [f"citizen{n}" for n in range(1, CITIZENS + 1)]
    Account.objects.filter(username__in=logins, is_active=True).update(last_seen_at=clock.now())
