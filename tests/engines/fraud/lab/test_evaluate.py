"""The back-test's own arithmetic, by hand and by naive recount, and one small run of the whole of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guangyue.engines.fraud.catalogue import NAMES
from guangyue.engines.fraud.evaluate import Candidates, Split, judge, thresholds
from guangyue.engines.fraud.evaluate.backtest import GROUPS, SYSTEMS, backtest
from guangyue.engines.fraud.evaluate.collect import person_rows, table_of
from guangyue.engines.fraud.evaluate.learn import learn
from guangyue.engines.fraud.evaluate.measure import BUCKET_MS, alerts, bootstrap, paired
from guangyue.engines.fraud.evaluate.plots import draw
from guangyue.engines.fraud.evaluate.report import report
from guangyue.engines.fraud.model import TrainSettings
from guangyue.engines.fraud.rules import RuleSet, parse, read
from guangyue.engines.fraud.simulate import Case, Settings, World
from guangyue.engines.fraud.sources import SCAM_TYPES

HOUR = 3_600_000


def candidates(person, time, lag=0) -> Candidates:
    person, time = np.asarray(person, np.int64), np.asarray(time, np.int64)
    n = len(person)
    return Candidates(person, time, time + lag, np.zeros(n, np.int64), np.full(n, -1), np.zeros(n), np.zeros((n, 1)))


def case(number=1, person=7, contact=10, leaves=20, scam=True, script="loan", moved=None) -> Case:
    moved = moved if moved is not None else (((leaves * HOUR), 100),)
    at = leaves * HOUR if leaves >= 0 else -1
    return Case(
        number, script, scam, 0, person, 0, contact * HOUR, contact * HOUR, at, at, sum(m for _, m in moved), 0, moved
    )


def test_one_alert_a_person_and_day():
    c = candidates([1, 1, 2, 1], [1 * HOUR, 2 * HOUR, 3 * HOUR, 25 * HOUR])
    score = np.array([0.5, 0.9, 0.9, 0.9])
    raised = alerts(c, score, np.array([0.8, 0.8]), 0, 2 * BUCKET_MS)
    assert sorted(raised.tolist()) == [1, 2, 3], "the first at or above the threshold, not the first of the day"


def test_an_alert_in_time_counts_its_minutes_and_its_money():
    c = candidates([0, 0], [12 * HOUR, 19 * HOUR], lag=HOUR // 2)
    moved = ((18 * HOUR, 25), (20 * HOUR, 75))
    found = judge(c, np.array([1.0, 0.0]), np.array([0.5]), [case(moved=moved)], np.array([0]), 0, BUCKET_MS)
    assert found.before.tolist() == [True]
    assert found.minutes.tolist() == [(20 - 12.5) * 60]
    assert found.saved.tolist() == [1.0]
    assert found.right.tolist() == [True]
    late = judge(c, np.array([0.0, 1.0]), np.array([0.5]), [case(moved=moved)], np.array([0]), 0, BUCKET_MS)
    assert late.minutes.tolist() == [30.0]
    assert late.saved.tolist() == [0.75]


def test_an_alert_that_is_known_only_after_the_money_left_is_none():
    c = candidates([0], [19 * HOUR + 50 * 60_000], lag=15 * 60_000)
    found = judge(c, np.array([1.0]), np.array([0.5]), [case()], np.array([0]), 0, BUCKET_MS)
    assert found.before.tolist() == [False]
    assert np.isnan(found.minutes[0])
    assert found.saved.tolist() == [0.0]


def test_an_alert_before_anything_happened_is_wrong_and_no_merit():
    c = candidates([0], [5 * HOUR])
    found = judge(c, np.array([1.0]), np.array([0.5]), [case()], np.array([0]), 0, BUCKET_MS)
    assert found.right.tolist() == [False]
    assert found.before.tolist() == [False]


def test_an_attempt_that_failed_is_a_right_alert_but_no_case():
    c = candidates([0], [11 * HOUR])
    found = judge(c, np.array([1.0]), np.array([0.5]), [case(leaves=-1, moved=())], np.array([0]), 0, BUCKET_MS)
    assert found.right.tolist() == [True]
    assert found.cases == ()


def naive_threshold(c, score, budget, begin, d, back):
    best: dict[tuple[int, int], float] = {}
    for p, t, s in zip(c.person.tolist(), c.time.tolist(), score.tolist(), strict=True):
        day = (t - begin) // BUCKET_MS
        if d - back <= day < d:
            best[p, day] = max(best.get((p, day), -np.inf), s)
    ranked = sorted(best.values(), reverse=True)
    wanted = round(budget * back)
    if len(ranked) > wanted:
        return np.nextafter(ranked[wanted], np.inf)
    return ranked[-1] if ranked else np.inf


@given(st.integers(0, 10_000))
def test_thresholds_keep_the_budget_of_the_days_before(seed):
    rng = np.random.default_rng(seed)
    n, begin, back, budget = 200, 5 * BUCKET_MS, 3, 2.0
    c = candidates(rng.integers(0, 15, n), rng.integers(0, 9 * BUCKET_MS, n))
    score = rng.normal(size=n).round(1)
    found = thresholds(c, score, budget, begin, 9 * BUCKET_MS, back)
    assert found.tolist() == [naive_threshold(c, score, budget, begin, d, back) for d in range(4)]
    for d in range(4):
        past = alerts(c, score, np.full(back, found[d]), begin + (d - back) * BUCKET_MS, begin + d * BUCKET_MS)
        assert len(past) <= round(budget * back) or found[d] == score.min()


def test_thresholds_look_at_nothing_of_their_own_day_or_later():
    rng = np.random.default_rng(0)
    c = candidates(rng.integers(0, 15, 300), rng.integers(0, 6 * BUCKET_MS, 300))
    score = rng.normal(size=300)
    base = thresholds(c, score, 2.0, 3 * BUCKET_MS, 6 * BUCKET_MS, 3)
    other = np.where(c.time >= 4 * BUCKET_MS, score + 100, score)
    changed = thresholds(c, other, 2.0, 3 * BUCKET_MS, 6 * BUCKET_MS, 3)
    assert changed[:2].tolist() == base[:2].tolist()
    assert changed[2] > base[2]


def test_intervals_by_known_cases():
    assert np.isnan(bootstrap(np.array([])).value)
    sure = bootstrap(np.ones(30))
    assert (sure.value, sure.low, sure.high, sure.n) == (1.0, 1.0, 1.0, 30)
    coin = bootstrap(np.tile([0.0, 1.0], 200))
    assert 0.44 < coin.low < 0.46
    assert 0.54 < coin.high < 0.56
    gain = paired(np.array([True] * 60 + [False] * 40), np.array([True] * 40 + [False] * 60))
    assert gain.value == pytest.approx(0.2)
    assert gain.low > 0.1
    assert paired(np.tile([True, False], 50), np.tile([False, True], 50)).low < 0


def test_strangers_are_no_residents():
    world = World(Settings(seed=2, residents=60, towns=3, days=5, quiet_days=1))
    rows = person_rows(world)
    assert rows(world.person[[3, 0, 59]]).tolist() == [3, 0, 59]
    assert rows(np.array([0, 1, 2**56 - 1])).tolist() == [-1, -1, -1]


@pytest.fixture(scope="module")
def world() -> World:
    return World(Settings(seed=8, residents=900, towns=10, days=24, quiet_days=4, cases=90, gang_size=3))


@pytest.fixture(scope="module")
def table(world):
    return table_of(world, RuleSet(read()), SCAM_TYPES[:10], 5, 15)


def test_labels_are_only_the_time_in_a_scammers_hands(world, table):
    by_person = {int(np.flatnonzero(world.person == c.person)[0]): c for c in world.cases if c.scam}
    t = table.table
    assert t.label.any()
    for row in np.flatnonzero(t.label):
        c = by_person[int(t.group[row])]
        assert c.complete
        assert c.contact_at <= t.time[row] <= c.leaves_at
        assert SCAM_TYPES[int(table.kind[row])] == c.script
    assert (table.kind[~t.label] == -1).all()
    attempts = {p for p, c in by_person.items() if not c.complete}
    for row in np.flatnonzero(~t.label):
        who = int(t.group[row])
        if who in attempts:
            c = by_person[who]
            assert not c.contact_at <= t.time[row] <= c.contact_at + 7 * BUCKET_MS, "an attempt is neither yes nor no"
    assert (t.weight[t.label] == 1).all()
    assert (t.weight[~t.label] > 1).all()


def test_rules_are_weighed_by_how_seldom_they_hold_and_not_by_cases(world, table):
    again = table_of(world, RuleSet(read()), SCAM_TYPES[:10], 5, 15, seed=1)
    assert again.rules.weights.tolist() == table.rules.weights.tolist()
    always = '[[rule]]\ncode = "a"\ntype = "other"\nlevel = "urgent"\nwhen = ["person.calls_in_24h >= 0"]\nzh = "总"\nen = "x"\n'
    never = always.replace('"a"', '"b"').replace(">= 0", ">= 999").replace("urgent", "low")
    found = table_of(world, RuleSet(parse(always + never)), SCAM_TYPES[:10], 5, 10)
    assert found.rules.weights[0] < 0.5
    assert found.rules.weights[1] > 8


def test_a_model_learned_from_a_run_keeps_the_rules_weights(world):
    model = learn(world, RuleSet(read()), TrainSettings(rounds=10, least=5), 5, 15)
    assert set(model.about["rule_weights"]) == {r.code for r in read()}
    assert model.trees.feature.max() < len(NAMES)
    with pytest.raises(ValueError, match="no day to learn from"):
        learn(world, RuleSet(read()), TrainSettings(), 5, 5)


def test_the_whole_back_test_on_a_small_city(world, tmp_path):
    split = Split(5, 10, 4, 5)
    told: list[str] = []
    result = backtest(
        world, RuleSet(read()), split, budget=4.0, settings=TrainSettings(rounds=10, least=5), progress=told.append
    )
    assert sum(t.startswith("model") for t in told) == GROUPS * GROUPS
    end = world.epoch + 24 * BUCKET_MS
    due = [c for c in world.cases if c.complete and end - 5 * BUCKET_MS <= c.leaves_at < end]
    for system in SYSTEMS:
        assert [o.case.number for o in result.outcomes[system]] == [c.number for c in due], "every case once"
        assert result.alerts_a_day[system] == pytest.approx(result.daily[system].mean())
        assert 0 <= result.precision[system].value <= 1
        for o in result.outcomes[system]:
            assert o.before == (o.minutes > 0)
    assert result.recall("rules").value > 0, "the rules see nothing at all"
    text = report(result)
    assert "rules alone" in text
    assert f"{len(due)} complete scams" in text
    assert result.as_json()["systems"]["whole"]["recall"]["n"] == len(due)
    pictures = draw(result, tmp_path)
    assert [p.name for p in pictures] == ["precision_recall.png", "lead_time.png", "alerts_a_day.png"]
    assert all(p.read_bytes().startswith(b"\x89PNG") for p in pictures)


def test_a_run_too_short_is_refused():
    with pytest.raises(ValueError, match="at least 20 days"):
        Split.of(19)
    for days in range(20, 200):
        split = Split.of(days)
        assert split.quiet + split.train + split.check + split.test == days
        assert min(split.quiet, split.train, split.check, split.test) >= 3
