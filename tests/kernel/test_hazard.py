"""A round of the roofs on the stage: many objects, five sign-offs, a Monday watch."""

from __future__ import annotations

from datetime import date

import pytest
from tests.kernel.skeletons.hazard import HAZARD, ROUND
from tests.kernel.stage import Stage, moment, officer, photo, zh

MA = officer("ma", "station_officer", agency="police", unit="station")
CHIEF = officer("chief", "commander", agency="police", unit="bureau")
GRID = officer("grid", "grid_worker", agency="community", unit="block_3")
FIVE = ("police", "urban", "fire", "housing", "street")
SIGNERS = {u: officer(f"head-{u}", "agency_head", agency="government", unit=u) for u in FIVE}
DUE = date(2026, 3, 20)


@pytest.fixture
def stage() -> Stage:
    return Stage(HAZARD, ROUND, at="2026-03-02 09:00")


def walked(stage: Stage, each: int = 4) -> tuple[str, dict[str, list[str]]]:
    round_ = stage.open(MA, "begin", "community.round", values={"block": "三片区"}).id
    for colour in ("red", "yellow", "green"):
        due = {"due": DUE} if colour == "yellow" else {}
        items = tuple({"object": f"{n}号楼太阳能", "owner": f"p-{n}", **due} for n in range(each))
        stage.do(MA, f"found_{colour}", round_, items={colour: items}, evidence=(photo("found", stage.now),))
    kinds = {c: [r.id for r in stage.matters[round_].children_of(c)] for c in ("red", "yellow", "green")}
    return round_, kinds


def sign(stage: Stage, round_: str, unit: str, number: int = 1) -> None:
    task = {"task": ("sign_off", number, FIVE.index(unit))}
    stage.do(SIGNERS[unit], "task.accept", round_, **task)
    stage.do(SIGNERS[unit], "task.done", round_, **task)


def test_five_sign_offs_and_the_objects_live_on(stage):
    round_, objects = walked(stage)
    stage.do(MA, "submit", round_, assign={"sign_off": FIVE})
    for unit in FIVE:
        assert stage.state(round_) == "signing"
        sign(stage, round_, unit)
    assert stage.state(round_) == "done"
    assert all(stage.state(i) == colour for colour, ids in objects.items() for i in ids), "objects outlive their round"
    for ids in objects.values():
        stage.do(MA, "put_right", ids[0], evidence=(photo("fixed", stage.now),))
    assert stage.figures("community.hazard")["removed"] == 3


def test_red_alarms_at_once_and_yellow_turns_red_on_its_date(stage):
    _, objects = walked(stage, 1)
    red, yellow = objects["red"][0], objects["yellow"][0]
    stage.later(seconds=1)
    assert [e.kind for e in stage.journals[red]] == ["act", "alarm"]
    stage.at("2026-03-20 23:59")
    assert stage.state(yellow) == "yellow"
    stage.at("2026-03-21 00:00")
    assert stage.state(yellow) == "red"
    assert stage.figures("community.hazard") == {"overdue": 1}


def test_a_new_date_is_a_new_clock(stage):
    _, objects = walked(stage, 1)
    yellow = objects["yellow"][0]
    later = {"values": {"due": date(2026, 4, 10), "reason": "等待配件"}}
    matter = stage.at("2026-03-15 09:00").do(MA, "new_date", yellow, **later)
    assert matter.deadlines["by_date"].due_at == moment("2026-04-11 00:00")
    past = {"values": {"due": date(2026, 3, 10), "reason": "补登"}}
    assert zh(stage.refused(MA, "new_date", yellow, **past)) == ["“限期整改”的截止时间已经过去，请填写以后的时间。"]
    assert stage.at("2026-03-25 09:00").state(yellow) == "yellow"


def test_green_is_looked_at_every_monday_morning(stage):
    _, objects = walked(stage, 1)
    green = objects["green"][0]
    stage.at("2026-03-24 12:00")
    watches = [e for e in stage.journals[green] if e.act == "watch_due"]
    assert [e.observed_at for e in watches] == [
        moment("2026-03-09 08:30"),
        moment("2026-03-16 08:30"),
        moment("2026-03-23 08:30"),
    ]
    assert watches[0].notices[0].code == "look"
    stage.do(GRID, "looked", green, evidence=(photo("found", stage.now),))
    matter = stage.do(
        MA,
        "to_yellow",
        green,
        values={"reason": "松动", "due": date(2026, 4, 1)},
        evidence=(photo("found", stage.now),),
    )
    assert matter.deadlines["schedule:watch"].status == "cancelled"
    assert matter.deadlines["by_date"].status == "pending"


def test_rounds_missed_in_an_outage_are_dropped_and_the_rhythm_is_kept(stage):
    _, objects = walked(stage, 1)
    green = objects["green"][0]
    stage.at("2026-03-25 12:00", runner=False)
    armed = stage.matters[green].deadlines["schedule:watch"]
    stage.fire(stage.matters[green], armed)
    assert [e.kind for e in stage.journals[green]] == ["act", "dropped"]
    assert stage.matters[green].deadlines["schedule:watch"].due_at == moment("2026-03-30 08:30")


def test_nothing_is_closed_without_evidence_nor_by_the_wrong_person(stage):
    round_, objects = walked(stage, 1)
    red = objects["red"][0]
    assert zh(stage.refused(MA, "put_right", red)) == ["“整改照片”至少需要 1 张照片，现有 0 张。"]
    assert zh(stage.refused(GRID, "put_right", red, evidence=(photo("fixed", stage.now),))) == [
        "“已整改”只能由以下人员办理：派出所民警（公安机关）。"
    ]
    assert stage.refused(MA, "watch_due", objects["green"][0]).codes == {"who.not_allowed"}
    assert zh(stage.refused(MA, "submit", round_)) == ["任务“会签”还没有指定承办单位。"]


def test_a_round_sent_back_calls_its_sign_offs_back(stage):
    round_, _ = walked(stage, 1)
    stage.do(MA, "submit", round_, assign={"sign_off": FIVE})
    sign(stage, round_, "police")
    matter = stage.do(CHIEF, "back", round_, values={"reason": "漏查一栋"})
    assert matter.tasks[0].status == "cancelled"
    assert not [a for a in matter.deadlines.values() if a.status == "pending"]
    stage.do(MA, "submit", round_, assign={"sign_off": FIVE})
    for unit in FIVE:
        sign(stage, round_, unit, 2)
    assert stage.state(round_) == "done"
