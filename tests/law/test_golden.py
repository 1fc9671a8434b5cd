"""Every row of the catalogue: its length, where it stands, and when it ends, begun on a day that makes a difference.

Begun on Friday 26 September 2025 at 10:00 (rules until 2025) or Thursday 24 September 2026 at 10:00 (rules of 2026):
right before Mid-Autumn and the National Day week, with worked weekend days around. ``golden.tsv`` is read by people who
know the law; a line changes only with a changed law. Regenerate with ``python -m tests.law.test_golden > …``, then read.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.law.reference import ends

from guangyue.law import BOOK, CALENDAR, CITY, due

GOLDEN = Path(__file__).with_name("golden.tsv")
OLD, NEW = datetime(2025, 9, 26, 10, tzinfo=CITY), datetime(2026, 9, 24, 10, tzinfo=CITY)


def start_of(rule):
    return OLD if rule.in_force(OLD) else NEW


def longest(rule):
    if rule.extension is None:
        return "-"
    return f"+{rule.extension} ×{rule.max_extensions} ≤ {rule.cap}"


def line(rule):
    start = start_of(rule)
    end = due(rule, start, CALENDAR)
    city = end.at.astimezone(CITY)
    shown = f"{city:%Y-%m-%d %H:%M:%S}" if end.inclusive else f"{city - timedelta(days=1):%Y-%m-%d} 24:00"
    valid = f"{rule.effective_from}…{rule.effective_to or ''}"
    marks = "".join(
        mark for mark, held in (("L", rule.liberty), ("M", rule.clock_time), ("?", end.provisional)) if held
    )
    known = "verified" if rule.verified else "unverified"
    return "\t".join((
        rule.code, valid, str(rule.span), longest(rule), rule.kind, marks or "-", known, f"{start:%Y-%m-%d}", shown,
        rule.source.text.zh,
    ))  # fmt: skip


GOLDEN_LINES = GOLDEN.read_text(encoding="utf-8").splitlines()


def test_the_catalogue_and_the_golden_file_have_the_same_rows():
    ours = [f"{rule.code} {rule.effective_from}" for rule in BOOK]
    theirs = ["{} {}".format(*row.replace("…", "\t").split("\t")) for row in GOLDEN_LINES]
    assert ours == theirs


@pytest.mark.parametrize("index", range(len(GOLDEN_LINES)), ids=[row.split("\t")[0] for row in GOLDEN_LINES])
def test_row(index):
    assert line(BOOK.terms()[index]) == GOLDEN_LINES[index]


STARTS = [
    "2020-01-17 09:00", "2020-02-29 12:00", "2021-02-10 23:59:59", "2021-12-31 00:00", "2022-01-29 08:00",
    "2022-10-08 17:30", "2023-04-28 10:00", "2023-09-28 18:00", "2024-02-29 10:00", "2024-09-14 10:00",
    "2025-01-26 10:00", "2025-05-31 10:00", "2026-02-13 10:00", "2026-10-10 16:59:59",
]  # fmt: skip


@pytest.mark.parametrize("start", STARTS)
def test_every_row_on_difficult_days_agrees_with_the_second_implementation(start):
    moment = datetime.fromisoformat(start).replace(tzinfo=CITY)
    wrong = {}
    for rule in BOOK:
        found = due(rule, moment, CALENDAR)
        ours = (found.at.astimezone(CITY).replace(tzinfo=None), found.inclusive)
        expected = ends(str(rule.span), moment, stays=rule.stays)
        if ours != expected:
            wrong[rule.code] = (ours, expected)
    assert wrong == {}


def test_there_are_two_thousand_cases():
    assert len(BOOK.terms()) * len(STARTS) >= 2_000


def test_no_row_was_lost():
    expected = [
        "L-TRAF-REV",
        "L-TRAF-NOTIFY",
        "L-TRAF-OBJ",
        "L-TRAF-DEL",
        "L-TRAF-EXT",
        "L-TRAF-FIVE",
        "L-TRAF-SIMPLE",
        "L-TRAF-NOTICE",
        "L-TRAF-GEN",
        "L-TRAF-COERCE",
        "L-TRAF-PUBSERV",
        "L-PAY",
        "L-APL-90",
        "L-APL-SERVE",
        "L-APL-HEAR",
        "L-APL-REG",
        "L-APL-WDR",
        "L-APL-CASH",
        "L-APL-STAT",
        "L-SEIZE",
        "L-ENF",
        "L-XFER-DEC",
        "L-XFER-PS",
        "L-XFER-REV",
        "L-XFER-HAND",
        "L-PSA-ACC",
        "L-PSA-REF",
        "L-PSA-ASK",
        "L-PSA-QUICK",
        "L-PSA-DUE",
        "L-PSA-SERVE",
        "L-PSA-FILE",
        "L-PSA-CASH",
        "L-PSA-STAT",
        "L-PSA-MED2",
        "L-CR-REV",
        "L-CR-NOT",
        "L-CR-DET",
        "L-REC",
        "L-SUE",
        "L-SVC-ONCE",
        "L-SVC-LIC",
        "L-PASS",
        "L-ID",
        "L-VEH",
        "L-EXE-N",
        "L-EXE-6M",
        "L-EXE-UP",
        "L-EXE-OBJ",
        "L-EXE-CLUE",
        "L-EXE-LIM",
        "L-COURT-PUB",
        "L-MED-CONF",
        "L-LOST",
        "L-FRD-STOP",
        "L-FRD-FRZ",
        "L-FRD-RET",
        "L-FRD-JOINT",
        "L-LOG",
        "L-BWC",
        "L-PIA",
        "L-VULN",
        "L-PETI",
        "S-GRACE",
        "S-REACH",
        "S-RING-1",
        "S-RING-3",
        "S-RING-5",
        "S-ALARM-ACK",
        "S-ALARM-ARR",
        "S-CALL-ANS",
        "S-CALL-PROC",
        "S-FRAUD-URG",
        "S-FRAUD-HIGH",
        "S-GOLD-24",
        "S-SOLVE-12",
        "S-CLUE-NIGHT",
        "S-DAY",
        "S-WEEK",
        "S-PASS-URG",
        "S-HAZ-RED",
        "S-HAZ-YELLOW",
        "S-HAZ-GREEN",
    ]
    assert [code for code in expected if code not in BOOK and not BOOK.parts(code)] == []


def test_two_versions_are_loaded_where_the_law_changed():
    day = date(2025, 12, 31), date(2026, 1, 1)
    old, new = (BOOK.term("L-PSA-DUE", on) for on in day)
    assert (old.trigger.zh, new.trigger.zh) == ("受理治安案件", "治安案件立案")
    assert (str(old.cap), str(new.cap)) == ("60 d", "90 d")


if __name__ == "__main__":
    print(*map(line, BOOK), sep="\n")  # noqa: T201 - the golden file is this output
