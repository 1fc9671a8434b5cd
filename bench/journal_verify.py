"""How fast the journal is verified, link by link, from its texts."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from bench.records_fill import fill
from bench.records_home import bench_database
from bench.table import Bench, Row, row
from guangyue.records.seals.note import SigningKey
from guangyue.records.seals.sealing import take
from guangyue.records.seals.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterable

MATTERS, ENTRIES = 40_000, 5


def measure() -> Iterable[Row]:
    """The whole verification: chains, heads, sealed heads, tree and signature; best of three runs."""
    with bench_database("verify") as dsn, tempfile.TemporaryDirectory() as kept:
        fill(dsn, matters=MATTERS, entries=ENTRIES)
        key = SigningKey.load(Path(kept) / "seal.key", "bench/journal")
        times = []
        with psycopg.connect(dsn) as db:
            take(db, key, everything=True)
            db.commit()
            for _ in range(3):
                began = time.perf_counter()
                report = verify(db, key.verifying())
                times.append(time.perf_counter() - began)
                db.rollback()
                assert report.sound, report.findings[:3]
                assert report.entries == MATTERS * ENTRIES
    how = f"{MATTERS * ENTRIES:,} entries, {MATTERS:,} sealed heads; runs of {', '.join(f'{t:.2f} s' for t in times)}"
    yield row("journal.verify", MATTERS * ENTRIES / min(times), how)


BENCHES = (Bench(("journal.verify",), measure),)
