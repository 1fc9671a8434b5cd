"""Figures: exact in every window, rolled up or not, and the published totals of ST-05."""

from __future__ import annotations

import os
import random
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from guangyue.law import CITY
from guangyue.records.figures import (
    Window,
    by_block,
    by_day,
    by_unit,
    change,
    members,
    roll,
    share,
    took,
    total,
    totals,
)

pytestmark = pytest.mark.database
START = datetime(2026, 3, 1, tzinfo=CITY)


@pytest.fixture
def raw(city_database):
    with psycopg.connect(city_database.superuser, autocommit=True) as db:
        yield db


def tally(raw, at: datetime, figure: str = "reminders", unit: str = "u1", amount: int = 1, matter: int = 1) -> None:
    raw.execute(
        "insert into tally (procedure, figure, at, unit, amount, matter_id, seq) values ('p', %s, %s, %s, %s, %s, 1)",
        (figure, at, unit, amount, matter),
    )


def naive(raw, figure: str, window: Window) -> int:
    rows = raw.execute("select at, unit, amount from tally where figure = %s", (figure,)).fetchall()
    return sum(
        amount
        for at, unit, amount in rows
        if window.start <= at < window.end and (window.units is None or unit in window.units)
    )


def test_every_window_is_exact_before_between_and_after_rollups(raw):
    dice = random.Random(7)
    for day in range(40):
        for _ in range(dice.randrange(6)):
            at = START + timedelta(days=day, seconds=dice.randrange(86_400))
            tally(
                raw,
                at,
                dice.choice(("reminders", "penalties")),
                dice.choice(("u1", "u2", "u3")),
                dice.choice((1, 1, -1, 5)),
            )
        if day in {10, 25}:
            roll(raw)
    windows = []
    for _ in range(60):
        a, b = sorted(START + timedelta(seconds=dice.randrange(40 * 86_400)) for _ in range(2))
        if dice.random() < 0.4:
            a = a.replace(hour=0, minute=0, second=0)
        if dice.random() < 0.4:
            b = b.replace(hour=0, minute=0, second=0)
        if a < b:
            windows.append(Window(a, b, dice.choice((None, ("u1",), ("u2", "u3")))))
    for window in windows:
        for figure in ("reminders", "penalties"):
            assert total(raw, "p", figure, window) == naive(raw, figure, window), (figure, window)
    roll(raw)
    for window in windows:
        assert total(raw, "p", "reminders", window) == naive(raw, "reminders", window), window


def test_a_rollup_never_steps_over_a_transaction_in_flight(raw, city_database):
    window = Window(START, START + timedelta(days=1))
    with psycopg.connect(city_database.superuser) as slow:
        tally(slow, START)  # takes a low number, commits last
        tally(raw, START)
        roll(raw)
        assert total(raw, "p", "reminders", window) == 1
        slow.commit()
    assert total(raw, "p", "reminders", window) == 2
    roll(raw)
    roll(raw)
    assert total(raw, "p", "reminders", window) == 2


def test_midnight_belongs_to_the_new_day_of_the_city(raw):
    tally(raw, datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC))
    tally(raw, datetime(2026, 3, 1, 16, 0, tzinfo=UTC))
    window = Window.days(date(2026, 3, 1), date(2026, 3, 2))
    expected = {date(2026, 3, 1): 1, date(2026, 3, 2): 1}
    assert by_day(raw, "p", "reminders", window) == expected
    roll(raw)
    assert by_day(raw, "p", "reminders", window) == expected


