"""A case from the street to the decision, with real photographs; run inside the server's process."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from django.db import connection
from tests.browser.field.pictures import jpeg, street

from guangyue.city.models import Account
from guangyue.kernel import Actor, Command, Piece
from guangyue.records.commands import Done, Order, execute
from guangyue.records.database import city_now, db
from guangyue.records.evidence.receive import Origin, receive

__all__ = ["decided"]

PLATE = "鲁P12345"
OFFICER = {"roles": frozenset({"urban_officer"}), "agency": "urban", "unit": "urban-1", "level": "station"}


def decided(plate: str = PLATE, *, until: str = "approve") -> str:
    """Carries a case on and returns the number of its slip. The officer's observed times lie in the past."""
    li = Account.objects.get(username="li.urban")
    zhao = Account.objects.get(username="zhao.traffic")
    officer = Actor(id=f"account:{li.pk}", **OFFICER)  # type: ignore[arg-type]  # as the dataclass has them
    reviewer = Actor(
        id=f"account:{zhao.pk}", roles=frozenset({"traffic_reviewer"}), agency="traffic_police", unit="traffic-1",
        level="county",
    )  # fmt: skip
    carrier = Actor(id="carrier", system="carrier")
    with connection.cursor() as cursor:
        cursor.execute("select city_now()")
    now = city_now(db())
    began = now - timedelta(minutes=25)

    def photo(which: str, n: int, at: object) -> Piece:
        bytes_ = jpeg(street(plate, seed=n))
        with tempfile.NamedTemporaryFile(suffix=".jpg", delete=False) as held:
            held.write(bytes_)
        receive(Path(held.name), Origin(account=li, received_at=now, captured_sha256=sha256(bytes_).hexdigest()))
        return Piece(
            set=which, sha256=sha256(bytes_).hexdigest(), taken_at=at, panorama=n % 2 == 1, plate_legible=n % 2 == 0,
            located=True,
        )  # type: ignore[arg-type]  # fmt: skip

    def do(act: str, actor: Actor, ref: str = "", **more: object) -> Done:
        command = Command(act=act, received_at=now, **more)  # type: ignore[arg-type]  # whatever the act needs
        order = Order(command=command, actor=actor, matter=ref, procedure="" if ref else "streets.parking")
        done = execute(order)
        assert isinstance(done, Done), done
        return done

    values = {"plate": plate, "street": "柳园路12号", "place": (115_985_430, 36_456_780)}
    first = (photo("first", 1, began), photo("first", 2, began))
    opened = do("record", officer, observed_at=began, values=values, evidence=first)
    do("reminder_accepted", carrier, opened.matter, observed_at=began + timedelta(minutes=1))
    _overdue(opened.id)
    second = (photo("second", 4, began + timedelta(minutes=13)),)
    handed = do("still_there", officer, opened.matter, observed_at=began + timedelta(minutes=13), evidence=second)
    if until == "approve":
        do("approve", reviewer, opened.matter, values={"measure": "warning"})
    return handed.numbers["slip"]


def _overdue(_row: int) -> None:
    """The ten minutes ended in the past: the runner's next look finds it."""
    from guangyue.records.deadlines import fire_due
    from guangyue.records.library import LIBRARY

    while fire_due(db(), LIBRARY).fired:
        pass
