"""``python -m bench.faults_city DSN CARS``: officers, a reviewer, and owners with telephones for the fault benches, as JSON."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta

__all__ = ["BENCHES", "RATE", "city_time", "number_of", "plate_of"]

BENCHES = ()
RATE = 120.0
"""City seconds a second: ten minutes of grace pass in five seconds."""
LOGINS = ("officer0", "officer1", "officer2", "officer3", "reviewer")
_EPOCH = datetime(2026, 11, 23, tzinfo=UTC)


def plate_of(n: int) -> str:
    """A plate of its own for each car."""
    return f"鲁P{chr(ord('A') + n // 10000 % 8)}{n % 10000:04}"


def number_of(n: int) -> str:
    """The owner's number; ends so that the peer does not play tricks with it."""
    return f"+86172{n:07}0"


def city_time(anchor: float, now: float) -> float:
    """Seconds since the epoch in the city, whose clock runs ahead from the anchor on."""
    return anchor + (now - anchor) * RATE


def main() -> None:
    """Fill the database."""
    import django

    django.setup()
    from bench.web_people import people
    from guangyue.city.accounts.tokens import issue_token
    from guangyue.city.models import Account, Person
    from guangyue.demo.prepare import SCOPES
    from guangyue.links.models import Vehicle

    found = people()
    for login in LOGINS:
        account = Account.objects.get(username=login)
        found[login]["token"] = issue_token(account, "faults", SCOPES, datetime.now(UTC) + timedelta(days=365))[1]
    cars = int(sys.argv[2])
    owners = Person.objects.bulk_create([Person(number=f"owner{n}", phone=number_of(n)) for n in range(cars)])
    Vehicle.objects.bulk_create([
        Vehicle(plate=plate_of(n), plate_kind="small", vehicle="小型轿车", owner=owner) for n, owner in enumerate(owners)
    ])  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    main()
