"""ST-21 on the stage: an ordinary seven working days, a target of three, each department with a clock of its own."""

from __future__ import annotations

import pytest
from tests.kernel.skeletons.relay import PASSPORT
from tests.kernel.stage import Stage, moment, officer, photo, zh

HALL = officer("hall", "clerk", agency="service_hall", unit="window")
HEAD = officer("head", "agency_head", agency="service_hall", unit="window")
BORDER = officer("border", "clerk", agency="police", unit="border")
RECORDS = officer("records", "clerk", agency="police", unit="household")
PRINT = officer("print", "clerk", agency="police", unit="printing")
CHAIN = ("border", "household", "printing")


@pytest.fixture
def stage() -> Stage:
    return Stage(PASSPORT, at="2026-03-02 09:00")


def approved(stage: Stage) -> str:
    values = {"item": "护照", "applicant": "p-1"}
    id_ = stage.open(HALL, "register", "counter.urgent", values=values).id
    proof = photo("ground", stage.now, located=False)
    stage.at("10:00").do(
        HEAD, "approve", id_, values={"ground": "conference"}, evidence=(proof,), assign={"chain": CHAIN}
    )
    return id_


def hop(n: int) -> dict:
    return {"task": ("chain", 1, n)}


def test_done_on_the_third_day_with_both_clocks_in_sight(stage):
    id_ = approved(stage)
    clocks = stage.matters[id_].deadlines
    assert clocks["ordinary"].due_at == moment("2026-03-12 00:00"), "seven working days"
    assert clocks["ordinary"].status == "reference"
    assert clocks["target"].due_at == moment("2026-03-06 00:00"), "three days"
    for day, (actor, n) in enumerate(((BORDER, 0), (RECORDS, 1), (PRINT, 2))):
        stage.at(f"2026-03-0{3 + day} 09:00").do(actor, "task.accept", id_, **hop(n))
        stage.at(f"2026-03-0{3 + day} 15:00").do(actor, "task.done", id_, **hop(n), values={"note": "办结"})
    matter = stage.matters[id_]
    assert matter.state == "made"
    assert [(h.unit, f"{h.came:%d}", f"{h.since:%d}") for h in matter.tasks[0].hops] == [
        ("border", "02", "03"), ("household", "03", "04"), ("printing", "04", "05"),
    ]  # fmt: skip
    matter = stage.at("2026-03-05 17:00").do(HALL, "deliver", id_)
    assert matter.deadlines["target"].status == "cancelled", "delivered before the target"
    assert stage.figures("counter.urgent") == {"delivered": 1}


def test_a_missed_target_tells_the_head_and_is_counted(stage):
    id_ = approved(stage)
    stage.at("2026-03-07 09:00")
    kinds = [(e.kind, e.act) for e in stage.journals[id_] if e.kind == "alarm"]
    assert kinds == [("alarm", "task:chain:1:0"), ("alarm", "target")]
    assert stage.state(id_) == "urgent", "an alarm changes nothing by itself"
    assert stage.figures("counter.urgent") == {"late": 1}


def test_who_takes_it_in_does_not_approve_it(stage):
    both = officer("both", "clerk", "agency_head", agency="service_hall", unit="window")
    id_ = stage.open(both, "register", "counter.urgent", values={"item": "护照", "applicant": "p-1"}).id
    refusal = stage.refused(both, "approve", id_, values={"ground": "conference"}, assign={"chain": CHAIN})
    assert zh(refusal) == [
        "“批准加急”不能由办理“登记”的同一人办理，请换一位有权人员。",
        "“加急事由证明”至少需要 1 张照片，现有 0 张。",
        "不得有此情形：本人经手受理的事项。",
    ]


def test_each_hop_is_for_its_own_unit_and_in_order(stage):
    id_ = approved(stage)
    assert zh(stage.refused(RECORDS, "task.accept", id_, **hop(0))) == ["这项任务交给了border。"]
    assert zh(stage.refused(RECORDS, "task.accept", id_, **hop(1))) == ["任务“部门接力”现在不在您单位手中。"]
    assert zh(stage.refused(BORDER, "task.done", id_, **hop(0))) == ["请先接收任务“部门接力”。"]
    assert zh(stage.refused(BORDER, "task.accept", id_, task=("chain", 2, 0))) == ["没有这项任务，或已经结束。"]
    assert stage.refused(HALL, "finish", id_).codes == {"who.not_allowed"}


def test_a_hop_goes_back_with_its_reason(stage):
    id_ = approved(stage)
    stage.do(BORDER, "task.accept", id_, **hop(0))
    stage.do(BORDER, "task.done", id_, **hop(0))
    assert zh(stage.refused(RECORDS, "task.return", id_, **hop(1))) == ["请写明理由。"]
    matter = stage.do(RECORDS, "task.return", id_, **hop(1), values={"reason": "缺少照片"})
    assert [h.status for h in matter.tasks[0].hops] == ["offered", "waiting", "waiting"]
    assert matter.tasks[0].hops[1].note == "缺少照片"
    again = matter.deadlines["task:chain:1:0"]
    assert (again.occurrence, again.status) == (2, "pending"), "the hop before has a new clock"
    for actor, n in ((BORDER, 0), (RECORDS, 1), (PRINT, 2)):
        stage.do(actor, "task.accept", id_, **hop(n))
        stage.do(actor, "task.done", id_, **hop(n))
    assert stage.state(id_) == "made"


def test_what_the_first_hop_gives_back_lies_with_who_gave_it(stage):
    id_ = approved(stage)
    matter = stage.do(BORDER, "task.return", id_, **hop(0), values={"reason": "不属本所管辖"})
    assert matter.tasks[0].stranded
    assert stage.refused(BORDER, "task.assign", id_, **hop(0), assign={"chain": ("exit",)}).codes == {"who.not_allowed"}
    matter = stage.do(HEAD, "task.assign", id_, **hop(0), assign={"chain": ("exit",)})
    assert [(h.unit, h.status) for h in matter.tasks[0].hops] == [
        ("border", "returned"), ("exit", "offered"), ("household", "waiting"), ("printing", "waiting"),
    ]  # fmt: skip


def test_a_relay_finished_after_the_matter_went_another_way_is_still_done(stage):
    id_ = stage.open(HALL, "register", "counter.urgent", values={"item": "护照", "applicant": "p-1"}).id
    stage.do(HEAD, "refuse_urgent", id_, values={"reason": "事由不符"}, assign={"chain": ("border",)})
    stage.do(BORDER, "task.accept", id_, **hop(0))
    stage.do(HEAD, "give_up", id_, values={"reason": "申请人撤回"})
    assert stage.matters[id_].tasks[0].status == "cancelled", "the matter closed, its task with it"
    assert stage.refused(BORDER, "task.done", id_, **hop(0)).codes == {"task.unknown"}
