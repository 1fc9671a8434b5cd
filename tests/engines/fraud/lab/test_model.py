"""The model: flat trees equal LightGBM, calibration is a probability, drift and shadow count right, files are safe."""

from __future__ import annotations

import math

import lightgbm
import numpy as np
import pytest

from guangyue.engines.fraud.catalogue import NAMES
from guangyue.engines.fraud.model import (
    DriftWatch,
    ModelError,
    ScamModel,
    Scorer,
    Shadow,
    Table,
    TrainSettings,
    Trees,
    card,
    psi,
    train,
)
from guangyue.engines.fraud.model.drift import ALARM, Reference
from guangyue.engines.fraud.model.rising import RISING
from guangyue.engines.fraud.rules import RuleSet, read

AT = {name: i for i, name in enumerate(NAMES)}
QUICK = TrainSettings(rounds=25, least=5)


def table(seed: int = 0, n: int = 3_000) -> Table:
    rng = np.random.default_rng(seed)
    rows = np.where(rng.random((n, len(NAMES))) < 0.3, np.nan, rng.exponential(2, (n, len(NAMES))))
    drive = np.nan_to_num(rows[:, AT["person.shares_1h"]]) + np.nan_to_num(rows[:, AT["person.sms_otp_1h"]])
    label = drive + rng.normal(0, 1, n) > 6
    return Table(rows, label, np.where(label, 1.0, 20.0), rng.integers(0, 400, n), np.arange(n) * 1_000)


@pytest.fixture(scope="module")
def model() -> ScamModel:
    return train(table(), QUICK, about={"origin": "test"})


@pytest.mark.parametrize("use_missing", [True, False])
@pytest.mark.parametrize("zero_as_missing", [True, False])
def test_flat_trees_equal_lightgbm_bit_for_bit(use_missing, zero_as_missing):
    rng = np.random.default_rng(1)
    rows = np.where(rng.random((2_000, 12)) < 0.2, np.nan, rng.normal(size=(2_000, 12)).round(1))
    label = (np.nan_to_num(rows[:, 0]) * np.nan_to_num(rows[:, 1]) > 0).astype(float)
    options = {"objective": "binary", "verbosity": -1, "num_threads": 1, "use_missing": use_missing}
    options["zero_as_missing"] = zero_as_missing
    booster = lightgbm.train(options, lightgbm.Dataset(rows, label), 30)
    fresh = np.where(rng.random((1_000, 12)) < 0.4, np.nan, rng.normal(size=(1_000, 12)).round(1))
    fresh[:50] = 0.0
    flat = Trees.of(booster).raw(fresh)
    assert np.array_equal(flat, booster.predict(fresh, raw_score=True))


def test_a_tree_without_a_split_is_a_constant():
    rows, label = np.zeros((100, 3)), np.tile([0.0, 1.0], 50)
    booster = lightgbm.train({"objective": "binary", "verbosity": -1}, lightgbm.Dataset(rows, label), 3)
    assert Trees.of(booster).raw(rows[:4]) == pytest.approx(booster.predict(rows[:4], raw_score=True))


def test_categorical_splits_are_refused():
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 9, (500, 1)).astype(float)
    label = np.isin(rows[:, 0], [1, 4, 7]).astype(float)
    data = lightgbm.Dataset(rows, label, categorical_feature=[0])
    booster = lightgbm.train({"objective": "binary", "verbosity": -1}, data, 2)
    with pytest.raises(ValueError, match="only numeric splits"):
        Trees.of(booster)


def test_shares_add_up_to_the_score(model):
    rows = table(5, 40).rows
    for row in rows:
        base = sum(model.trees.inner[r] if r >= 0 else model.trees.leaf[-r - 1] for r in model.trees.roots)
        assert base + model.trees.shares(row).sum() == pytest.approx(model.trees.raw(row[None, :])[0])


def test_the_probability_is_of_the_stream_not_of_the_sample(model):
    fresh = table(9, 6_000)
    p = model.probability(fresh.rows)
    expected = fresh.weight[fresh.label].sum() / fresh.weight.sum()
    assert (p * fresh.weight).sum() / fresh.weight.sum() == pytest.approx(expected, rel=0.35)
    assert p[fresh.label].mean() > 5 * p[~fresh.label].mean()
    assert ((p > 0) & (p < 1)).all()


def test_why_names_what_drives_the_score(model):
    fresh = table(11)
    row = fresh.rows[np.argmax(model.log_odds(fresh.rows))]
    names = [name for name, _ in model.why(row, 4)]
    assert {"person.shares_1h", "person.sms_otp_1h"} & set(names)
    assert all(gain > 0 for _, gain in model.why(row, 4))


def test_more_of_a_rising_feature_never_lowers_the_score(model):
    person = {f"person.{name}" for name in RISING}
    assert person <= set(NAMES), person - set(NAMES)
    rows = table(17, 60).rows
    base = model.trees.raw(rows)
    for name in sorted(person):
        more = rows.copy()
        more[:, AT[name]] += 3.0  # absent stays absent
        assert (model.trees.raw(more) >= base).all(), name


