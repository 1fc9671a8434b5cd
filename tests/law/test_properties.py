"""Every term on random days against a second implementation, and the laws of arithmetic a clerk would expect."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.law.reference import ends

from guangyue.law import BOOK, CALENDAR, CITY, Span, Unit, due, remaining

FIRST, LAST = datetime(2020, 1, 1, tzinfo=CITY), datetime(2026, 12, 31, 23, 59, 59, tzinfo=CITY)
MOMENTS = st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)).map(lambda t: t.replace(tzinfo=CITY))
LONGEST = {
    Unit.SECOND: 10**6,
    Unit.MINUTE: 10**5,
    Unit.HOUR: 5000,
    Unit.DAY: 800,
    Unit.WORKING_DAY: 300,
    Unit.MONTH: 40,
    Unit.YEAR: 6,
}
SPANS = st.sampled_from(list(Unit)).flatmap(lambda u: st.integers(0, LONGEST[u]).map(lambda n: Span(n, u)))


def agrees(span, start, *, stays):
    found = due(span, start, CALENDAR, liberty=stays)
    expected, inclusive = ends(str(span), start, stays=stays)
    ours = found.at.astimezone(CITY).replace(tzinfo=None)
    assert (ours, found.inclusive) == (expected, inclusive), f"{span} from {start.isoformat()}, stays={stays}"


@given(SPANS, MOMENTS, st.booleans())
def test_equal_to_the_second_implementation(span, start, stays):
    agrees(span, start, stays=stays)


def random_cases(count, seed):
    chance = random.Random(seed)
    units = list(Unit)
    seconds = int((LAST - FIRST).total_seconds())
    for _ in range(count):
        unit = chance.choice(units)
        most = LONGEST[unit] if chance.random() < 0.1 else min(LONGEST[unit], 30)
        yield (
            Span(chance.randrange(most + 1), unit),
            FIRST + timedelta(seconds=chance.randrange(seconds)),
            chance.random() < 0.3,
        )


def test_equal_on_many_random_dates():
    for span, start, stays in random_cases(5_000, seed=1):
        agrees(span, start, stays=stays)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_equal_on_a_million_random_dates():
    for span, start, stays in random_cases(1_000_000, seed=2026):
        agrees(span, start, stays=stays)


@given(SPANS, MOMENTS)
def test_midnight_decides_to_the_second(span, start):
    end = due(span, start, CALENDAR)
    second = timedelta(seconds=1)
    assert end.met_by(end.at - second)
    assert end.met_by(end.at) is end.inclusive
    assert not end.met_by(end.at + second)


@given(SPANS, MOMENTS, st.timedeltas(timedelta(0), timedelta(days=900)))
def test_a_later_start_never_ends_earlier(span, start, delay):
    later = min(start + delay, LAST)
    assert due(span, start, CALENDAR).at <= due(span, later, CALENDAR).at


@given(SPANS, MOMENTS)
def test_a_longer_term_never_ends_earlier(span, start):
    longer = Span(span.amount + 1, span.unit)
    assert due(span, start, CALENDAR).at <= due(longer, start, CALENDAR).at


@given(SPANS, MOMENTS)
def test_the_start_is_never_past_the_end(span, start):
    assert due(span, start, CALENDAR).met_by(start)


@given(SPANS, MOMENTS, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_suspended_and_resumed_at_once_it_ends_as_before(span, start, passed):
    now = start + passed
    before = due(span, start, CALENDAR)
    if not before.met_by(now):
        assert remaining(span, start, now, CALENDAR).amount == 0, "a lapsed term has nothing left"
        return
    after = due(remaining(span, start, now, CALENDAR), now, CALENDAR)
    assert timedelta(0) <= after.at - before.at < timedelta(seconds=1), "clock terms keep whole seconds, rounded up"
    assert after.inclusive is before.inclusive


@given(SPANS, MOMENTS, st.timedeltas(timedelta(0), timedelta(days=60)), st.timedeltas(timedelta(0), timedelta(days=60)))
def test_a_pause_never_shortens_a_term(span, start, passed, pause):
    now = start + passed
    if due(span, start, CALENDAR).met_by(now):
        left = remaining(span, start, now, CALENDAR)
        assert due(left, now + pause, CALENDAR).at >= due(span, start, CALENDAR).at


@given(SPANS, MOMENTS)
def test_provisional_exactly_when_an_unsettled_day_decides(span, start):
    end = due(span, start, CALENDAR)
    if span.unit.is_clock:
        assert not end.provisional
    else:
        last = (end.at.astimezone(CITY) - timedelta(days=1)).date()
        assert end.provisional is (last > CALENDAR.official_until)


@settings(max_examples=300)
@given(st.sampled_from(BOOK.terms()), MOMENTS)
def test_every_rule_of_the_book_is_counted_by_its_own_marks(rule, start):
    found = due(rule, start, CALENDAR)
    expected, inclusive = ends(str(rule.span), start, stays=rule.stays)
    assert (found.at.astimezone(CITY).replace(tzinfo=None), found.inclusive) == (expected, inclusive)
    assert found.at.tzinfo is UTC


@given(SPANS)
def test_a_span_reads_back_what_it_writes(span):
    assert Span.parse(str(span)) == span
    assert span.text.zh
    assert span.text.en
