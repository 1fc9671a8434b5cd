"""ST-03 and ST-04 with the streets desk's own procedure, on the kernel's stage."""

from __future__ import annotations

import pytest
from tests.kernel.stage import CARRIER, Stage, citizen, officer, photo

from guangyue.desks.streets.procedures.parking import PARKING
from guangyue.kernel import Refusal, canonical, read_procedure

LI = officer("li", "urban_officer", agency="urban")
WANG = officer("wang", "traffic_officer", agency="traffic_police")
ZHAO = officer("zhao", "traffic_reviewer", agency="traffic_police")
QIAN = officer("qian", "traffic_reviewer", agency="traffic_police")
STEWARD = officer("steward", "parking_steward", agency="community")
OWNER = citizen("owner", "owner")
ANSWERS = {"plate": "鲁P12345", "street": "柳园路12号"}


@pytest.fixture
def stage() -> Stage:
    return Stage(PARKING)


def recorded(stage: Stage) -> str:
    return stage.open(LI, "record", PARKING.code, values=ANSWERS, evidence=(photo("first", stage.now, 1),)).id


def in_review(stage: Stage) -> str:
    id_ = recorded(stage)
    stage.at("09:01").do(CARRIER, "reminder_accepted", id_)
    stage.at("09:12").do(LI, "still_there", id_, evidence=(photo("second", stage.now, 2),))
    return id_


def refused(stage: Stage, actor, act: str, id_: str, **more) -> frozenset[str]:
    answer = stage.ask(actor, act, id_, **more)
    assert isinstance(answer, Refusal), "this should have been refused"
    assert all(r.text.zh and r.text.en for r in answer.reasons)
    return answer.codes


def test_st03_left_inside_ten_minutes_no_penalty_anywhere(stage):
    id_ = recorded(stage)
    stage.at("09:01").do(CARRIER, "reminder_accepted", id_)
    matter = stage.at("09:11").do(LI, "gone", id_)
    assert (matter.state, matter.closed, PARKING.state("left").record) == ("left", True, False)
    assert stage.figures(PARKING.code) == {"reminders": 1, "left_in_time": 1}


def test_st03_observed_inside_the_term_on_a_phone_without_network(stage):
    id_ = recorded(stage)
    stage.at("09:01").do(CARRIER, "reminder_accepted", id_)
    stage.at("12:00")
    assert stage.state(id_) == "overdue"
    assert stage.do(LI, "gone", id_, seen="09:10:50").state == "left"
    counted = {"reminders": 1, "left_in_time": 1, "overstayed": 0}
    assert stage.figures(PARKING.code) == counted, "the lapse is counted back"


def test_st03_a_message_the_carrier_does_not_take_starts_no_clock(stage):
    id_ = recorded(stage)
    matter = stage.do(CARRIER, "reminder_refused", id_, values={"reason": "空号"})
    assert matter.state == "unreached"
    assert "grace" not in matter.deadlines


def test_st04_only_a_traffic_reviewer_who_took_no_part_approves_and_it_is_sent_once(stage):
    id_ = in_review(stage)
    measure = {"values": {"measure": "warning"}}
    assert "who.not_allowed" in refused(stage, LI, "approve", id_, **measure)
    assert "who.not_allowed" in refused(stage, WANG, "approve", id_, **measure)
    assert "value.required" in refused(stage, ZHAO, "approve", id_)
    matter = stage.at("10:00").do(ZHAO, "approve", id_, **measure)
    assert (matter.state, PARKING.state("decided").record) == ("decided", True)
    assert stage.last is not None
    assert [s.channel for e in stage.last.entries for s in e.sends] == ["traffic_platform"]
    assert "state.closed" in refused(stage, ZHAO, "approve", id_, **measure)


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        ({}, "evidence.too_few"),
        ({"plate_legible": False}, "evidence.plate_unreadable"),
        ({"located": False}, "evidence.not_located"),
        ({"taken_at": None}, "evidence.no_time"),
    ],
)
def test_st04_incomplete_evidence_is_refused_with_its_reason(stage, evidence, code):
    from dataclasses import replace

    id_ = recorded(stage)
    stage.at("09:01").do(CARRIER, "reminder_accepted", id_)
    stage.at("09:12")
    pieces = (replace(photo("second", stage.now, 2), **evidence),) if evidence else ()
    assert code in refused(stage, LI, "still_there", id_, evidence=pieces)


def test_the_owner_objects_and_another_reviewer_answers(stage):
    id_ = in_review(stage)
    stage.do(ZHAO, "approve", id_, values={"measure": "fine"})
    matter = stage.at("2026-03-03 09:00").do(OWNER, "object", id_, values={"reason": "车辆故障，已报警"})
    assert matter.deadlines["objection"].rule == "L-TRAF-OBJ.2"
    assert "who.same_person" in refused(stage, ZHAO, "uphold", id_, values={"reason": "属实"})
    assert stage.do(QIAN, "uphold", id_, values={"reason": "属实"}).state == "dropped"


def test_the_statutory_notice_is_another_paper_for_traffic_police_alone(stage):
    id_ = in_review(stage)
    assert "who.not_allowed" in refused(stage, LI, "serve_notice", id_)
    assert "who.not_competent" in refused(stage, WANG, "serve_notice", id_, values={"driver_absent": False})
    assert stage.do(WANG, "serve_notice", id_, values={"driver_absent": True, "vehicle": "小型轿车"}).papers == {
        "slip": "issued",
        "notice": "issued",
    }
    assert not PARKING.paper("slip").statutory


def test_a_steward_may_not_open_an_enforcement_matter(stage):
    answer = stage.ask(STEWARD, "record", code=PARKING.code, values=ANSWERS, evidence=(photo("first", stage.now, 1),))
    assert isinstance(answer, Refusal)
    assert "who.not_allowed" in answer.codes


def test_urban_management_never_sees_the_owner():
    owner = PARKING.field("owner")
    assert owner.personal
    assert "urban_officer" not in {w.code for w in owner.visible}


def test_the_declaration_survives_storage():
    assert read_procedure(canonical(PARKING)).digest == PARKING.digest