def test_training_repeats_itself_and_the_version_says_so(model):
    again = train(table(), QUICK)
    assert again.version == model.version
    assert train(table(1), QUICK).version != model.version


def test_training_needs_people_in_scams():
    few = table()
    with pytest.raises(ModelError) as caught:
        train(few.take(~few.label), QUICK)
    assert caught.value.code == "model.labels"


def test_a_saved_model_answers_the_same(model, tmp_path):
    model.save(tmp_path / "m.npz")
    again = ScamModel.load(tmp_path / "m.npz")
    rows = table(3).rows
    assert np.array_equal(again.log_odds(rows), model.log_odds(rows))
    assert again.version == model.version
    assert again.about["origin"] == "test"
    assert not list(tmp_path.glob("*.part"))


def test_damaged_and_foreign_models_are_refused(model, tmp_path, monkeypatch):
    path = tmp_path / "m.npz"
    for content in (b"", b"nonsense", b"PK\x03\x04"):
        path.write_bytes(content)
        with pytest.raises(ModelError) as caught:
            ScamModel.load(path)
        assert caught.value.code == "model.format"
    model.save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError):
        ScamModel.load(path)
    path.write_bytes(whole)
    monkeypatch.setattr("guangyue.engines.fraud.model.scam.features_digest", lambda: "of another catalogue")
    with pytest.raises(ModelError) as caught:
        ScamModel.load(path)
    assert caught.value.code == "model.features"


def test_drift_is_nothing_on_the_same_stream_and_found_where_it_is(model):
    watch = DriftWatch(model.reference, NAMES)
    same = table(21, 8_000)
    watch.add(np.repeat(same.rows, np.where(same.label, 1, 2), axis=0))
    assert not watch.drifted(), watch.report()[:3]
    watch.reset()
    moved = same.rows.copy()
    moved[:, AT["person.out_sum_1h"]] *= 3
    watch.add(moved)
    assert watch.drifted() == ["person.out_sum_1h"]
    watch.reset()
    gone = same.rows.copy()
    gone[:, AT["person.calls_in_24h"]] = np.nan
    watch.add(gone)
    assert watch.drifted(ALARM) == ["person.calls_in_24h"], "a source that falls silent is drift too"


def test_the_index_by_hand():
    assert psi(np.array([50.0, 50.0]), np.array([50.0, 50.0])) == 0
    assert psi(np.array([50.0, 50.0]), np.array([75.0, 25.0])) == pytest.approx(
        0.25 * math.log(1.5) - 0.25 * math.log(0.5)
    )
    assert psi(np.array([50.0, 50.0]), np.zeros(2)) == 0
    constant = Reference.of(np.ones((50, 1)), np.ones(50))
    assert psi(constant.share[0], constant.counts(np.ones((10, 1)))[0]) == 0


def test_a_shadow_counts_and_never_acts(model):
    challenger = train(table(1), QUICK)
    shadow = Shadow(model, challenger, threshold=-2.0)
    rows = table(31).rows
    acted = shadow.see(rows)
    assert np.array_equal(acted, model.log_odds(rows))
    a, b = model.log_odds(rows) >= -2, challenger.log_odds(rows) >= -2
    report = shadow.report()
    assert report["events"] == len(rows) == shadow.seen
    assert report["agreement"] == pytest.approx((a & b).sum() / (a | b).sum())
    assert report["mean_difference"] == pytest.approx((challenger.log_odds(rows) - model.log_odds(rows)).mean())
    same = Shadow(model, model, -2.0)
    same.see(rows)
    assert same.report()["agreement"] == 1.0
    assert same.report()["spread"] == 0.0


def test_one_event_scores_as_many_do_and_tells_why(model):
    scorer = Scorer(RuleSet(read()), model)
    rng = np.random.default_rng(2)
    rows, sources = table(41, 300).rows, rng.integers(0, 18, 300)
    many = scorer.score(sources, rows)
    for k in range(0, 300, 37):
        one = scorer.score(sources[k : k + 1], rows[k : k + 1])
        assert one.whole[0] == many.whole[k]
        assert np.array_equal(one.rules[0], many.rules[k])
    best = int(np.argmax(many.strength))
    told = scorer.reasons(int(sources[best]), rows[best])
    assert many.rules[best].sum() == sum(not code.startswith("model.") for code, _ in told)
    assert all(sentence for _, sentence in told)
    english = scorer.reasons(int(sources[best]), rows[best], "en")
    assert not any("一" <= c <= "鿿" for _, s in english for c in s)


def test_the_card_tells_what_the_model_must_not_do(model):
    text = card(model, {"recall": "0.5"})
    assert model.version in text
    assert "Not for" in text
    assert "recall: 0.5" in text
    assert "test" in text
