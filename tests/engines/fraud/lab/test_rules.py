"""The rule file: what an analyst may write, what is refused and where, and what the compiled rules answer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guangyue.engines.fraud.catalogue import NAMES
from guangyue.engines.fraud.rules import (
    LEVELS,
    AlertBook,
    Rule,
    RuleError,
    RuleSet,
    alert_id,
    parse,
    read,
    reason,
    value_text,
)
from guangyue.engines.fraud.rules.grammar import OPERATORS, unit_of
from guangyue.engines.fraud.sources import BY_CODE, SCAM_TYPES

AT = {name: i for i, name in enumerate(NAMES)}
SOURCE = {code: i for i, code in enumerate(BY_CODE)}


def rule_text(when: str, **more: str) -> str:
    fields = {"code": "a.b", "type": "authority", "level": "high", "zh": "原因", "en": "reason"} | more
    lines = [f'{key} = "{value}"' for key, value in fields.items() if not value.startswith("[")]
    lines += [f"{key} = {value}" for key, value in fields.items() if value.startswith("[")]
    return "[[rule]]\n" + "\n".join(lines) + f"\nwhen = [\n{when}\n]\n"


def vector(**values: float) -> np.ndarray:
    row = np.full(len(NAMES), np.nan)
    for name, value in values.items():
        row[AT[name.replace("__", ".")]] = value
    return row


def holds(when: str, row: np.ndarray, source: str = "voice_call", **more: str) -> bool:
    found = RuleSet(parse(rule_text(when, **more))).match(np.array([SOURCE[source]]), row[None, :])
    return bool(found[0, 0])


def test_the_national_rules_are_sound_and_cover_every_type():
    rules = read()
    assert {r.type for r in rules} >= set(SCAM_TYPES[:10])
    assert all(r.zh and r.en for r in rules)
    assert all(any("一" <= c <= "鿿" for c in r.zh) for r in rules), "a Chinese reason without Chinese"
    assert not any(any("一" <= c <= "鿿" for c in r.en) for r in rules), "an English reason with Chinese"
    assert {r.level for r in rules} == set(LEVELS)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (rule_text('"person.calls_in_24 >= 3",'), 8, "do you mean 'person.calls_in_24h'"),
        (rule_text('"person.talk_in_max_24h >= 15",'), 8, "write s or m or h or d"),
        (rule_text('"person.out_sum_24h >= 15m",'), 8, "write yuan or fen"),
        (rule_text('"person.calls_in_24h >= 3 yuan",'), 8, "write a bare number"),
        (rule_text('"person.sms_score_max_24h >= 300",'), 8, "write permille"),
        (rule_text('"person.out_sum_24h > 2 x person.calls_in_24h",'), 8, "cannot be compared"),
        (rule_text('"person.calls_in_24h is big",'), 8, "is not `feature"),
        (rule_text('"person.calls_in_24h >= 1 or nothing",'), 8, "'nothing' is not `feature"),
        (rule_text('"person.calls_in_24h >= 1",', type="autority"), 3, "do you mean 'authority'"),
        (rule_text('"person.calls_in_24h >= 1",', level="red"), 4, "level 'red' is not known"),
        (rule_text('"person.calls_in_24h >= 1",', on='["voice_cal"]'), 7, "do you mean 'voice_call'"),
        (rule_text('"person.calls_in_24h >= 1",', bucket="1s"), 7, "between 5m and 30d"),
        (rule_text('"person.calls_in_24h >= 1",', bucket="soon"), 7, "a duration is written like"),
        (rule_text('"person.calls_in_24h >= 1",', zh="{person.nothing}"), 5, "no feature 'person.nothing'"),
        (rule_text('"person.calls_in_24h >= 1",', en=""), 1, "en is missing"),
        (rule_text('"person.calls_in_24h >= 1",', colour="blue"), 7, "unknown key 'colour'"),
        (rule_text("7,"), 7, "when holds texts"),
        ("[[rule]]\ncode = 3 3\n", 2, "not valid TOML"),
        ("", 1, "there is no [[rule]]"),
        ("[rules]\n", 1, "unknown table 'rules'"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_line(text, line, says):
    with pytest.raises(RuleError) as caught:
        parse(text)
    assert any(says in f.message for f in caught.value.faults), str(caught.value)
    fault = next(f for f in caught.value.faults if says in f.message)
    assert fault.line == line, fault.text()


def test_every_fault_of_every_rule_is_told_at_once():
    two = rule_text('"person.nope >= 1",') + rule_text('"person.calls_in_24h >= 1m",')
    with pytest.raises(RuleError) as caught:
        parse(two)
    assert [f.line for f in caught.value.faults] == [8, 11, 17]
    assert "is taken by an earlier rule" in str(caught.value)


@pytest.mark.parametrize(
    ("when", "value", "expected"),
    [
        ('"person.talk_in_max_24h >= 15m",', 900.0, True),
        ('"person.talk_in_max_24h >= 15m",', 899.0, False),
        ('"person.talk_in_max_24h > 15m",', 900.0, False),
        ('"person.talk_in_max_24h < 1h",', 3_599.0, True),
        ('"person.talk_in_max_24h <= 1h",', 3_600.0, True),
        ('"person.talk_in_max_24h = 2s",', 2.0, True),
        ('"person.talk_in_max_24h != 2s",', 2.0, False),
        ('"person.talk_in_max_24h != 2s",', math.nan, False),
        ('"person.talk_in_max_24h >= 0s",', math.nan, False),
        ('"person.talk_in_max_24h is absent",', math.nan, True),
        ('"person.talk_in_max_24h is absent",', 0.0, False),
    ],
)
def test_comparisons_and_units(when, value, expected):
    assert holds(when, vector(person__talk_in_max_24h=value)) is expected


def test_lines_are_joined_by_and_alternatives_by_or():
    when = '"person.calls_in_24h >= 2",\n"person.shares_1h >= 1 or person.forwarded_24h >= 1",'
    assert holds(when, vector(person__calls_in_24h=2, person__forwarded_24h=1))
    assert holds(when, vector(person__calls_in_24h=2, person__shares_1h=1))
    assert not holds(when, vector(person__calls_in_24h=2))
    assert not holds(when, vector(person__calls_in_24h=1, person__shares_1h=1))


def test_a_feature_against_a_multiple_of_another():
    when = '"person.out_max_24h > 3 x person.out_mean_30d",'
    assert holds(when, vector(person__out_max_24h=301, person__out_mean_30d=100))
    assert not holds(when, vector(person__out_max_24h=300, person__out_mean_30d=100))
    assert not holds(when, vector(person__out_max_24h=300)), "no habit known: no comparison"


def test_a_rule_is_only_asked_at_its_records():
    row = vector(person__calls_in_24h=5)
    assert holds('"person.calls_in_24h >= 1",', row, "bank_transfer", on='["bank_transfer", "payment"]')
    assert not holds('"person.calls_in_24h >= 1",', row, "voice_call", on='["bank_transfer", "payment"]')


def naive(rule: Rule, source: str, row: np.ndarray) -> bool:
    def one(c):
        value = row[AT[c.name]]
        if c.op == "is absent":
            return math.isnan(value)
        against = c.number * (row[AT[c.other]] if c.other else 1)
        return not math.isnan(value) and not math.isnan(against) and bool(OPERATORS[c.op](value, against))

    return (not rule.on or source in rule.on) and all(any(one(c) for c in line) for line in rule.when)


@given(st.integers(0, 2**32 - 1), st.sampled_from(list(SOURCE)))
def test_the_compiled_rules_answer_as_a_naive_reading_does(seed, source):
    rng = np.random.default_rng(seed)
    rules = read()
    row = np.where(rng.random(len(NAMES)) < 0.2, np.nan, np.exp(rng.normal(2, 3, len(NAMES))).round())
    found = RuleSet(rules).match(np.array([SOURCE[source]]), row[None, :])[0]
    assert found.tolist() == [naive(r, source, row) for r in rules]


def test_the_strongest_rule_leads_and_others_add_a_little():
    rules = parse(
        rule_text('"person.calls_in_24h >= 1",', level="urgent")
        + rule_text('"person.calls_in_24h >= 2",', code="a.c", level="low")
    )
    compiled = RuleSet(rules)
    said = compiled.strength(np.array([[False, False], [True, False], [True, True]]))
    assert said.tolist() == pytest.approx([0.0, 4.0, 4.2])


def test_reasons_speak_values_with_their_units():
    rule = next(r for r in read() if r.code == "authority.long_call")
    row = vector(person__calls_abroad_24h=2, person__talk_in_max_24h=1_860)
    assert reason(rule, row) == "一天内接到2个境外或网络来电，最长一次通话31分钟，像“公检法办案”的电话。"
    assert "2 calls from abroad or VoIP in a day, the longest 31 minutes" in reason(rule, row, "en")
    assert value_text("person.out_sum_24h", 5_200_000) == "5.2万元"
    assert value_text("person.out_sum_24h", 99_900) == "999元"
    assert value_text("person.out_sum_24h", 12_345_600, "en") == "¥123,456"
    assert value_text("person.since_call_abroad", math.nan) == "无"
    assert value_text("person.sms_score_max_24h", 735) == "74%"


@pytest.mark.parametrize("name", NAMES)
def test_every_value_can_be_spoken_in_both_languages(name):
    assert unit_of(name) in {"money", "seconds", "permille", "count", "ratio"}
    for value in (0.0, 1.0, 123_456.0):
        assert value_text(name, value)
        assert value_text(name, value, "en")


def test_one_alert_with_a_counter_not_five_hundred():
    book = AlertBook()
    new = [book.raise_("a.b", "medium", 7, 1_000_000 + 1_000 * k, 86_400)[1] for k in range(500)]
    assert sum(new) == 1
    (alert,) = book
    assert (alert.count, alert.first_at, alert.last_at) == (500, 1_000_000, 1_499_000)
    raised, _ = book.raise_("a.b", "urgent", 7, 1_500_000, 86_400, 3.5)
    assert (raised.level, raised.score) == ("urgent", 3.5)
    assert book.raise_("a.b", "low", 7, 1_600_000, 86_400)[0].level == "urgent", "an alert is never played down"
    assert book.raise_("a.b", "low", 8, 1_600_000, 86_400)[1], "another person is another alert"
    assert book.raise_("a.b", "low", 7, 90_000_000, 86_400)[1], "another day is another alert"
    assert book.forget(80_000_000) == 2
    assert len(book) == 1


def test_an_alert_has_the_same_id_in_every_run():
    assert alert_id("a.b", 7, 3) == alert_id("a.b", 7, 3)
    different = {alert_id(r, e, b) for r in ("a.b", "a.c") for e in (7, 77) for b in (3, 33)}
    assert len(different) == 8
