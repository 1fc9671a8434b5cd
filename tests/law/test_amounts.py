"""Limits, late fees, ages, bands and ladders: figures as the articles give them, and the arithmetic on them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guangyue.law import LawError, Text
from guangyue.law.competence import BANDS, LADDERS, Band, Offence, Step, applicable_band, may_fine
from guangyue.law.dated import Dated
from guangyue.law.laws import PENALTY
from guangyue.law.limits import LIMITS, age_on, late_fee

NOW, BEFORE = date(2026, 3, 1), date(2025, 12, 31)


@pytest.mark.parametrize(
    ("code", "on", "amount"),
    [
        ("M-APL-SPOT-CITIZEN", NOW, 200_00), ("M-APL-SPOT-ORG", NOW, 3_000_00), ("M-TRAF-SPOT", NOW, 200_00),
        ("M-PSA-SPOT", BEFORE, 200_00), ("M-PSA-SPOT", NOW, 500_00),
        ("M-APL-CASH", NOW, 100_00), ("M-PSA-CASH", BEFORE, 50_00), ("M-PSA-CASH", NOW, 200_00),
        ("M-PSA-STATION", BEFORE, 500_00), ("M-PSA-STATION", NOW, 1_000_00),
        ("M-PSA-HEARING", BEFORE, 2_000_00), ("M-PSA-HEARING", NOW, 4_000_00), ("M-POLICE-HEARING-ORG", NOW, 10_000_00),
        ("M-APL-HEARING-CITIZEN", NOW, 2_000_00), ("M-APL-HEARING-ORG", NOW, 10_000_00),
        ("M-LATE-RATE", NOW, 3), ("M-LATE-CAP", NOW, 100),
        ("M-AGE-NONE", NOW, 14), ("M-AGE-LIGHTER", NOW, 18), ("M-AGE-DETAIN", NOW, 16), ("M-AGE-DETAIN-FIRST", NOW, 18),
        ("M-AGE-OLD", NOW, 70),
        ("M-OFFICERS", NOW, 2), ("M-TRAF-OFFICERS-SIMPLE", NOW, 1), ("M-TRAF-OFFICERS", NOW, 2), ("M-XFER-OFFICERS", NOW, 2),
        ("M-TRAF-OPEN", NOW, 5), ("M-FRD-STOP", NOW, 2), ("M-PHOTOS", NOW, 2), ("M-PHOTOS-WIDE", NOW, 1),
    ],
)  # fmt: skip
def test_limit(code, on, amount):
    assert LIMITS.get(code, on).amount == amount


def test_every_limit_has_a_golden_row():
    tested = {case[0] for case in test_limit.pytestmark[0].args[1]}
    assert tested == set(LIMITS.codes())


@pytest.mark.parametrize(
    ("fine", "days", "fee"),
    [
        (100_00, 0, 0),
        (100_00, 1, 3_00),
        (100_00, 33, 99_00),
        (100_00, 34, 100_00),
        (100_00, 4_000, 100_00),
        (1_01, 1, 3),
    ],
)
def test_late_fee_is_three_percent_a_day_and_never_more_than_the_fine(fine, days, fee):
    assert late_fee(fine, days, NOW) == fee


@given(st.integers(0, 10**8), st.integers(0, 10**4))
def test_late_fee_grows_and_stops(fine, days):
    assert 0 <= late_fee(fine, days, NOW) <= late_fee(fine, days + 1, NOW) <= fine


@pytest.mark.parametrize("wrong", [(-1, 1), (1, -1)])
def test_a_negative_late_fee_is_refused(wrong):
    with pytest.raises(ValueError, match="cannot be negative"):
        late_fee(*wrong, NOW)


@pytest.mark.parametrize(
    ("birth", "day", "years"),
    [
        ("2012-05-10", "2026-05-10", 13),  # a year is complete on the day after the birthday
        ("2012-05-10", "2026-05-11", 14),
        ("2012-02-29", "2026-02-28", 13),
        ("2012-02-29", "2026-03-01", 14),
        ("1956-12-31", "2026-12-31", 69),
        ("1956-12-31", "2027-01-01", 70),
    ],
)
def test_age_in_law(birth, day, years):
    assert age_on(date.fromisoformat(birth), date.fromisoformat(day)) == years


@given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(1, 40_000))
def test_age_never_falls(birth, days):
    day = birth + timedelta(days=days)
    assert age_on(birth, day) <= age_on(birth, day + timedelta(days=1)) <= age_on(birth, day) + 1


@pytest.mark.parametrize(
    ("code", "least", "most"),
    [
        ("B-parking", 20_00, 200_00), ("B-parking.city", 100_00, 100_00), ("B-parking.province", 100_00, 100_00),
        ("B-bay.occupied", 500_00, 500_00), ("B-ground_lock", 200_00, 1_000_00), ("B-trade.road", 1_000_00, 10_000_00),
        ("B-trade.market", 2_000_00, 20_000_00), ("B-trade.outside", 200_00, 2_000_00), ("B-small_ads", 100_00, 1_000_00),
        ("B-traffic.rules", 20_00, 200_00), ("B-traffic.rider", 5_00, 50_00), ("B-throwing", 0, 1_000_00),
        ("B-throwing.serious", 0, 1_000_00), ("B-parking.long", None, None), ("B-parking.setback", None, None),
        ("B-traffic.low_speed", 20_00, 200_00), ("B-data_sale", None, None),
        ("B-data_sale.minor", None, None),
    ],
)  # fmt: skip
def test_band(code, least, most):
    band = BANDS.get(code, NOW)
    assert (band.least, band.most) == (least, most)


def test_every_band_has_a_golden_row():
    assert {case[0] for case in test_band.pytestmark[0].args[1]} == set(BANDS.codes())


OUTSIDE = BANDS.get("B-trade.outside", NOW)
ALL_STEPS = (Step.ADVISE, Step.ADMONISH, Step.ORDER, Step.REFUSED)


@pytest.mark.parametrize(("fen", "code"), [(199_99, "band.below"), (2_000_01, "band.above")])
def test_a_fine_stays_inside_its_band(fen, code):
    assert may_fine(OUTSIDE, 200_00, ALL_STEPS, NOW)
    assert may_fine(OUTSIDE, 2_000_00, ALL_STEPS, NOW)
    assert may_fine(OUTSIDE, fen, ALL_STEPS, NOW).codes == (code,)


@pytest.mark.parametrize("left_out", ALL_STEPS)
def test_a_shop_is_advised_admonished_and_ordered_before_it_is_fined(left_out):
    found = may_fine(OUTSIDE, 500_00, [step for step in ALL_STEPS if step is not left_out], NOW)
    assert found.codes == ("ladder.missing",)


def test_every_missing_step_is_named():
    assert may_fine(OUTSIDE, 5_000_00, (), NOW).codes == ("band.above", *("ladder.missing",) * 4)


def test_where_there_is_no_fine_none_may_be_given():
    assert may_fine(BANDS.get("B-parking.long", NOW), 100_00, (), NOW).codes == ("band.no_fine",)
    assert may_fine(BANDS.get("B-throwing", NOW), 0, (), NOW).codes == ("band.below",)
    assert may_fine(BANDS.get("B-throwing", NOW), 1, (), NOW)


def test_an_offence_without_its_own_ladder_follows_the_flexible_one():
    assert "D-traffic.rules" not in LADDERS
    assert may_fine(BANDS.get("B-traffic.rules", NOW), 50_00, (), NOW)
    assert LADDERS.get("D-flexible", NOW).steps == (Step.EXPLAIN, Step.ORAL_WARNING, Step.WRITTEN_WARNING, Step.FINE)


def test_a_ladder_ends_with_the_fine_and_demands_only_its_own_steps():
    for ladder in LADDERS:
        assert ladder.steps[-1] is Step.FINE
        assert ladder.before_fine < set(ladder.steps)


def version(most, since, until=None):
    return Band(
        code="B-x", title=Text("试", "test"), offence=Offence.PARKING, warning=False, least=0, most=most,
        source=PENALTY.source("1"), verified=True, effective_from=since, effective_to=until,
    )  # fmt: skip


@pytest.mark.parametrize(("old", "new", "applied"), [(500, 300, 300), (500, 800, 500)])
def test_the_law_of_the_act_unless_the_new_one_is_lighter(old, new, applied):
    bands = Dated([version(old, date(2020, 1, 1), date(2025, 12, 31)), version(new, date(2026, 1, 1))])
    assert applicable_band("B-x", date(2025, 6, 1), date(2026, 2, 1), bands).most == applied
    assert applicable_band("B-x", date(2026, 1, 2), date(2026, 2, 1), bands).most == new


def test_what_was_not_punishable_on_its_day_stays_so():
    with pytest.raises(LawError) as refused:
        applicable_band("B-throwing", BEFORE, NOW)
    assert refused.value.code == "law.rule.not_in_force"
