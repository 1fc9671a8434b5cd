"""The demo city in the database: complete, repeatable, its logins open."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from guangyue.city import clock
from guangyue.city.geo.position import Position
from guangyue.city.identifiers import parse_phone, parse_plate
from guangyue.city.models import Account, Address, Block, Person, RoleHolding, Shift, Unit
from guangyue.city.personal.installed import forget
from guangyue.city.places import blocks_at
from guangyue.demo.city import demo_city
from guangyue.demo.city.duty import post_duty
from guangyue.demo.city.load import code_now, load
from guangyue.demo.city.staff import PASSWORD, STAFF, TOTP_SECRET
from guangyue.law import CITY, local_date
from guangyue.law.competence.actors import Role
from guangyue.links.models import RegisterCopy, Vehicle

pytestmark = pytest.mark.database


@pytest.mark.django_db  # tells pytest-django that this run needs its database, before the module's city goes into it
def test_the_code_is_the_standards_own():
    assert TOTP_SECRET.isupper()
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    assert code_now(1_700_000_000) == format_hotp_value(hotp_value(TOTP_SECRET, 1_700_000_000 // 30))


@pytest.fixture(scope="module")
def small(django_db_setup, django_db_blocker):
    """A city of sixty, loaded once; everything is rolled back at the end."""
    forget()
    city = demo_city(residents=60)
    with django_db_blocker.unblock(), transaction.atomic():
        assert load(city).fresh
        yield city
        transaction.set_rollback(True)
    forget()


def counts() -> tuple[int, ...]:
    return tuple(
        m.objects.count() for m in (Person, Account, RoleHolding, Unit, Vehicle, Block, Address, Authenticator)
    )


def test_loading_twice_changes_nothing_and_an_interrupted_edition_is_completed(small):
    once = counts()
    assert not load(small).fresh
    RegisterCopy.objects.update(edition="older")
    assert load(small).fresh
    assert counts() == once
    assert once[:2] == (len(small.drivers) + len(STAFF), len(STAFF) + 5)


def test_a_car_is_found_by_its_plate_and_leads_to_its_owner(small):
    driver = small.drivers[3]
    found = Vehicle.objects.select_related("owner").get(plate=f"{driver.car.plate[:2]}·{driver.car.plate[2:]}")
    assert found.owner.number == driver.number
    assert found.owner.phone.matches(driver.phone)
    assert driver.phone not in str(found.owner.phone)


def test_every_staff_login_opens_with_the_printed_password_and_code(small):
    from django.contrib.auth import authenticate

    for login in ("urban1", "review1", "audit1"):
        account = authenticate(None, username=login, password=PASSWORD)
        assert account is not None, login
        factor = Authenticator.objects.get(user=account, type=Authenticator.Type.TOTP)
        assert TOTP(factor).validate_code(code_now())
        assert not TOTP(factor).validate_code("000000" if code_now() != "000000" else "000001")


def test_where_the_tower_stands_is_in_a_county(small):
    lon, lat = small.centre
    assert [b.layer for b in blocks_at(Position(lat=lat + 0.001, lon=lon + 0.001))] == ["night", "county"]


def test_the_three_administrators_are_three_people(small):
    holders = {
        role: set(RoleHolding.objects.filter(role=role).values_list("person_id", flat=True))
        for role in (Role.AUDITOR, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN)
    }
    assert all(len(found) == 1 for found in holders.values())
    assert len(set.union(*holders.values())) == 3


def test_somebody_is_on_duty_today_and_no_team_is_of_one_agency_alone(small):
    noon = datetime.combine(local_date(clock.now()), time(12), CITY)
    posted = Shift.objects.filter(during__contains=noon).select_related("unit__agency")
    teams: dict[str, set[str]] = {}
    for shift in posted.filter(post="joint_patrol"):
        teams.setdefault(shift.crew, set()).add(shift.unit.agency.kind)
    assert set(teams) == {f"联合{n}组" for n in range(1, 5)}
    assert all(kinds == {"urban", "traffic_police"} for kinds in teams.values())
    assert {"dispatcher", "call_taker", "commander"} <= set(posted.values_list("post", flat=True))
    assert post_duty() == 0, "posted once"


def test_a_countys_commander_sees_both_agencies_of_that_county_alone(small):
    held = RoleHolding.objects.filter(person__account__username="commander2").values_list("unit__code", "role")
    assert set(held) == {(unit, Role.COMMANDER) for unit in ("PS-01", "TP-01", "UM-01")}


def test_numbers_and_plates_are_valid_by_form(small):
    for driver in small.drivers[:40]:
        assert str(parse_plate(driver.car.plate).kind) == driver.car.kind
        assert parse_phone(driver.phone).value == driver.phone
