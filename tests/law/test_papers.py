"""Papers: a missing field stops a paper, and what it must not say stops it too."""

from __future__ import annotations

from datetime import date

import pytest

from guangyue.law.papers import FIELDS, PAPERS, complete

NOW = date(2026, 3, 1)


@pytest.mark.parametrize("paper", tuple(PAPERS), ids=lambda paper: f"{paper.code}-{paper.effective_from}")
def test_complete_with_every_field_and_with_none_missing(paper):
    on = paper.effective_from
    assert complete(paper.code, paper.fields, on)
    for left_out in paper.fields:
        found = complete(paper.code, [field for field in paper.fields if field != left_out], on)
        assert found.codes == (f"paper.missing.{left_out}",)
    for wrong in paper.forbidden:
        assert complete(paper.code, [*paper.fields, wrong], on).codes == (f"paper.forbidden.{wrong}",)


def test_all_missing_fields_are_named_at_once():
    paper = PAPERS.get("F-decision", NOW)
    assert len(complete("F-decision", (), NOW).reasons) == len(paper.fields)


@pytest.mark.parametrize("code", ["F-spot-decision", "F-traffic-simple", "F-security-spot"])
def test_since_2024_an_on_the_spot_paper_says_review_first(code):
    def fields(on):
        return set(PAPERS.get(code, on).fields)

    assert "review_first" not in fields(date(2023, 12, 31))
    assert "review_first" in fields(date(2024, 1, 1))
    assert complete(code, [*fields(NOW), "direct_suit"], NOW).codes == ("paper.forbidden.direct_suit",)


def test_a_reminder_is_no_penalty_and_starts_no_clock():
    reminder = PAPERS.get("F-reminder", NOW)
    assert not reminder.starts_clocks
    assert PAPERS.get("F-traffic-slip", NOW).starts_clocks
    assert "paper.forbidden.amount" in complete("F-reminder", [*reminder.fields, "amount"], NOW).codes


def test_a_warning_notice_names_no_fine():
    warning = PAPERS.get("F-warning", NOW)
    assert complete("F-warning", warning.fields, NOW)
    assert complete("F-warning", [*warning.fields, "amount"], NOW).codes == ("paper.forbidden.amount",)


def test_every_field_has_a_title_and_is_used():
    used = {field for paper in PAPERS for field in (*paper.fields, *paper.forbidden, *(f for _, f in paper.fields_if))}
    assert used <= set(FIELDS)
    assert set(FIELDS) - used == set(), "a field no paper knows"


@pytest.mark.parametrize("code", ["F-decision", "F-security-decision"])
def test_a_fine_names_its_late_fee_and_property_its_list(code):
    fields = PAPERS.get(code, NOW).fields
    assert complete(code, fields, NOW), "a warning needs neither"
    assert complete(code, fields, NOW, cases=("fine", "property")).codes == (
        "paper.missing.late_fee",
        "paper.missing.property_list",
    )
    assert complete(code, [*fields, "late_fee"], NOW, cases=("fine",))


def test_no_field_stands_twice():
    for paper in PAPERS:
        assert len(set(paper.fields)) == len(paper.fields)
        assert not paper.forbidden & set(paper.fields)
