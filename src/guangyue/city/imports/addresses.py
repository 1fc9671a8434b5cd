"""Standard addresses from a CSV list (标准地址库).

Columns, in Chinese or English: 编码/code, 地址/address, 经度/lon, 纬度/lat. UTF-8 or GB18030, with or without a byte-order
mark. Rows with a known code are brought up to date. Nothing is written while any row is wrong, unless asked otherwise.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from django.db import transaction

from guangyue.city.geo.cover import point_cell
from guangyue.city.geo.datum import Datum
from guangyue.city.imports.positions import CHINA, Bounds, read_position
from guangyue.city.imports.report import Problem, Report
from guangyue.city.models import Address
from guangyue.city.places import plain_address

__all__ = ["import_addresses"]

_COLUMNS = {
    "code": ("code", "编码", "地址编码"),
    "address": ("address", "text", "地址", "标准地址"),
    "lon": ("lon", "lng", "longitude", "x", "经度"),
    "lat": ("lat", "latitude", "y", "纬度"),
}
_LIMITS = {"code": 40, "address": 200}
_BATCH = 2000


def import_addresses(
    path: Path, *, datum: Datum = Datum.WGS84, bounds: Bounds = CHINA, skip_wrong: bool = False
) -> Report:
    """Read a list of addresses and store them in one transaction."""
    report = Report()
    try:
        raw = path.read_bytes()
    except OSError as why:
        report.problems.append(Problem.of(0, "import.file", why=why.strerror or path.name))
        return report
    text = _decoded(raw)
    if text is None:
        report.problems.append(Problem.of(0, "import.encoding"))
        return report
    rows = _rows(text, datum, bounds, report)
    if report.clean or skip_wrong:
        _store(rows)
        report.read = len(rows)
    return report


def _decoded(raw: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _rows(text: str, datum: Datum, bounds: Bounds, report: Report) -> list[Address]:
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    named = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
    columns = {ours: next((named[n] for n in names if n in named), None) for ours, names in _COLUMNS.items()}
    missing = [_COLUMNS[ours][0] for ours, theirs in columns.items() if theirs is None]
    if missing:
        report.problems.append(Problem.of(0, "import.columns", missing="、".join(missing)))
        return []
    found: list[Address] = []
    seen: dict[str, int] = {}
    try:
        for number, row in enumerate(reader, start=2):
            values = {ours: (row[theirs or ""] or "").strip() for ours, theirs in columns.items()}
            problem = _wrong(number, values, seen)
            position = problem or read_position(number, values["lon"], values["lat"], datum, bounds)
            if isinstance(position, Problem):
                report.problems.append(position)
                continue
            seen[values["code"]] = number
            found.append(
                Address(
                    code=values["code"],
                    text=values["address"],
                    plain=plain_address(values["address"]),
                    lat=position.lat,
                    lon=position.lon,
                    cell=point_cell(position),
                )
            )
    except csv.Error as why:
        report.problems.append(Problem.of(reader.line_num, "import.file", why=why))
    return found


def _wrong(number: int, values: dict[str, str], seen: dict[str, int]) -> Problem | None:
    for field in _COLUMNS:
        if not values[field]:
            return Problem.of(number, "import.empty", field=field)
        if len(values[field]) > _LIMITS.get(field, 60):
            return Problem.of(number, "import.long", field=field, most=_LIMITS.get(field, 60))
    first = seen.get(values["code"])
    return Problem.of(number, "import.twice", code=values["code"], first=first) if first else None


@transaction.atomic
def _store(rows: list[Address]) -> None:
    Address.objects.bulk_create(
        rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["text", "plain", "lat", "lon", "cell"],
    )
