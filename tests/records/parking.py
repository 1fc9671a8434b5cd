"""A parking matter as tests of the records play it: the benches' declaration, its people, and a clock to set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bench.records_procedure import CARRIER, OFFICER, PARKING, REVIEWER

from guangyue.kernel import Actor, Command, Piece
from guangyue.records.commands import Done, Order, execute_on
from guangyue.records.library import Library

__all__ = [
    "CARRIER",
    "LIBRARY",
    "OFFICER",
    "PARKING",
    "REVIEWER",
    "START",
    "act",
    "advance",
    "photo",
    "record",
    "set_clock",
]

LIBRARY = Library()
LIBRARY.register(PARKING)
START = datetime(2026, 9, 29, 8, tzinfo=UTC)


def set_clock(db: Any, at: datetime, rate: float = 0) -> None:
    """City time from now on; stands still unless a rate is given."""
    db.execute("update city_clock set anchor_real = clock_timestamp(), anchor_city = %s, rate = %s", [at, rate])


def advance(db: Any, **span: float) -> None:
    """Let city time pass."""
    db.execute(
        "update city_clock set anchor_city = city_now() + %s, anchor_real = clock_timestamp()", [timedelta(**span)]
    )


def photo(at: datetime, which: str = "first", name: str = "a") -> Piece:
    digest = (name * 64)[:64]
    return Piece(set=which, sha256=digest, taken_at=at, panorama=True, plate_legible=True, located=True)


def record(
    db: Any,
    *,
    key: str = "",
    plate: str = "鲁P12345",
    at: datetime | None = None,
    library: Library = LIBRARY,
    handed_in: tuple[str, ...] = (),
) -> Done:
    """Open a matter; the photograph is a second old."""
    now = at or db.execute("select city_now()").fetchone()[0]
    values = {"plate": plate, "street": "柳园路"}
    command = Command(act="record", received_at=now, values=values, evidence=(photo(now),))
    order = Order(command=command, actor=OFFICER, procedure="bench.parking", key=key, handed_in=handed_in)
    done = execute_on(db, order, library)
    assert isinstance(done, Done), done
    return done


def act(
    db: Any, matter: str, code: str, actor: Actor, *, key: str = "", library: Library = LIBRARY,
    handed_in: tuple[str, ...] = (), **more: Any,
) -> Any:  # fmt: skip
    """Any later act."""
    command = Command(act=code, received_at=START, **more)
    return execute_on(db, Order(command=command, actor=actor, matter=matter, key=key, handed_in=handed_in), library)
