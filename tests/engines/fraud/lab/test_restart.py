"""The national rules through a replay: stopped anywhere, the same alerts with the same counts come out."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from guangyue.engines.fraud.batch import join
from guangyue.engines.fraud.catalogue import CATALOGUE
from guangyue.engines.fraud.engine import Engine, Settings
from guangyue.engines.fraud.replay import AlertLog, Replay, alert_id
from guangyue.engines.fraud.rules import RuleSet, persons, read, rule_hook
from guangyue.engines.fraud.simulate import Settings as City
from guangyue.engines.fraud.simulate import World
from guangyue.engines.fraud.sources import SOURCES
from guangyue.engines.fraud.stream.plan import build


@pytest.fixture(scope="module")
def stream():
    world = World(City(seed=4, residents=250, towns=5, days=8, quiet_days=1, cases=200))
    return join([d.batch for d in world.days()])


@pytest.fixture(scope="module")
def unbroken(stream):
    """What the rules say, recounted plainly from the vectors of one pass."""
    rules = RuleSet(read())
    vectors = Engine(build(CATALOGUE, SOURCES), Settings(once=False)).process(stream).values
    matched, who = rules.match(stream.source, vectors), persons(stream)
    found: dict[str, int] = {}
    for event, rule in zip(*np.nonzero(matched), strict=True):
        if who[event] > 0:
            key = alert_id(rules.rules[rule].code, int(who[event]), int(stream.time[event]) // 86_400_000)
            found[key] = found.get(key, 0) + 1
    return found


@pytest.mark.parametrize("stops", [(), (3_000,), (1_500, 4_000, 4_500, 9_000)])
def test_stops_change_no_alert(stream, unbroken, tmp_path, stops):
    assert len(unbroken) > 10, "the stream raises too little to prove anything"
    plan, hook = build(CATALOGUE, SOURCES), rule_hook(RuleSet(read()))
    for begin, end in itertools.pairwise((0, *stops, len(stream))):
        part = stream.take(slice(0, end))
        run = Replay(plan, hook, tmp_path, batch=500, every=3)
        assert run.position <= begin
        run.run(part)
    raised = AlertLog.read(tmp_path / "alerts.jsonl")
    assert {key: alert.count for key, alert in raised.items()} == unbroken
