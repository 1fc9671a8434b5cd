"""ST-40 and ST-41 on the stage: three stages in order, two promises, a performance check."""

from __future__ import annotations

from datetime import date

import pytest
from tests.kernel.skeletons.mediation import MEDIATION, PROMISE
from tests.kernel.stage import Stage, citizen, moment, officer, zh

MA = officer("ma", "station_officer", agency="police", unit="station")
ELDER = officer("elder", "mediator", agency="mediation", unit="village")
YANG, JU = citizen("p-1", "side_a"), citizen("p-2", "side_b")
TERMS = {"liability": "双方均有责任", "terms": "一方借地，一方恢复名誉", "due": date(2026, 4, 1)}
PROMISES = (
    {"side": "甲", "what": "借出地块", "due": date(2026, 4, 1)},
    {"side": "乙", "what": "在村群中恢复名誉", "due": date(2026, 3, 25)},
)
AGREE = {"values": {**TERMS, "signed": True}, "items": {"promises": PROMISES}, "checks": frozenset({"remedy"})}


@pytest.fixture
def stage() -> Stage:
    return Stage(PROMISE, MEDIATION, at="2026-03-22 09:00")


def facing(stage: Stage) -> str:
    id_ = stage.open(ELDER, "begin", "community.mediation", values={"parties": "甲、乙"}).id
    stage.at("09:40").do(ELDER, "calmed", id_)
    stage.at("10:50").do(MA, "found", id_, values={"cause": "地界不清", "facts": "土地承包档案与现场指界一致"})
    return id_


def agreed(stage: Stage) -> str:
    id_ = facing(stage)
    stage.at("11:20").do(ELDER, "agree", id_, **AGREE)
    return id_


def test_three_stages_and_both_promises_kept(stage):
    id_ = agreed(stage)
    matter = stage.matters[id_]
    stages = [p.state for p in matter.passages]
    assert stages == ["calming", "finding", "facing", "agreed"]
    assert (matter.passages[-1].at - matter.passages[0].at).total_seconds() >= 2 * 3600
    assert matter.deadlines["confirm"].due_at == moment("2026-04-22 00:00"), "thirty days for a joint application"
    stage.do(MA, "keep", f"{id_}.promises.1")
    assert stage.state(id_) == "agreed"
    stage.do(MA, "keep", f"{id_}.promises.2")
    assert stage.state(id_) == "settled"
    assert stage.figures("community.mediation") == {"settled": 1}


def test_one_promise_broken_and_the_matter_may_be_taken_up_again(stage):
    id_ = agreed(stage)
    stage.at("2026-03-26 09:00")
    assert [e.kind for e in stage.journals[f"{id_}.promises.2"]] == ["act", "alarm"], "the performance check"
    stage.do(MA, "break", f"{id_}.promises.2", values={"reason": "逾期未道歉"})
    assert stage.state(id_) == "unkept"
    stage.do(MA, "keep", f"{id_}.promises.1")
    assert stage.state(id_) == "unkept", "the parent has gone another way"
    assert zh(stage.refused(MA, "again", id_)) == ["请填写“理由”。"]
    assert stage.do(MA, "again", id_, values={"reason": "双方愿意再谈"}).state == "facing"


def test_stages_cannot_be_skipped(stage):
    id_ = stage.open(ELDER, "begin", "community.mediation", values={"parties": "甲、乙"}).id
    assert "事项现在处于“平息情绪”，“达成协议”只能在以下状态办理：换位沟通。" in zh(
        stage.refused(ELDER, "agree", id_, **AGREE)
    )


def test_an_agreement_needs_its_fields_and_the_consent_of_both(stage):
    id_ = facing(stage)
    bare = stage.refused(ELDER, "agree", id_, values={"liability": "双方均有责任"}, items={"promises": PROMISES})
    assert zh(bare) == [
        "请填写“协议内容”。",
        "请填写“履行期限”。",
        "双方须签名，或者把口头同意记录在案。",
        "请先核对并勾选：已告知可在三十日内申请司法确认。",
    ]
    stage.do(ELDER, "oral_consent", id_)
    oral = {**AGREE, "values": TERMS}
    assert stage.do(ELDER, "agree", id_, **oral).state == "agreed"


def test_one_clear_refusal_ends_it(stage):
    id_ = facing(stage)
    assert stage.refused(YANG, "agree", id_, **AGREE).codes == {"who.not_allowed"}
    matter = stage.do(JU, "refuse", id_, values={"reason": "要求起诉"})
    assert matter.state == "failed"
    assert stage.refused(ELDER, "calmed", id_).codes == {"state.closed"}


def test_a_stranger_to_the_law_mediates_nothing(stage):
    idle = officer("idle", "grid_worker", agency="community")
    refusal = stage.refused(idle, "begin", code="community.mediation", values={"parties": "甲、乙"})
    assert refusal.codes == {"who.not_allowed", "who.not_competent"}
