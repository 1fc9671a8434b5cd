"""ST-24 on the stage: not at home, at once on to the factory, stopped before the code was entered."""

from __future__ import annotations

import pytest
from tests.kernel.skeletons.visit import VISIT
from tests.kernel.stage import Stage, officer, zh

from guangyue.kernel import Actor

RADAR = Actor(id="radar", system="antifraud")
HE = officer("he", "station_officer", agency="police", unit="station")
GRID = officer("grid", "grid_worker", agency="community", unit="block_3")
ALERT = {"person": "p-66", "address": "某小区3号楼", "kind": "service"}
STOPPED = {"values": {"amount": 7_000_000}, "checks": frozenset({"educated"}), "assign": {"follow_up": ("block_3",)}}


@pytest.fixture
def stage() -> Stage:
    return Stage(VISIT, at="2026-04-20 15:00")


def at_the_factory(stage: Stage) -> str:
    id_ = stage.open(RADAR, "raise", "fraud.visit", values=ALERT).id
    stage.later(seconds=40).do(HE, "set_out", id_)
    stage.at("15:04").do(HE, "not_there", id_, values={"address": "服装厂", "told_by": "家属"})
    return id_


def test_two_legs_one_alert(stage):
    id_ = at_the_factory(stage)
    matter = stage.matters[id_]
    assert not matter.closed
    assert matter.fields["address"] == "服装厂"
    leg = matter.deadlines["leg"]
    assert (leg.occurrence, leg.status) == (2, "pending"), (
        "leg 2 has five minutes of its own, from the moment of leg 1's end"
    )
    stage.at("15:08").do(HE, "met", id_)
    matter = stage.do(HE, "stop", id_, **STOPPED)
    assert (matter.state, matter.fields["amount"]) == ("stopped", 7_000_000)
    assert stage.figures("fraud.visit") == {"stopped": 1, "saved": 7_000_000}
    assert {e.act for e in stage.journals[id_]} == {"raise", "set_out", "not_there", "met", "stop"}


def test_the_follow_up_outlives_the_alert(stage):
    id_ = at_the_factory(stage)
    stage.at("15:08").do(HE, "met", id_)
    stage.do(HE, "stop", id_, **STOPPED)
    task = {"task": ("follow_up", 1, 0)}
    stage.at("2026-04-21 09:00").do(GRID, "task.accept", id_, **task)
    matter = stage.do(GRID, "task.done", id_, **task, values={"note": "已安装防诈应用"})
    assert matter.tasks[0].status == "done"
    assert matter.deadlines["task:follow_up:1:0"].status == "met"


def test_a_leg_that_takes_too_long_is_told_and_counted_but_not_closed(stage):
    id_ = at_the_factory(stage)
    stage.at("15:12")
    assert [e.act for e in stage.journals[id_] if e.kind == "alarm"] == ["leg"]
    assert stage.figures("fraud.visit") == {"late_legs": 1}
    assert stage.do(HE, "met", id_, values={"late_because": "厂区道路施工"}).state == "with_person"


def test_no_outcome_without_education_and_no_leg_before_setting_out(stage):
    id_ = stage.open(RADAR, "raise", "fraud.visit", values=ALERT).id
    assert zh(stage.refused(HE, "not_there", id_, values={"address": "服装厂", "told_by": "家属"})) == [
        "事项现在处于“预警”，“不在该址”只能在以下状态办理：上门途中。"
    ]
    stage.do(HE, "set_out", id_)
    stage.do(HE, "met", id_)
    assert zh(stage.refused(HE, "stop", id_, values={"amount": -1})) == [
        "“涉险金额”不能小于 0。",
        "请先核对并勾选：以案释法教育。",
        "任务“回访”还没有指定承办单位。",
    ]
    assert stage.refused(GRID, "stop", id_, **STOPPED).codes == {"who.not_allowed"}


def test_an_alert_holds_no_more_than_what_is_needed_to_find_and_warn(stage):
    stray = stage.refused(RADAR, "raise", code="fraud.visit", values={**ALERT, "call_text": "您好，我是客服"})
    assert zh(stray) == ["表单中没有“call_text”这一项。"]
