"""Only reported calls may teach a forecast, and every fault of a file is said at once."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guangyue.engines.patrol.errors import CHINESE, PatrolError
from guangyue.engines.patrol.events import REFUSED, REPORTED, calls, read_calls

GOOD = {"time": "2026-05-10 21:30", "longitude": 115.98, "latitude": 36.45, "source": "call"}


def table(*rows):
    return pl.DataFrame([GOOD | row for row in rows])


def test_good_rows_come_in_the_order_of_time_in_the_citys_calendar():
    read = calls(table({"time": "2026-05-11 00:10"}, {"time": "2026-05-10 21:30"}), zone="Asia/Shanghai")
    assert read.second.tolist() == [21 * 3600 + 1800, 600]
    assert read.day[1] - read.day[0] == 1


def test_times_with_an_offset_are_brought_into_the_citys_zone():
    read = calls(table({"time": "2026-05-10T16:30:00Z"}), zone="Asia/Shanghai")
    assert read.second.tolist() == [1800]
    assert read.day.tolist() == [20584]


@pytest.mark.parametrize("source", sorted(REPORTED))
def test_every_reported_source_is_taken(source):
    assert len(calls(table({"source": f" {source.upper()} "}), zone="Asia/Shanghai")) == 1


@pytest.mark.parametrize("source", sorted(REFUSED))
def test_one_officer_made_row_refuses_the_whole_file(source):
    with pytest.raises(PatrolError, match="must not learn") as refused:
        calls(table({}, {"source": source}), zone="Asia/Shanghai")
    assert refused.value.code == "patrol.events.refused"
    assert "row 2" in refused.value.sentence


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"source": "gossip"}, "patrol.events.source"),
        ({"source": None}, "patrol.events.source"),
        ({"latitude": 95.0}, "patrol.events.place"),
        ({"longitude": float("nan")}, "patrol.events.place"),
        ({"longitude": None}, "patrol.events.place"),
        ({"time": "yesterday"}, "patrol.events.time"),
    ],
)
def test_a_bad_row_is_named_beside_a_good_one(row, code):
    with pytest.raises(PatrolError) as refused:
        calls(table({}, row), zone="Asia/Shanghai")
    assert refused.value.code == code
    assert "row 2" in refused.value.sentence


def test_all_faults_are_told_at_once():
    with pytest.raises(PatrolError) as refused:
        calls(table({"source": "arrest"}, {"latitude": 99.0}, {"time": "?"}), zone="Asia/Shanghai")
    assert set(refused.value.params["rows"]) == {"patrol.events.refused", "patrol.events.place", "patrol.events.time"}


def test_a_table_without_a_source_is_refused_and_a_statement_for_all_rows_helps(tmp_path):
    path = tmp_path / "calls.csv"
    table({}).drop("source").write_csv(path)
    with pytest.raises(PatrolError) as refused:
        read_calls(path, zone="Asia/Shanghai")
    assert refused.value.code == "patrol.events.columns"
    assert len(read_calls(path, zone="Asia/Shanghai", all_from="call")) == 1
    with pytest.raises(PatrolError, match="officers looked"):
        read_calls(path, zone="Asia/Shanghai", all_from="stop")


def test_a_statement_does_not_overrule_the_rows_own_source(tmp_path):
    path = tmp_path / "calls.parquet"
    table({"source": "arrest"}).write_parquet(path)
    with pytest.raises(PatrolError) as refused:
        read_calls(path, zone="Asia/Shanghai", all_from="call")
    assert refused.value.code == "patrol.events.twice"


def test_mixed_offsets_dates_without_hours_and_missing_files_are_refused(tmp_path):
    with pytest.raises(PatrolError, match="two meanings"):
        calls(table({}, {"time": "2026-05-10T16:30:00Z"}), zone="Asia/Shanghai")
    with pytest.raises(PatrolError) as dates:
        calls(table({}).with_columns(time=pl.date(2026, 5, 10)), zone="Asia/Shanghai")
    assert dates.value.code == "patrol.events.hour"
    with pytest.raises(PatrolError) as absent:
        read_calls(tmp_path / "none.csv", zone="Asia/Shanghai")
    assert absent.value.code == "patrol.events.file"
    with pytest.raises(PatrolError) as zone:
        calls(table({"time": "2026-05-10T16:30:00Z"}), zone="Nowhere/City")
    assert zone.value.code == "patrol.events.zone"


@given(st.integers(0, 86_399))
def test_each_second_lies_in_one_slot_and_midnight_belongs_to_the_evening_before(second):
    read = calls(
        table({"time": f"2026-05-10 {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"}), zone="Asia/Shanghai"
    )
    slot = int(read.slot((6, 18, 20, 22))[0])
    hour = second / 3600
    assert slot == (3 if hour < 6 or hour >= 22 else 0 if hour < 18 else 1 if hour < 20 else 2)


@pytest.mark.parametrize("hours", [(), (18, 20, 22, 0), (0, 24), (-1, 5), (3, 3)])
def test_slots_that_do_not_ascend_are_refused(hours):
    with pytest.raises(PatrolError) as refused:
        calls(table({}), zone="Asia/Shanghai").slot(hours)
    assert refused.value.code == "patrol.slots"


def test_a_refusal_speaks_both_languages():
    with pytest.raises(PatrolError) as refused:
        calls(table({"source": "arrest"}), zone="Asia/Shanghai")
    assert "不得以此学习" in refused.value.of("zh")
    assert "must not learn" in refused.value.of("en")
    assert all(code.startswith("patrol.") for code in CHINESE)
