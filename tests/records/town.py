"""A small town around the tests' parking procedure: who records, who reviews, who must not look."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from tests.records.parking import CARRIER, LIBRARY, photo

from guangyue.city.models import Account, Agency, Person, RoleHolding, Unit
from guangyue.city.units import add_unit
from guangyue.city.viewer import Viewer, viewer_for
from guangyue.kernel import Actor, Command
from guangyue.records.commands import Done, Order, Party, execute_on
from guangyue.records.database import db
from guangyue.records.matters import plate_key

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2026, 9, 29, 8, tzinfo=UTC)


@dataclass
class Town:
    """Urban management: bureau over two brigades. Traffic police: corps over a county. Police: a station. A bank."""

    units: dict[str, Unit] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    at: datetime = START

    @classmethod
    def built(cls) -> Town:
        made = cls()
        LIBRARY.find_plates_with(plate_key)
        plan = (
            ("urban", None, "city"), ("urban-03", "urban", "station"), ("urban-04", "urban", "station"),
            ("traffic_police", None, "city"), ("traffic-01", "traffic_police", "county"),
            ("police", None, "city"), ("station-1", "police", "station"),
            ("government", None, "city"), ("bank", None, "city"),
        )  # fmt: skip
        agencies: dict[str, Agency] = {}
        for code, parent, level in plan:
            if parent is None:
                agencies[code] = Agency.objects.create(code=code, kind=code, name_zh=code)
            agency = agencies[parent or code]
            name = code if parent else f"{code}-root"
            made.units[name] = add_unit(
                agency, name, name, level=level, parent=made.units[f"{parent}-root"] if parent else None
            )
        return made

    def viewer(self, *roles: tuple[str, str], below: bool = False, scopes: frozenset[str] | None = None) -> Viewer:
        """Somebody who holds these roles in these units, signed in with two factors."""
        person = Person.objects.create(number=f"P{next(self.numbers):04}")
        for role, unit in roles:
            period = DateTimeTZRange(self.at - timedelta(days=1), None)
            RoleHolding.objects.create(person=person, role=role, unit=self.units[unit], below=below, during=period)
        account = Account.objects.create_user(f"user{next(self.numbers)}", person=person)
        return viewer_for(account, at=self.at, strong=True, scopes=scopes)

    def citizen(self, id_number: str | None = None) -> Viewer:
        """Somebody with an account and no office."""
        person = Person.objects.create(number=f"C{next(self.numbers):04}", id_number=id_number)
        account = Account.objects.create_user(f"citizen{next(self.numbers)}", person=person, kind="citizen")
        return viewer_for(account, at=self.at, strong=False)

    def actor(self, unit: str = "urban-03") -> Actor:
        return Actor(id="account:17", roles=frozenset({"urban_officer"}), agency="urban", level="station", unit=unit)

    def park(self, unit: str = "urban-03", *, parties: tuple[Party, ...] = (), **values: Any) -> Done:
        """A car photographed by an officer of a unit."""
        raw = db()
        now = raw.execute("select city_now()").fetchone()[0]
        given = {"plate": "鲁P12345", "street": "柳园路", **values}
        command = Command(act="record", received_at=now, values=given, evidence=(photo(now),))
        done = execute_on(
            raw, Order(command=command, actor=self.actor(unit), procedure="bench.parking", parties=parties), LIBRARY
        )
        assert isinstance(done, Done), done
        return done

    def act(self, matter: str, code: str, actor: Actor = CARRIER, **more: Any) -> Done:
        now = db().execute("select city_now()").fetchone()[0]
        done = execute_on(
            db(), Order(command=Command(act=code, received_at=now, **more), actor=actor, matter=matter), LIBRARY
        )
        assert isinstance(done, Done), done
        return done
