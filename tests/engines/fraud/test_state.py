"""Snapshots, replay and restart: torn, altered and foreign files, and kills in mid-stream."""

from __future__ import annotations

import os
from itertools import pairwise

import numpy as np
import pytest
from tests.engines.fraud.killed import PLAN, RULES, Lives, recorded, replay
from tests.engines.fraud.streams import random_stream

from guangyue.engines.fraud import snapshot
from guangyue.engines.fraud.catalogue import CATALOGUE
from guangyue.engines.fraud.engine import Engine, Settings
from guangyue.engines.fraud.history import over_history, second_opinion
from guangyue.engines.fraud.replay import AlertLog, Raised, Replay, alert_id, threshold
from guangyue.engines.fraud.shards import Shards
from guangyue.engines.fraud.sources import SOURCES
from guangyue.engines.fraud.stream.maps import index_refill, pair_refill, seen_refill
from guangyue.engines.fraud.stream.plan import build


@pytest.fixture
def stream():
    return random_stream(SOURCES, 9, n=800, tokens=8, disorder_ms=300_000)


@pytest.fixture
def engine(stream):
    engine = Engine(PLAN)
    engine.process(stream.batch.take(slice(0, 500)))
    return engine


def test_nothing_is_compiled_in_the_middle_of_a_stream():
    engine, maps = Engine(PLAN), ("keys", "seen", "pairs")
    before = [getattr(engine.state, name).size for name in maps]
    engine.process(random_stream(SOURCES, 3, n=8_000, tokens=200, disorder_ms=1_000).batch)
    grown = [getattr(engine.state, name).size for name in maps]
    assert all(now > then for now, then in zip(grown, before, strict=True)), "the maps were meant to grow"
    kinds = {f.__name__: f.signatures for f in (index_refill, seen_refill, pair_refill)}
    assert {name: len(found) for name, found in kinds.items()} == dict.fromkeys(kinds, 1), kinds


def test_a_snapshot_goes_on_as_if_nothing_had_happened(engine, stream, tmp_path):
    path = snapshot.save(engine, tmp_path, {"position": 500})
    again, extra = snapshot.load(path, PLAN)
    assert extra == {"position": 500}
    assert again.offsets == engine.offsets
    rest = stream.batch.take(slice(500, 800))
    a, b = engine.process(rest), again.process(rest)
    assert np.array_equal(a.values, b.values, equal_nan=True)
    assert np.array_equal(a.corrections.values, b.corrections.values, equal_nan=True)


def test_a_snapshot_with_a_few_bits_changed_is_refused_and_the_one_before_is_used(engine, stream, tmp_path):
    first = snapshot.save(engine, tmp_path)
    engine.process(stream.batch.take(slice(500, 800)))
    second = snapshot.save(engine, tmp_path)
    raw = bytearray(second.read_bytes())
    for place in (3, 60, 400, len(raw) // 2, len(raw) - 1):
        broken = bytearray(raw)
        broken[place] ^= 1
        second.write_bytes(bytes(broken))
        found, _, refused = snapshot.newest(tmp_path, PLAN)
        assert found is not None
        assert found.counters().taken == 500, f"byte {place}: should have used {first.name}"
        assert [r.path for r in refused] == [second]
        assert "snapshot" in refused[0].reason or "digest" in refused[0].reason or "header" in refused[0].reason


@pytest.mark.parametrize("keep", [0.0, 0.1, 0.5, 0.999])
def test_a_torn_snapshot_is_refused(engine, tmp_path, keep):
    path = snapshot.save(engine, tmp_path)
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * keep)])
    assert snapshot.newest(tmp_path, PLAN)[0] is None
    with pytest.raises(snapshot.SnapshotError):
        snapshot.load(path, PLAN)


def test_a_foreign_snapshot_is_refused_with_its_reason(engine, tmp_path):
    path = snapshot.save(engine, tmp_path)
    with pytest.raises(snapshot.SnapshotError, match="another catalogue of features") as caught:
        snapshot.load(path, build(CATALOGUE[:-1], SOURCES))
    assert caught.value.code == "fraud.snapshot.foreign"
    with pytest.raises(snapshot.SnapshotError, match="as another shard"):
        snapshot.load(path, PLAN, Settings(shard=1, shards=2))


def test_an_unfinished_snapshot_is_never_looked_at_and_old_ones_go(engine, tmp_path):
    for _ in range(4):
        snapshot.save(engine, tmp_path)
    (tmp_path / "state-000000000009.partial").write_bytes(b"half")
    assert sorted(p.name for p in tmp_path.glob("*.snapshot")) == [f"state-00000000000{k}.snapshot" for k in (3, 4)]
    assert snapshot.newest(tmp_path, PLAN)[2] == []


def test_alert_ids_come_from_rule_entity_and_stretch_alone():
    assert alert_id("a", 1, 2) == alert_id("a", 1, 2)
    assert len({alert_id(r, e, b) for r in "ab" for e in (1, 2) for b in (1, 2)}) == 8


