"""Numbers without gaps (案号、单号): taken in the transaction that uses them, given back when it fails.

The row of a series is locked until the commit; it is always locked last.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from guangyue.law import local_date

if TYPE_CHECKING:
    from guangyue.kernel import Entry
    from guangyue.records.database import Db

__all__ = ["next_number", "take", "written"]


def next_number(db: Db, series: str, unit: str, period: str) -> int:
    """The next number of a unit's series in a period, from 1."""
    row = db.execute(
        "insert into number_series as s (series, unit, period, last) values (%s, %s, %s, 1)"
        " on conflict (series, unit, period) do update set last = s.last + 1 returning last",
        [series, unit, period],
    ).fetchone()
    return int(row[0])  # type: ignore[index]


HEADS = {
    "slip": "TS", "notice": "GZ", "warning": "JG", "order": "ZG", "spot": "DF", "simple": "JY", "summons": "CL",
    "registration": "DJ", "told": "YG", "decision": "JD", "urge": "CG", "handed": "YJ", "receipt": "QS",
    "questioning": "XW", "identity": "SF", "transfer": "YS", "voucher": "PZ",
    "eservice": "SD",
}  # fmt: skip
"""What a series' numbers begin with (字头): the initials of the paper's Chinese name, which every keyboard can type."""


def written(series: str, unit: str, period: str, number: int) -> str:
    """A number as it stands on a paper: ``TS-371502-03-20221105-0007``; a series without a head keeps its own name."""
    return "-".join(part for part in (HEADS.get(series, series), unit, period, f"{number:04}") if part)


def take(db: Db, entry: Entry, unit: str, now: datetime) -> dict[str, str]:
    """Numbers for the papers of an entry that carry one, per unit and day."""
    if not any(p.numbered for p in entry.papers):
        return {}
    given: dict[str, str] = {}
    day = f"{local_date(now):%Y%m%d}"
    for paper in sorted((p for p in entry.papers if p.numbered), key=lambda p: p.numbered):
        whose = entry.unit or unit
        given[paper.code] = written(paper.numbered, whose, day, next_number(db, paper.numbered, whose, day))
    return given