def test_every_number_drills_down_to_its_entries_page_by_page(raw):
    for i in range(25):
        tally(raw, START + timedelta(minutes=i // 2), matter=i + 1)
    window = Window(START, START + timedelta(days=1))
    rows, after = [], None
    while page := members(raw, "p", "reminders", window, after=after, most=10):
        rows += page
        after = page[-1][:2]
    assert [r[1] for r in rows] == list(range(1, 26))
    assert sum(r[3] for r in rows) == total(raw, "p", "reminders", window) == 25


def test_by_unit(raw):
    for unit in ("u1", "u2", "u2"):
        tally(raw, START, unit=unit)
    assert by_unit(raw, "p", "reminders", Window(START, START + timedelta(days=1))) == {"u1": 1, "u2": 2}


def worked(raw):
    """Seconds of work so far, ours and the database's for us: what others do on the machine does not count."""
    stat = Path(f"/proc/{raw.info.backend_pid}/stat").read_text().rsplit(")", 1)[1].split()
    return time.process_time() + (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def test_st05_the_published_totals_in_under_a_second(raw):
    """113,278 reminders and 28,187 penalties from 2022-09-01 to 2023-01-06, twice the same, each drilling down."""
    window = Window.days(date(2022, 9, 1), date(2023, 1, 6))
    seconds = window.length * 86_400
    for figure, number in (("reminders", 113_278), ("penalties", 28_187)):
        raw.execute(
            "insert into tally (procedure, figure, at, unit, amount, matter_id, seq)"
            " select 'p', %s, %s + (i::float8 / %s * %s) * interval '1 second', 'u' || i %% 40, 1, i, 2"
            " from generate_series(0, %s - 1) i",
            (figure, window.start, number, seconds, number),
        )
    raw.execute(
        "insert into tally (procedure, figure, at, amount, matter_id, seq) values ('p', 'reminders', %s, 1, 0, 1)",
        (window.end,),
    )
    roll(raw)
    took = []
    for _ in range(2):
        began = time.perf_counter()
        found = totals(raw, "p", ("reminders", "penalties"), window)
        took.append(time.perf_counter() - began)
        assert found == {"reminders": 113_278, "penalties": 28_187}
    assert window.length == 128
    assert share(found["penalties"], found["reminders"]) == Decimal("24.88")
    assert [round(found[f] / window.length, 1) for f in found] == [885.0, 220.2]
    assert min(took) < 1, took
    assert len(members(raw, "p", "penalties", window, most=28_188)) == 28_187


@pytest.mark.parametrize(
    ("now", "base", "percent"),
    [
        (3748, 10_000, "-62.52"),
        (42_391, 10_000, "+323.91"),
        (8436, 10_000, "-15.64"),
        (792, 1000, "-20.80"),
        (1, 3, "-66.67"),
        (5, 5, "+0.00"),
    ],
)
def test_year_on_year_to_two_decimals_with_the_base_kept(now, base, percent):
    made = change(now, base)
    assert (str(made), made.base) == (f"{percent}%", base)


def test_from_nought_nothing_is_computed():
    assert str(change(5, 0)) == "–"
    assert share(1, 0) is None


def test_a_year_before():
    leap = Window.days(date(2024, 2, 29), date(2024, 2, 29)).a_year_before()
    assert leap.start.astimezone(CITY).date() == date(2023, 2, 28)


def test_blocks_and_times_are_exact_by_days_and_by_months(raw):
    raw.execute("set session_replication_role = replica")  # spots of matters that these tests do not have
    raw.execute("insert into figure_spot (matter_id, block) values (1, 'night:west'), (2, 'night:east')")
    raw.execute("reset session_replication_role")
    dice = random.Random(11)
    for day in range(200):
        for _ in range(dice.randrange(4)):
            at = START + timedelta(days=day, seconds=dice.randrange(86_400))
            tally(raw, at, "reminders", dice.choice(("u1", "u2")), matter=dice.choice((1, 2, 3)))
        if day in {60, 150}:
            roll(raw)
    names = {1: "night:west", 2: "night:east", 3: ""}
    for first, length in ((0, 30), (0, 200), (13, 150), (31, 92), (31, 93), (45, 120), (0, 120)):
        begin = (START + timedelta(days=first)).date()
        for units in (None, ("u1",)):
            window = Window.days(begin, begin + timedelta(days=length - 1), units)
            want: dict[str, int] = {}
            rows = raw.execute(
                "select matter_id, sum(amount)::int from tally where at >= %s and at < %s and (%s::text[] is null or unit = any(%s))"
                " group by 1", (window.start, window.end, units and list(units), units and list(units)),
            ).fetchall()  # fmt: skip
            want = {names[matter]: n for matter, n in rows}
            found = {b: v["reminders"] for b, v in by_block(raw, ["p"], ["reminders"], window).items()}
            assert found == want, (first, length, units)
    assert took(raw, ["p"], ["reminders"], Window.days(START.date(), START.date())).count == 0, (
        "a matter that is not there took no time"
    )
