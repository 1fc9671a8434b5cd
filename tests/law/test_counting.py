"""The counting rules by hand: every expected end was read off a wall calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from guangyue.law import BOOK, CALENDAR, CITY, LawError, Span, Unit, due, remaining, resuming


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


def ends(span, start, **more):
    """The end in city time as text, the exclusive midnight written as 24:00 of the last day."""
    found = due(Span.parse(span), at(start), CALENDAR, **more)
    city = found.at.astimezone(CITY)
    if found.inclusive:
        return f"{city:%Y-%m-%d %H:%M:%S}"
    assert f"{city:%H:%M:%S}" == "00:00:00"
    return f"{city - timedelta(days=1):%Y-%m-%d} 24:00"


@pytest.mark.parametrize(
    ("span", "start", "expected"),
    [
        # clock terms run day and night, to the second
        ("10 min", "2023-01-05 09:00:00", "2023-01-05 09:10:00"),
        ("30 s", "2023-01-05 23:59:45", "2023-01-06 00:00:15"),
        ("24 h", "2026-10-01 10:20:00", "2026-10-02 10:20:00"),
        ("48 h", "2024-02-28 08:00:00", "2024-03-01 08:00:00"),
        ("0 min", "2026-10-01 10:20:00", "2026-10-01 10:20:00"),
        # the first day is not counted, a day is whole
        ("1 d", "2026-11-23 00:00:00", "2026-11-24 24:00"),
        ("1 d", "2026-11-23 23:59:59", "2026-11-24 24:00"),
        ("3 d", "2026-11-23 10:00:00", "2026-11-26 24:00"),
        ("0 d", "2026-11-23 10:00:00", "2026-11-23 24:00"),
        # a last day that is not worked moves on
        ("3 d", "2026-11-19 10:00:00", "2026-11-23 24:00"),
        ("15 d", "2026-09-16 10:00:00", "2026-10-08 24:00"),
        ("0 d", "2026-10-01 10:00:00", "2026-10-08 24:00"),
        # a Saturday that is worked is a last day like any other
        ("1 d", "2026-10-09 10:00:00", "2026-10-10 24:00"),
        # working days
        ("5 wd", "2026-11-20 10:00:00", "2026-11-27 24:00"),
        ("5 wd", "2026-09-29 10:00:00", "2026-10-12 24:00"),  # 30 Sep, 8 9 10(Sat) 12 Oct
        ("1 wd", "2026-10-09 17:00:00", "2026-10-10 24:00"),
        ("2 wd", "2026-01-02 10:00:00", "2026-01-05 24:00"),  # 4 Jan is a worked Sunday
        ("0 wd", "2026-10-02 10:00:00", "2026-10-08 24:00"),
        ("1 wd", "2026-11-21 10:00:00", "2026-11-23 24:00"),  # begun on a Saturday
        # months and years
        ("1 mo", "2026-01-31 10:00:00", "2026-02-28 24:00"),  # a Saturday worked
        ("1 mo", "2024-01-31 10:00:00", "2024-02-29 24:00"),
        ("6 mo", "2025-08-31 10:00:00", "2026-02-28 24:00"),
        ("3 mo", "2026-07-01 10:00:00", "2026-10-08 24:00"),
        ("1 y", "2024-02-29 10:00:00", "2025-02-28 24:00"),
        ("2 y", "2023-01-05 09:00:00", "2025-01-06 24:00"),  # 5 Jan 2025 is a Sunday
    ],
)
def test_ends(span, start, expected):
    assert ends(span, start) == expected


@pytest.mark.parametrize(
    ("span", "start", "expected"),
    [
        ("3 d", "2026-11-19 10:00:00", "2026-11-22 24:00"),
        ("15 d", "2026-09-16 10:00:00", "2026-10-01 24:00"),
        ("1 mo", "2026-09-01 10:00:00", "2026-10-01 24:00"),
        ("0 wd", "2026-10-02 10:00:00", "2026-10-02 24:00"),
    ],
)
def test_where_liberty_is_restricted_the_last_day_stays(span, start, expected):
    assert ends(span, start, liberty=True) == expected
    assert ends(span, start) != expected, "the case shows nothing"


def test_the_start_is_read_in_the_city_whatever_its_zone():
    utc = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # 23 November 00:30 in the city
    far = utc.astimezone(timezone(timedelta(hours=-5)))
    assert due(Span.parse("1 wd"), utc, CALENDAR) == due(Span.parse("1 wd"), far, CALENDAR)
    assert due(Span.parse("1 wd"), utc, CALENDAR).at == datetime(2026, 11, 24, 16, tzinfo=UTC)


def test_ten_minutes_of_grace_are_kept_at_ten_minutes_sharp():
    grace = BOOK.term("S-GRACE", on=date(2023, 1, 5))
    sent = at("2023-01-05 09:00:00")
    end = due(grace, sent, CALENDAR)
    assert end.met_by(sent + timedelta(minutes=9, seconds=59))
    assert end.met_by(sent + timedelta(minutes=10))
    assert not end.met_by(sent + timedelta(minutes=10, microseconds=1))


def test_a_day_term_is_kept_until_just_before_midnight():
    end = due(Span.parse("5 wd"), at("2026-11-20 10:00:00"), CALENDAR)
    assert end.met_by(at("2026-11-27 23:59:59.999999"))
    assert not end.met_by(at("2026-11-28 00:00:00"))


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-22", "2026-10-01"])
def test_a_clue_goes_stale_at_midnight_holiday_or_not(day):
    clue = BOOK.term("S-CLUE-NIGHT", on=date(2026, 1, 1))
    for time in ("00:00:00", "12:00:00", "23:59:59"):
        end = due(clue, at(f"{day} {time}"), CALENDAR)
        assert end.met_by(at(f"{day} 23:59:59"))
        assert not end.met_by(at(f"{day} 23:59:59") + timedelta(seconds=1))


def test_a_seizure_lapses_on_its_day_a_public_notice_does_not():
    seizure, notice = BOOK.term("L-SEIZE", on=date(2026, 9, 1)), BOOK.term("L-COURT-PUB", on=date(2026, 9, 1))
    start = at("2026-09-03 10:00:00")  # thirty days later: 3 October
    assert due(seizure, start, CALENDAR).at == datetime(2026, 10, 3, 16, tzinfo=UTC)
    assert due(notice, start, CALENDAR).at == datetime(2026, 10, 8, 16, tzinfo=UTC)


class TestYearBoundary:
    def test_fifteen_working_days_from_late_december_are_provisional(self):
        end = due(Span.parse("15 wd"), at("2026-12-24 10:00:00"), CALENDAR)
        assert end.provisional
        assert end.calendar_version == CALENDAR.version

    def test_one_that_ends_inside_the_table_is_not(self):
        assert not due(Span.parse("5 wd"), at("2026-12-24 10:00:00"), CALENDAR).provisional

    def test_the_last_official_day_is_settled(self):
        end = due(Span.parse("1 wd"), at("2026-12-30 10:00:00"), CALENDAR)
        assert end.at == datetime(2026, 12, 31, 16, tzinfo=UTC)
        assert not end.provisional
        assert due(Span.parse("1 wd"), at("2026-12-31 10:00:00"), CALENDAR).provisional

    def test_calendar_days_are_provisional_too_because_the_last_day_may_move(self):
        assert due(Span.parse("15 d"), at("2026-12-24 10:00:00"), CALENDAR).provisional

    def test_what_never_moves_is_settled_whatever_the_year(self):
        assert not due(Span.parse("15 d"), at("2026-12-24 10:00:00"), CALENDAR, liberty=True).provisional
        assert not due(Span.parse("48 h"), at("2026-12-31 10:00:00"), CALENDAR).provisional


class TestSuspension:
    @pytest.mark.parametrize(
        ("span", "start", "now", "left"),
        [
            ("10 min", "2023-01-05 09:00:00", "2023-01-05 09:04:00", "360 s"),
            ("24 h", "2026-11-20 10:00:00", "2026-11-20 11:20:00", "81600 s"),
            ("24 h", "2026-11-20 10:00:00", "2026-11-20 10:00:00.5", "86400 s"),
            ("5 wd", "2026-09-29 10:00:00", "2026-09-29 18:00:00", "5 wd"),
            ("5 wd", "2026-09-29 10:00:00", "2026-10-05 18:00:00", "4 wd"),
            ("5 wd", "2026-09-29 10:00:00", "2026-10-10 09:00:00", "1 wd"),
            ("5 wd", "2026-09-29 10:00:00", "2026-12-01 09:00:00", "0 wd"),
            ("30 d", "2026-11-01 10:00:00", "2026-11-11 09:00:00", "20 d"),
            ("6 mo", "2026-01-31 10:00:00", "2026-07-01 09:00:00", "30 d"),
            ("1 y", "2026-01-31 10:00:00", "2027-01-31 09:00:00", "0 d"),
            ("5 wd", "2026-09-29 10:00:00", "2026-09-01 10:00:00", "5 wd"),  # before it began: all of it
        ],
    )
    def test_the_remainder_keeps_its_unit(self, span, start, now, left):
        assert str(remaining(Span.parse(span), at(start), at(now), CALENDAR)) == left

    def test_three_working_days_left_are_three_working_days_later(self):
        left = remaining(Span.parse("5 wd"), at("2026-09-25 10:00:00"), at("2026-09-29 15:00:00"), CALENDAR)
        assert str(left) == "3 wd"  # 25 Sep is Mid-Autumn; 28 and 29 were used
        resumed = due(left, at("2026-11-20 09:00:00"), CALENDAR)
        assert resumed.at == datetime(2026, 11, 25, 16, tzinfo=UTC)

    def test_a_rule_resumes_with_its_other_properties(self):
        seizure = BOOK.term("L-SEIZE", on=date(2026, 9, 1))
        left = remaining(seizure, at("2026-09-01 10:00:00"), at("2026-09-21 10:00:00"), CALENDAR)
        assert str(left) == "10 d"
        resumed = due(resuming(seizure, left), at("2026-09-23 10:00:00"), CALENDAR)
        assert resumed.at == datetime(2026, 10, 3, 16, tzinfo=UTC), (
            "a lapsing measure still does not move off a holiday"
        )


class TestExtension:
    def test_a_security_case_may_take_thirty_days_three_times(self):
        rule = BOOK.term("L-PSA-DUE", on=date(2026, 3, 1))
        month = Span(30, Unit.DAY)
        assert str(rule.extended()) == "30 d"
        assert str(rule.extended(month)) == "60 d"
        assert str(rule.extended(month, month)) == "90 d"
        with pytest.raises(LawError) as refused:
            rule.extended(month, month, month)
        assert refused.value.code == "law.extension.count"

    def test_before_2026_only_twice(self):
        rule = BOOK.term("L-PSA-DUE", on=date(2025, 12, 31))
        month = Span(30, Unit.DAY)
        assert str(rule.extended(month)) == "60 d"
        with pytest.raises(LawError) as refused:
            rule.extended(month, month)
        assert refused.value.code == "law.extension.count"

    def test_a_shorter_extension_is_lawful_a_longer_or_other_one_is_not(self):
        rule = BOOK.term("L-TRAF-COERCE.4", on=date(2026, 3, 1))
        assert str(rule.extended(Span.parse("2 wd"))) == "12 wd"
        for wrong in ("6 wd", "5 d"):
            with pytest.raises(LawError) as refused:
                rule.extended(Span.parse(wrong))
            assert refused.value.code == "law.extension.length"

    def test_what_has_no_extension_refuses_one(self):
        with pytest.raises(LawError) as refused:
            BOOK.term("L-APL-90", on=date(2026, 3, 1)).extended(Span.parse("1 d"))
        assert refused.value.code == "law.extension.none"


class TestBadInput:
    def test_a_naive_time_is_refused(self):
        naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the very mistake
        for call in (
            lambda: due(Span.parse("5 wd"), naive, CALENDAR),
            lambda: due(Span.parse("5 min"), naive, CALENDAR),
            lambda: remaining(Span.parse("5 wd"), at("2026-01-01"), naive, CALENDAR),
            lambda: BOOK.term("S-GRACE", on=naive),
        ):
            with pytest.raises(LawError) as refused:
                call()
            assert refused.value.code == "law.time.naive"

    @pytest.mark.parametrize("span", ["999999999 h", "999999999 d", "999999999 wd", "999999999 mo", "99999 y"])
    def test_a_term_beyond_all_calendars_is_refused(self, span):
        with pytest.raises(LawError) as refused:
            due(Span.parse(span), at("2026-01-01"), CALENDAR)
        assert refused.value.code == "law.calendar.beyond"

    def test_a_start_before_the_calendar_is_refused(self):
        with pytest.raises(LawError) as refused:
            due(Span.parse("5 wd"), at("2019-12-20"), CALENDAR)
        assert refused.value.code == "law.calendar.before"
