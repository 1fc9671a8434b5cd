"""Slips drawn as PDF/A-2b with a QR code, on one core; every one of them another plate, number and code.

CPU time of the process is counted, so that threads of the typesetter count as what they cost. No peer is in the table:
WeasyPrint drew the same page in 190-280 ms where Typst took 19-50 ms when both were looked at (`docs/decisions/0003`).
"""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench.table import Bench, Row, row
from guangyue.law import CITY, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guangyue.records.papers import Issued

COUNT, ROUNDS = 40, 5
AT = datetime(2026, 11, 22, 9, 41, tzinfo=CITY)


def slip(n: int) -> Issued:
    """A slip unlike the others."""
    from guangyue.records.papers import Issued

    number = f"TS-UM-D1-20261122-{n:04}"
    return Issued(
        code="slip", title=Text("违法停车提示单", "Parking reminder slip"), number=number,
        facts={"plate": f"鲁T{n:05}", "street": f"柳荫路{n}号"}, fields={"place_type": "road", "vehicle": "小型轿车"},
        issued_at=AT, opened_at=AT - timedelta(minutes=12), procedure="streets.parking", law=Text("", ""), unit="直属一大队",
        agency="光岳市城市管理局", officer="S001", verify=f"https://city.example/verify/{number}.7KQ2M9XB",
    )  # fmt: skip


def speed() -> Iterator[Row]:
    """Documents a second of CPU, median of the rounds."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guangyue.web.settings")
    os.environ.setdefault("GUANGYUE_HOME", str(Path(__file__).parents[1] / "build" / "bench-papers"))
    django.setup()  # registers the desks' printed forms; no database is asked
    from guangyue.records.papers import pdf_of
    from guangyue.records.papers.draw import FONTS

    sizes = {len(pdf_of(slip(n)).pdf) for n in range(3)}
    found, walls = [], []
    for r in range(ROUNDS):
        cpu, wall = time.process_time(), time.perf_counter()
        papers = [pdf_of(slip(100 * r + n)).pdf for n in range(COUNT)]
        found.append(COUNT / (time.process_time() - cpu))
        walls.append(COUNT / (time.perf_counter() - wall))
        assert len(set(papers)) == COUNT
        sizes |= {len(p) for p in papers}
    font = "subset font" if any(FONTS.glob("*.ttf")) else "system fonts"
    how = (
        f"{COUNT} slips a round, median of {ROUNDS}; PDF/A-2b, {font}, {min(sizes) // 1000} kB each;"
        f" by the wall clock {sorted(walls)[ROUNDS // 2]:.0f}/s"
    )
    yield row("docs.pdf", sorted(found)[ROUNDS // 2], how)


BENCHES = (Bench(("docs.pdf",), speed),)
