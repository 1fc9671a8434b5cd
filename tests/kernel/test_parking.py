"""ST-03 and ST-04 on the stage: remind first, review only who stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.kernel.skeletons.parking import PARKING
from tests.kernel.stage import CARRIER, Stage, citizen, moment, officer, photo, zh

LI = officer("li", "urban_officer", agency="urban")
WANG = officer("wang", "traffic_officer", agency="traffic_police")
ZHAO = officer("zhao", "traffic_reviewer", agency="traffic_police")
OWNER = citizen("owner", "owner")
ANSWERS = {"plate": "鲁P12345", "street": "柳园路12号"}


@pytest.fixture
def stage() -> Stage:
    return Stage(PARKING)


def recorded(stage: Stage) -> str:
    first = photo("first", stage.now, 1)
    return stage.open(LI, "record", "streets.parking", values=ANSWERS, evidence=(first,)).id


def reminded(stage: Stage) -> str:
    id_ = recorded(stage)
    stage.at("09:01").do(CARRIER, "reminder_accepted", id_)
    return id_


def test_the_car_leaves_in_time(stage):
    id_ = reminded(stage)
    matter = stage.at("09:05").do(LI, "gone", id_)
    assert (matter.state, matter.closed) == ("left", True)
    assert stage.figures("streets.parking") == {"reminders": 1}
    assert matter.deadlines["grace"].status != "pending"


@pytest.mark.parametrize(
    ("left", "outcome"),
    [("09:10:59", "left"), ("09:11:00", "left"), ("09:11:01", "dropped")],
    ids=["a second early", "ten minutes sharp still count", "a second late: a person decides"],
)
def test_the_grace_is_ten_minutes_and_includes_its_end(stage, left, outcome):
    id_ = reminded(stage)
    assert stage.at(left).do(LI, "gone", id_).state == outcome


def test_the_car_stays_and_is_reviewed(stage):
    id_ = reminded(stage)
    stage.at("09:15")
    assert stage.state(id_) == "overdue"
    matter = stage.do(WANG, "still_there", id_, evidence=(photo("second", stage.now, 2),))
    assert matter.holder == "traffic_police"
    assert matter.papers == {"slip": "issued"}
    review = matter.deadlines["review"]
    assert (review.rule, review.due_at) == ("L-TRAF-REV", moment("2026-03-10 00:00"))
    matter = stage.at("10:00").do(ZHAO, "approve", id_)
    assert matter.state == "decided"
    assert [s.channel for s in stage.journals[id_][-1].sends] == ["traffic_platform"]
    assert stage.figures("streets.parking") == {"reminders": 1, "overstayed": 1, "penalties": 1}


def test_the_owner_objects_and_is_heard(stage):
    id_ = reminded(stage)
    stage.at("09:15").do(WANG, "still_there", id_, evidence=(photo("second", stage.now, 2),))
    stage.at("10:00").do(ZHAO, "approve", id_)
    matter = stage.at("2026-03-03 08:00").do(OWNER, "object", id_, values={"reason": "当时车辆故障，有维修单"})
    assert not matter.closed
    assert matter.deadlines["objection"].due_at == moment("2026-03-11 00:00")
    assert stage.do(ZHAO, "uphold", id_, values={"reason": "维修单属实"}).state == "dropped"


def test_urban_management_cannot_decide_a_penalty(stage):
    id_ = reminded(stage)
    stage.at("09:15").do(WANG, "still_there", id_, evidence=(photo("second", stage.now, 2),))
    refusal = stage.refused(LI, "approve", id_)
    assert refusal.codes == {"who.not_allowed", "who.same_person", "who.not_competent"}
    assert zh(refusal)[:2] == [
        "“审核通过”只能由以下人员办理：交警审核人员（公安交通管理部门）。",
        "“审核通过”不能由办理“拍照登记”的同一人办理，请换一位有权人员。",
    ]


def test_evidence_that_proves_nothing_is_refused_with_every_reason(stage):
    id_ = reminded(stage)
    blurred = photo("second", stage.at("09:12").now - timedelta(minutes=3), 2, plate_legible=False, located=False)
    refusal = stage.refused(WANG, "still_there", id_, evidence=(blurred,))
    assert zh(refusal) == [
        "“再次取证照片”中没有一张照片能看清号牌，请补拍。",
        "“再次取证照片”有照片没有位置。",
        "第一张与最后一张照片应至少相隔 10分钟。",
    ]


def test_a_message_that_never_arrives_starts_no_grace(stage):
    id_ = recorded(stage)
    stage.at("09:06")
    assert stage.state(id_) == "unreached"
    assert "grace" not in stage.matters[id_].deadlines
    assert zh(stage.refused(CARRIER, "reminder_accepted", id_)) == [
        "事项现在处于“未能联系车主”，“短信已送达运营商”只能在以下状态办理：已拍照。"
    ]


def test_nobody_opens_what_is_open_and_nobody_acts_on_what_is_closed(stage):
    id_ = reminded(stage)
    again = stage.refused(LI, "record", id_, values=ANSWERS, evidence=(photo("first", stage.now),))
    assert again.codes == {"act.already_open"}
    stage.do(LI, "gone", id_)
    assert zh(stage.refused(LI, "gone", id_)) == [
        "事项已经办结（按时驶离），不能再“已驶离”；确需更改的，先申请重新打开。"
    ]
    nowhere = stage.refused(LI, "gone", code="streets.parking")
    assert nowhere.codes == {"act.not_opening"}
