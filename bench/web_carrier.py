"""``python -m bench.web_carrier RATE SECONDS``: cars recorded and reminders accepted, so many a second, in-process."""

from __future__ import annotations

import hashlib
import random
import sys
import time
from datetime import UTC, datetime

__all__ = ["BENCHES"]

BENCHES = ()


def main() -> None:
    """Until the time is up or somebody ends it."""
    import django

    django.setup()
    from guangyue.kernel import Actor, Command, Piece
    from guangyue.records.commands import Done, Order, execute

    rate, seconds = float(sys.argv[1]), float(sys.argv[2])
    dice = random.Random(5)
    carrier = Actor(id="carrier", system="carrier")
    began = time.monotonic()
    n = 0
    while time.monotonic() - began < seconds + 8:
        time.sleep(max(0.0, began + n / rate - time.monotonic()))
        now = datetime.now(UTC)
        unit = f"urban-{dice.randrange(4)}"
        officer = Actor(id="bench", roles=frozenset({"urban_officer"}), agency="urban", level="station", unit=unit,
                        qualities=frozenset({"certified"}))  # fmt: skip
        sha256 = hashlib.sha256(f"{n}".encode()).hexdigest()
        piece = Piece(set="first", sha256=sha256, taken_at=now, panorama=True, plate_legible=True, located=True)
        values = {"plate": f"鲁P{10000 + n % 89999}", "street": "柳园路"}
        done = execute(Order(
            procedure="streets.parking", actor=officer,
            command=Command(act="record", received_at=now, values=values, evidence=(piece,)),
        ))  # fmt: skip
        assert isinstance(done, Done), done
        execute(Order(matter=done.matter, actor=carrier, command=Command(act="reminder_accepted", received_at=now)))
        n += 1


if __name__ == "__main__":
    main()