def test_one_alert_counts_instead_of_five_hundred(tmp_path):
    log = AlertLog(tmp_path / "alerts.jsonl")
    for k in range(500):
        log.add([Raised("r", 7, 1000 + k)])
    assert [(a.entity, a.count) for a in AlertLog.read(log.path).values()] == [(7, 500)]
    with log.path.open("a") as file:
        file.write('["torn')
    assert len(AlertLog.read(log.path)) == 1


def test_a_replay_stopped_anywhere_ends_with_the_same_alerts(stream, tmp_path):
    hook = threshold(PLAN, RULES)
    whole = Replay(PLAN, hook, tmp_path / "whole", batch=50, every=2)
    whole.run(stream.batch)
    want = AlertLog.read(whole.log.path)
    assert len(want) > 20

    class StoppedError(Exception):
        pass

    rng = np.random.default_rng(1)
    starts = 0
    while True:
        run = Replay(PLAN, hook, tmp_path / "cut", batch=50, every=2)
        stop = run.position + int(rng.integers(50, 300))

        def progress(done, _all, stop=stop):
            if done >= stop:
                raise StoppedError

        starts += 1
        try:
            run.run(stream.batch, progress)
        except StoppedError:
            continue
        break
    assert starts > 3
    assert AlertLog.read(run.log.path) == want
    assert run.log.alerts == whole.log.alerts


MANY_KILLS = 1_000 if os.environ.get("GUANGYUE_SOAK") else 50


@pytest.mark.parametrize("kills", [8, pytest.param(MANY_KILLS, marks=pytest.mark.long)])
def test_kill_minus_nine_loses_and_doubles_no_alert(tmp_path, kills):
    whole = replay(tmp_path / "whole")
    whole.run(recorded())
    want = AlertLog.read(whole.log.path)
    assert len(want) > 20, "the stream raises too little to prove anything"
    rng = np.random.default_rng(kills)
    died, runs, ended = 0, 0, True
    with Lives() as live:
        while died < kills or not ended:
            runs += ended
            ended = live(tmp_path / f"run{runs}", int(rng.integers(1, 5_000)) if died < kills else 1 << 40)
            died += not ended
            if ended:
                assert AlertLog.read(tmp_path / f"run{runs}" / "alerts.jsonl") == want, f"run {runs} after {died} kills"
    assert runs > 1, "no run came to its end between two kills"


def test_a_line_torn_by_a_crash_does_not_swallow_the_next(tmp_path):
    path = tmp_path / "alerts.jsonl"
    path.write_text('["torn", "ru', encoding="utf-8")
    log = AlertLog(path)
    for rule in ("one", "two"):
        log.add([Raised(rule, 7, 5)])
    assert {(a.rule, a.count) for a in AlertLog.read(path).values()} == {("one", 1), ("two", 1)}


def test_duckdb_is_of_the_same_opinion():
    stream = random_stream(SOURCES, 21, n=250, tokens=6, span_ms=40 * 86_400_000)
    asked = CATALOGUE[::4]
    _, values = over_history(PLAN, stream.batch)
    for name, column in second_opinion(PLAN, stream.batch, tuple(f for f in asked if f.steps == ())).items():
        np.testing.assert_allclose(values[:, PLAN.names.index(name)], column, rtol=1e-9, err_msg=name)


def test_two_processes_answer_as_one(stream):
    engine = Engine(PLAN)
    with Shards(PLAN, 2) as shards:
        for rows in (slice(0, 300), slice(300, None)):  # the second answer lies where the first one was
            one, two = engine.process(stream.batch.take(rows)), shards.process(stream.batch.take(rows))
            assert np.array_equal(one.values, two.values, equal_nan=True)
            assert np.array_equal(one.status, two.status)
            assert len(one.corrections) == len(two.corrections)
        with pytest.raises(ValueError, match="does not fit"):
            shards.process(random_stream(SOURCES, 1, n=70_000, tokens=9).batch)


def test_batches_sent_ahead_are_answered_in_turn(stream):
    """Batches of every length from one event on, and a reader that leaves half-way."""
    engine = Engine(PLAN)
    cuts = [0, 1, 3, 20, 21, 90, 200, 340, len(stream.batch)]
    parts = [stream.batch.take(slice(low, high)) for low, high in pairwise(cuts)]
    with Shards(PLAN, 2) as shards:
        for part, two in zip(parts[:5], shards.stream(parts[:5]), strict=True):
            one = engine.process(part)
            assert np.array_equal(one.values, two.values, equal_nan=True)
            assert np.array_equal(one.status, two.status)
        left = shards.stream(parts[5:7])
        next(left)
        left.close()
        for part in parts[5:7]:
            engine.process(part)
        one, two = engine.process(parts[7]), shards.process(parts[7])
        assert np.array_equal(one.values, two.values, equal_nan=True)
        counted = shards.counters()
        assert sum(c.entities for c in counted) == engine.counters().entities
        assert sum(c.service for c in counted) == engine.counters().service
