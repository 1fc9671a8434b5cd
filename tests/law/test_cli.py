"""``guangyue law`` as a clerk uses it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from guangyue.cli.law import group
from guangyue.law import BOOK


def run(*words, code=0):
    done = CliRunner().invoke(group, list(words))
    assert done.exit_code == code, done.output
    return done.output


def test_due_says_rule_and_end():
    shown = run("due", "L-TRAF-REV", "2026-09-29T10:00")
    assert "《道路交通安全违法行为处理程序规定》第19条" in shown
    assert shown.splitlines()[-1] == "2026-10-12 24:00"


def test_due_in_english_with_extensions_and_what_is_left():
    shown = run(
        "due",
        "L-PSA-DUE",
        "2026-03-01T10:00",
        "--extend",
        "30 d",
        "--extend",
        "30 d",
        "--now",
        "2026-05-01",
        "--lang",
        "en",
    )
    assert shown.splitlines() == [
        "L-PSA-DUE  security case concluded  90 days  Public Security Administration Penalties Law art. 118",
        "2026-06-01 24:00",
        "29 days left",
    ]


def test_due_of_a_bare_length_past_the_calendar_is_provisional():
    assert run("due", "15 wd", "2026-12-28") == "2027-01-18 24:00（暂定：放假安排尚未公布）\n"


def test_due_to_the_second_and_lapsed():
    assert run("due", "S-GRACE", "2023-01-05 09:00", "--now", "2023-01-05 09:10:01").splitlines()[1:] == [
        "2023-01-05 09:10:00",
        "已逾期",
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("due", "L-X", "2026-01-01"), 1, "law.rule.unknown"),
        (("due", "L-XFER-PS", "2026-01-01"), 1, "L-XFER-PS.1"),
        (("due", "L-REC.3", "2022-01-01"), 1, "law.rule.not_in_force"),
        (("due", "5 weeks", "2026-01-01"), 1, "law.span.malformed"),
        (("due", "5 wd", "2019-01-01"), 1, "law.calendar.before"),
        (("due", "5 wd", "2026-01-01", "--extend", "1 wd"), 1, "只有规则可以延长"),
        (("due", "L-PAY", "2026-01-01", "--extend", "1 d"), 1, "law.extension.none"),
        (("due", "L-PAY", "yesterday"), 2, "不是时间"),
        (("show", "L-X"), 1, "law.rule.unknown"),
    ],
)
def test_mistakes_are_explained(words, code, said):
    assert said in run(*words, code=code)


def test_show_lists_versions_parts_and_explains_unverified_once():
    shown = run("show", "L-PSA-DUE")
    assert shown.count("办结治安案件") == 2
    assert "未经核实" not in shown
    assert run("show", "L-XFER-PS", "--lang", "en").count("L-XFER-PS.") == 4
    assert run("show", "S-GRACE").count("法制部门") == 1
    assert "working days by: Road Traffic Violation Procedure Provisions art. 81" in run(
        "show", "L-TRAF-REV", "--lang", "en"
    )


def test_list_shows_every_term_in_force():
    shown = run("list", "--on", "2026-03-01").splitlines()
    from datetime import date

    assert len(shown) == len(BOOK.in_force(date(2026, 3, 1)))
    assert any(row.startswith("? S-GRACE") for row in shown)
    assert any(row.startswith("  L-PAY") for row in shown)


def test_check_is_quiet_in_order_and_fails_when_the_calendar_runs_out():
    shown = run("check", "--on", "2026-11-22")
    assert "2026-12-31" in shown
    assert shown.count("法制部门") == 1
    late = run("check", "--on", "2026-12-05", "--lang", "en", code=1)
    assert late.startswith("calendar")
    assert "load the next year's table" in late


def test_check_all_lists_what_is_unverified():
    shown = run("check", "--on", "2026-11-22", "--all")
    assert "unverified  S-GRACE" in shown
    assert "provisional L-APL-90" in shown
