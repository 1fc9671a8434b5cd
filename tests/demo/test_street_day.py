"""A morning of the street simulator against the real pages and API, on a clock that jumps from one event to the next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client as Browser

from guangyue.city import clock
from guangyue.city.accounts.tokens import issue_token
from guangyue.city.models import Account, Agency, Person, RoleHolding
from guangyue.city.personal.installed import forget
from guangyue.city.units import add_unit
from guangyue.demo.city import demo_city
from guangyue.demo.prepare import SCOPES
from guangyue.demo.simulators import streets
from guangyue.demo.simulators.client import Citizen, Client
from guangyue.demo.simulators.streets import OFFICERS, REVIEWERS, Play
from guangyue.kernel import Actor, Command
from guangyue.law import CITY
from guangyue.records.commands import Done, Order, execute
from guangyue.records.database import db as raw_db
from guangyue.records.deadlines import fire_due
from guangyue.records.library import LIBRARY

pytestmark = [pytest.mark.database, pytest.mark.django_db]
CARS = 7
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=CITY)


def asked(method, path, body, headers):
    """A request that goes to the product in this process instead of over a line."""
    kind = headers.pop("Content-Type", "application/octet-stream")
    answer = Browser().generic(method, path, body, kind, headers=headers)
    cookies = [("set-cookie", morsel.OutputString()) for morsel in answer.cookies.values()]
    return answer.status_code, [(k.lower(), v) for k, v in answer.headers.items()] + cookies, answer.content


class Phone(Client):
    def _ask(self, method, path, body, headers):
        return asked(method, path, body, headers)


class Owner(Citizen):
    def _ask(self, method, path, body, headers):
        return asked(method, path, body, headers)


@pytest.fixture
def phones(db, settings, tmp_path):
    """The officers and reviewers that the simulator plays, each with a token."""
    forget()
    settings.GUANGYUE_EVIDENCE = str(tmp_path / "evidence")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    units = {}
    for kind, name in (("urban", "城管局"), ("traffic_police", "交警支队")):
        agency = Agency.objects.create(code=kind, kind=kind, name_zh=name, name_en=kind)
        units[kind] = add_unit(agency, f"{kind}-1", f"{name}一大队", level="county")
    found = {}
    for login in (*OFFICERS, *REVIEWERS):
        kind = "urban" if login.startswith("urban") else "traffic_police"
        role = "traffic_reviewer" if login in REVIEWERS else f"{kind.partition('_')[0]}_officer"
        person = Person.objects.create(number=login)
        during = DateTimeTZRange(clock.now() - timedelta(days=400), None)
        RoleHolding.objects.create(person=person, role=role, unit=units[kind], during=during, certificate="ZF-1")
        account = Account.objects.create_user(login, "willow-lantern-7-harbour", person=person, kind="staff")
        found[login] = Phone("http://here", issue_token(account, "t", SCOPES, clock.now() + timedelta(days=1))[1])
    yield found
    forget()


class City:
    """The clock of the city, in a test's hands; the carrier answers within a minute.

    Tests that commit leave matters behind in the database; only what came ``after`` them is of this day.
    """

    def __init__(self) -> None:
        self.after = raw_db().execute("select coalesce(max(id), 0) from matter").fetchone()[0]
        self.set(MORNING)

    def now(self) -> float:
        return raw_db().execute("select city_now()").fetchone()[0].timestamp()

    def set(self, at: datetime) -> None:
        raw_db().execute("update city_clock set anchor_city = %s, anchor_real = clock_timestamp()", [at])
        while fire_due(raw_db(), LIBRARY).fired:
            pass

    def carrier(self) -> None:
        waiting = "select ref from matter where state = 'noticed' and id > %s"
        for (ref,) in raw_db().execute(waiting, [self.after]).fetchall():
            command = Command(act="reminder_accepted", received_at=datetime.now(UTC))
            order = Order(command=command, actor=Actor(id="carrier", system="carrier"), matter=ref)
            assert isinstance(execute(order), Done)


def test_a_morning_is_played_to_its_end_and_an_owner_objects(phones, monkeypatch):
    monkeypatch.setattr(streets, "OBJECTS", 1.0)
    city, said = City(), []
    play = Play(
        demo_city(residents=200), phones, speed=0.01, seed=5, citizen=lambda: Owner("http://here"), now=city.now,
        say=said.append,
    )  # fmt: skip
    play.start(at_once=CARS)
    noon = MORNING.timestamp() + 4 * 3600
    while city.now() < noon:
        city.carrier()
        if not play.step():
            city.set(datetime.fromtimestamp(min(noon, city.now() + play.until_next()) + 0.5, CITY))
    counts = play.counts
    assert not [line for line in said if "REFUSED" in line or line.startswith("!")], said
    assert counts["record"] >= CARS
    assert counts["gone"] >= 1
    assert counts["still_there"] >= 1
    assert counts["object"] >= 1
    assert counts.get("uphold", 0) + counts.get("deny", 0) == counts["object"], "each objection is answered"
    first = "select ref, state from matter where id > %s order by id limit %s"
    states = dict(raw_db().execute(first, [city.after, CARS]).fetchall())
    ends = {"left", "decided", "dropped", "admonished"}
    assert {ref: state for ref, state in states.items() if state not in ends} == {}, (
        "the first cars' stories have ended"
    )


def test_the_same_seed_plays_the_same_day(phones):
    told = []
    for _ in range(2):
        lines: list[str] = []
        play = Play(demo_city(residents=200), phones, seed=3, now=MORNING.timestamp, say=lines.append)
        play.start(at_once=3)
        told.append([round(at) for at, _, _ in sorted(play._plan, key=lambda step: step[:2])])
    assert told[0] == told[1]
