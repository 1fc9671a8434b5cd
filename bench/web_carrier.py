"""``python -m bench.web_carrier RATE SECONDS``: cars recorded and reminders accepted, so many a second, in-process.

The first is recorded at once; then it says ``ready`` and keeps the pace.
"""

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

    def remind(n: int) -> None:
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

    remind(0)
    print("ready", flush=True)
    began = time.monotonic()
    for n in range(1, int(rate * (seconds + 60))):
        time.sleep(max(0.0, began + n / rate - time.monotonic()))
        remind(n)


if __name__ == "__main__":
    main()
