"""A small city: two agencies, a tree of units, and people who hold roles in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from guangyue.city import clock
from guangyue.city.models import Account, Agency, Person, RoleHolding, Unit
from guangyue.city.models.accounts import AccountKind
from guangyue.city.personal import Read, record_reads_with
from guangyue.city.personal.installed import forget
from guangyue.city.units import add_unit
from guangyue.city.viewer import Viewer, viewer_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
PASSWORD = "willow-lantern-7-harbour"


@dataclass
class Clock:
    """A clock that stands still until it is told to go on."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def go(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The real-time clock of signing in, in the test's hands."""
    held = Clock()
    monkeypatch.setattr(clock, "now", held.now)
    return held


@pytest.fixture(autouse=True)
def fresh_keys() -> Iterator[None]:
    """No test sees the cached keys of another one's database."""
    forget()
    yield
    forget()


@pytest.fixture(autouse=True)
def cheap_hashes(settings) -> None:
    """Argon2 is slow on purpose; one test in `test_sign_in` uses it as installed."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def reads() -> Iterator[list[Read]]:
    """The access log as a list."""
    seen: list[Read] = []
    before = record_reads_with(seen.append)
    yield seen
    record_reads_with(before)


@dataclass
class City:
    """The small city and what a test does in it."""

    units: dict[str, Unit] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    at: datetime = START

    def person(self, **personal: str) -> Person:
        return Person.objects.create(number=f"P{next(self.numbers):04}", **personal)

    def hold(self, person: Person, role: str, unit: str, *, below: bool = False, **during: Any) -> RoleHolding:
        period = DateTimeTZRange(during.get("since", self.at - timedelta(days=1)), during.get("until"))
        return RoleHolding.objects.create(person=person, role=role, unit=self.units[unit], below=below, during=period)

    def account(self, person: Person | None = None, **fields: Any) -> Account:
        name = fields.pop("username", f"user{next(self.numbers)}")
        password = fields.pop("password", None)
        made = Account.objects.create_user(
            name, password, person=person, kind=fields.pop("kind", AccountKind.STAFF), **fields
        )
        Account.objects.filter(pk=made.pk).update(created_at=self.at)
        made.refresh_from_db()
        return made

    def viewer(self, account: Account, *, strong: bool = True, at: datetime | None = None) -> Viewer:
        account.refresh_from_db()
        return viewer_for(account, at=at or self.at, strong=strong)

    def officer(self, role: str, unit: str, *, below: bool = False) -> tuple[Account, Viewer]:
        person = self.person(name=f"测试{next(self.numbers)}")
        self.hold(person, role, unit, below=below)
        account = self.account(person)
        return account, self.viewer(account)


@pytest.fixture
def city(db: None) -> City:
    """Police: bureau > county > two stations; urban management: bureau > brigade."""
    police = Agency.objects.create(code="police", kind="police", name_zh="公安局", name_en="Police")
    urban = Agency.objects.create(code="urban", kind="urban", name_zh="城管局", name_en="Urban management")
    made = City()
    plan = (
        ("bureau", police, None, "city", "市公安局"),
        ("county", police, "bureau", "county", "东昌分局"),
        ("station-1", police, "county", "station", "柳园派出所"),
        ("station-2", police, "county", "station", "古楼派出所"),
        ("urban", urban, None, "city", "市城管局"),
        ("brigade", urban, "urban", "county", "一大队"),
    )
    for code, agency, parent, level, name in plan:
        made.units[code] = add_unit(agency, code, name, level=level, parent=made.units[parent] if parent else None)
    return made


@pytest.fixture
def make_account(city: City) -> Callable[..., Account]:
    """An account with a person."""

    def make(**fields: Any) -> Account:
        return city.account(city.person(), **fields)

    return make
