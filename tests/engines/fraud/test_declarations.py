"""Features and conditions: what is accepted, and how a fault is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from guangyue.engines.fraud.catalogue import CATALOGUE, NAMES
from guangyue.engines.fraud.features import Agg, Feature, FeatureError, Step, check_features, tile_of
from guangyue.engines.fraud.schema import Entity, SourceError
from guangyue.engines.fraud.sources import BY_CODE, SOURCES
from guangyue.engines.fraud.stream.plan import build
from guangyue.engines.fraud.where import Term, parse, span, span_text

GOOD = next(f for f in CATALOGUE if f.name == "out_sum_1h" and f.entity is Entity.PERSON)
H = timedelta(hours=1)


def test_the_catalogue_is_as_large_as_promised():
    assert len(CATALOGUE) >= 96
    assert {f.entity for f in CATALOGUE} == set(Entity)
    assert {f.agg for f in CATALOGUE} == set(Agg) - set(), "every aggregate is in use"
    assert {f.source for f in CATALOGUE} | {s.source for f in CATALOGUE for s in f.steps} == set(BY_CODE)
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("f", CATALOGUE, ids=lambda f: f"{f.entity.value}.{f.name}")
def test_each_feature_says_why(f):
    assert any("\u4e00" <= c <= "\u9fff" for c in f.zh)
    assert f.en.isascii()
    assert BY_CODE[f.source].basis
    assert f.describe()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"slot": "aunt"}, "no slot 'aunt'"),
        ({"slot": "domain"}, "bank_transfer has no domain"),
        ({"source": "telegraph"}, "no source 'telegraph'"),
        ({"where": "direction = sideways"}, "direction knows no 'sideways'"),
        ({"where": "duration >= 3"}, "bank_transfer has no column 'duration'"),
        ({"where": "direction >= out"}, "direction is a code, it has no order"),
        ({"where": "out"}, "'out' is not"),
        ({"where": "new amount 30d"}, "`new` needs a token"),
        ({"where": "new other_account 1h"}, "must be above 24h"),
        ({"where": "new person 30d"}, "`new` on person itself"),
        ({"column": ""}, "sum needs a column"),
        ({"column": "channel"}, "sum needs a number, channel is code"),
        ({"agg": Agg.DISTINCT}, "distinct needs a token or code, amount is fen"),
        ({"agg": Agg.COUNT}, "count takes no column"),
        ({"window": timedelta(minutes=1)}, "between 5m and 30d"),
        ({"window": timedelta(days=31)}, "between 5m and 30d"),
        ({"delay": timedelta(days=7)}, "a delayed window ends within 24h"),
        ({"part": H / 2}, "only a burst"),
        ({"over": "direction = in"}, "only a ratio"),
        ({"steps": (Step("cash"), Step("cash"))}, "only a sequence"),
        ({"zh": ""}, "needs a reason"),
        ({"version": 0}, "a version"),
    ],
)
def test_a_wrong_feature_is_refused_with_its_fault(changes, fault):
    assert check_features((GOOD,), BY_CODE)
    with pytest.raises(FeatureError, match=fault):
        check_features((replace(GOOD, **changes),), BY_CODE)


def test_the_outcome_for_a_person_is_no_feature_of_that_person_without_delay():
    label = next(f for f in CATALOGUE if f.name == "harmed_before")
    with pytest.raises(FeatureError, match="police_report tells the outcome for person"):
        check_features((replace(label, delay=timedelta(0)),), BY_CODE)


def test_all_faults_are_told_at_once():
    with pytest.raises(FeatureError) as caught:
        check_features((replace(GOOD, slot="aunt"), replace(GOOD, name="x", zh=""), GOOD, GOOD), BY_CODE)
    assert len(caught.value.faults) == 3


def test_conditions_that_say_the_same_are_the_same():
    calls = BY_CODE["voice_call"]
    assert parse("direction = in and duration >= 60", calls) == parse(" duration >= 60 and direction =in", calls)
    assert parse("other_kind in voip|overseas", calls) == (Term("other_kind", "in", (1 << 5) | (1 << 4)),)
    assert parse("", calls) == ()
    with pytest.raises(SourceError, match="use `in` for several"):
        parse("direction = in|out", calls)


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("5m", 300), ("24h", 86_400), ("30d", 2_592_000)])
def test_spans_are_read_and_written(text, seconds):
    assert span(text) == timedelta(seconds=seconds)
    assert span_text(span(text)) == text
    with pytest.raises(SourceError, match="written like 90s"):
        span("an hour")


def test_long_windows_declare_their_error():
    assert tile_of(timedelta(days=7)) == timedelta(hours=6)
    assert tile_of(timedelta(days=30)) == timedelta(hours=24)
    assert all(f.error == timedelta(0) for f in CATALOGUE if f.window <= timedelta(hours=24))
    assert all(f.error <= f.window / 28 for f in CATALOGUE if not f.exact)


def test_features_that_count_the_same_share_what_they_count():
    def of(*features: Feature) -> int:
        return int(build(features, SOURCES).tables["row_words"][0])

    mean = replace(GOOD, name="mean", agg=Agg.MEAN)
    std = replace(GOOD, name="std", agg=Agg.STD)
    counted = replace(GOOD, name="count", agg=Agg.COUNT, column="")
    assert of(GOOD, mean, std, counted) == of(std), "one count, one sum, one sum of squares"


def test_too_many_conditions_on_one_source_are_refused():
    many = [replace(GOOD, name=f"f{k}", where=f"amount >= {k}") for k in range(30)]
    with pytest.raises(FeatureError, match="31 conditions"):
        build(many, SOURCES)


def test_rewording_a_reason_keeps_snapshots_and_changing_a_meaning_does_not():
    digest = build((GOOD,), SOURCES).digest
    assert build((replace(GOOD, zh="换一种说法"),), SOURCES).digest == digest
    assert build((replace(GOOD, version=2),), SOURCES).digest != digest
    assert build((replace(GOOD, window=2 * H),), SOURCES).digest != digest


def test_names_repeat_only_between_entities():
    per_entity = Counter((f.entity, f.name) for f in CATALOGUE)
    assert max(per_entity.values()) == 1
