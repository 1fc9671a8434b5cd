"""A city with the two agencies of joint enforcement, people who hold its roles, and ways to knock on the API."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client

from guangyue.city import clock
from guangyue.city.accounts.tokens import issue_token
from guangyue.city.models import Account, Agency, Person, RoleHolding, Unit
from guangyue.city.models.accounts import AccountKind
from guangyue.city.personal.installed import forget
from guangyue.city.units import add_unit
from guangyue.kernel import Actor, Command
from guangyue.records.commands import Done, Order, execute
from guangyue.records.database import db as raw_db
from guangyue.records.evidence.models import Blob, Evidence

SCOPES = frozenset({"matters:read", "matters:write", "evidence:read", "evidence:write"})
CARRIER = Actor(id="carrier", system="carrier")


@pytest.fixture(autouse=True)
def fresh_keys():
    """No test sees the cached keys of another one's database."""
    forget()
    yield
    forget()


@pytest.fixture(autouse=True)
def cheap_hashes(settings) -> None:
    """Argon2 is slow on purpose; signing in is tested elsewhere."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass
class Someone:
    """A member of staff (or nobody) and how a program of theirs talks."""

    account: Account | None
    token: str = ""
    language: str = "zh-hans"
    keys: Any = field(default_factory=lambda: count(1))

    def headers(self, **more: str) -> dict[str, str]:
        said = {"Accept": "application/json", "Accept-Language": self.language, **more}
        return said | ({"Authorization": f"Bearer {self.token}"} if self.token else {})

    def get(self, path: str, **params: Any) -> Any:
        return Client().get(path, params, headers=self.headers())

    def post(self, path: str, body: Any, *, key: str | None = None, **headers: str) -> Any:
        sent = key if key is not None else f"{self.account.pk if self.account else 0}-{next(self.keys)}"
        more = {"Idempotency-Key": sent} if sent else {}
        data = body if isinstance(body, str) else json.dumps(body)
        return Client().post(path, data, content_type="application/json", headers=self.headers(**more, **headers))


@dataclass
class Town:
    """The small city of these tests."""

    units: dict[str, Unit]
    numbers: Any = field(default_factory=lambda: count(1))

    def someone(
        self,
        role: str = "",
        unit: str = "",
        *,
        scopes: frozenset[str] = SCOPES,
        kind: str = AccountKind.STAFF,
        language: str = "zh-hans",
        below: bool = False,
    ) -> Someone:
        person = Person.objects.create(number=f"W{next(self.numbers):04}")
        account = Account.objects.create_user(f"web{person.pk}", "willow-lantern-7-harbour", person=person, kind=kind)
        if role:
            during = DateTimeTZRange(clock.now() - timedelta(days=30), None)
            RoleHolding.objects.create(
                person=person, role=role, unit=self.units[unit], during=during, certificate="ZF-1", below=below
            )
        token = issue_token(account, "test", scopes, clock.now() + timedelta(days=1))[1] if scopes else ""
        return Someone(account, token, language)

    def photo(self, who: Someone, which: str, name: str, at: datetime, **more: Any) -> dict[str, Any]:
        """A photograph whose bytes are here, as a phone describes it."""
        sha256 = hashlib.sha256(name.encode()).hexdigest()
        blob, _ = Blob.objects.get_or_create(
            sha256=sha256, defaults={"size": 9, "media_type": "image/jpeg", "taken_at": at, "lat": 36.45, "lon": 115.98}
        )
        Evidence.objects.create(blob=blob, uploader=who.account)
        said = {"set": which, "sha256": sha256, "taken_at": at.isoformat(), "panorama": True, "plate_legible": True}
        return {**said, "located": True, "lon": 115.98, "lat": 36.45, **more}

    def opening(self, who: Someone, plate: str = "鲁P12345", **more: Any) -> dict[str, Any]:
        """The body that records a wrongly parked car."""
        now = city_now()
        return {
            "procedure": "streets.parking", "action": "record",
            "values": {"plate": plate, "street": "柳园路12号"},
            "evidence": [self.photo(who, "first", f"{plate}-1", now)],
            "position": {"lon": 115.98, "lat": 36.45, "accuracy_m": 8}, **more,
        }  # fmt: skip

    def machine(self, ref: str, act: str, **more: Any) -> Done:
        """What an outside system does."""
        command = Command(act=act, received_at=datetime.now(UTC), **more)
        done = execute(Order(command=command, actor=CARRIER, matter=ref))
        assert isinstance(done, Done), done
        return done


def city_now() -> datetime:
    return raw_db().execute("select city_now()").fetchone()[0]


def later(**by: float) -> None:
    """City time goes on, and with it what is due fires as the runner would."""
    raw_db().execute("update city_clock set anchor_city = anchor_city + %s", [timedelta(**by)])


@pytest.fixture
def town(db) -> Town:
    """See `make_town`."""
    return make_town()


def make_town() -> Town:
    """Urban management: bureau > two brigades; traffic police: detachment > two squads; a community."""
    urban = Agency.objects.create(code="urban", kind="urban", name_zh="城管局", name_en="Urban management")
    traffic = Agency.objects.create(code="traffic", kind="traffic_police", name_zh="交警支队", name_en="Traffic police")
    place = Agency.objects.create(code="community", kind="community", name_zh="社区", name_en="Community")
    plan = (
        ("urban", urban, None, "city", "市城管局"), ("urban-1", urban, "urban", "station", "一中队"),
        ("urban-2", urban, "urban", "station", "二中队"), ("traffic", traffic, None, "city", "交警支队"),
        ("traffic-1", traffic, "traffic", "county", "一大队"), ("traffic-2", traffic, "traffic", "county", "二大队"),
        ("community-1", place, None, "station", "柳园社区"),
    )  # fmt: skip
    made: dict[str, Unit] = {}
    for code, agency, parent, level, name in plan:
        made[code] = add_unit(agency, code, name, level=level, parent=made[parent] if parent else None)
    return Town(made)
