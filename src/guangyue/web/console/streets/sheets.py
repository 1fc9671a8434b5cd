"""Tables as files: CSV and XLSX that a spreadsheet opens as text and numbers, and never as a formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from guangyue.law import CITY

__all__ = ["Cell", "Sheet", "as_csv", "as_xlsx", "harmless"]

Cell = str | int | Decimal | date | datetime | None
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""A text that begins so is a formula or a command to some spreadsheet (OWASP, CSV injection), full-width signs alike."""
LONGEST = 32_000
"""Characters that fit a spreadsheet's cell."""
WIDEST = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with a name."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def harmless(text: str) -> str:
    """The text with an apostrophe before anything that could begin a formula, as it is written and as it may be read."""
    text = text[:LONGEST]
    read = unicodedata.normalize("NFKC", text).lstrip(" \u00a0\u200b\ufeff")
    return f"'{text}" if read.startswith(DANGEROUS) or text.startswith(DANGEROUS) else text


def as_csv(sheets: Iterable[Sheet]) -> bytes:
    """All tables below one another, UTF-8 with a mark that spreadsheets need to read Chinese."""
    held = io.StringIO()
    out = csv.writer(held, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    for n, sheet in enumerate(sheets):
        if n:
            out.writerow([])
        out.writerow([harmless(sheet.title)])
        out.writerow([harmless(h) for h in sheet.head])
        out.writerows([[_text(c) for c in row] for row in sheet.rows])
    return held.getvalue().encode("utf-8-sig")


def as_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """A workbook: text stays text, numbers are numbers, times are times; nothing is computed, nothing is linked."""
    import xlsxwriter  # type: ignore[import-untyped]  # it brings no types

    held = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm:ss",
    }  # fmt: skip
    book = xlsxwriter.Workbook(held, options)
    bold = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for n, sheet in enumerate(sheets, 1):
        page = book.add_worksheet(_tab(sheet.title, n))
        page.freeze_panes(1, 0)
        for column, title in enumerate(sheet.head):
            page.write_string(0, column, title[:LONGEST], bold)
        for line, row in enumerate(sheet.rows, 1):
            for column, cell in enumerate(row):
                match cell:
                    case None:
                        continue
                    case datetime():
                        page.write_datetime(line, column, cell.astimezone(CITY).replace(tzinfo=None, microsecond=0))
                    case date():
                        page.write_datetime(line, column, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001 - a cell has no zone
                    case int() | Decimal():
                        page.write_number(line, column, cell)
                    case _:
                        page.write_string(line, column, harmless(cell))
        for column, title in enumerate(sheet.head):
            widest = max([_wide(title), *(_wide(_text(r[column])) for r in sheet.rows[:200])], default=8)
            page.set_column(column, column, min(widest + 2, WIDEST))
    book.close()
    return held.getvalue()


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell.astimezone(CITY):%Y-%m-%d %H:%M:%S}"
        case date():
            return cell.isoformat()
        case int() | Decimal():
            return str(cell)
        case _:
            return harmless(cell)


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _tab(title: str, n: int) -> str:
    """A sheet's name as workbooks allow it."""
    plain = "".join(c for c in title if c not in "[]:*?/\\'")[:28].strip()
    return plain or f"{n}"
