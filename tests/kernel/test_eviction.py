"""ST-07 on the stage: notice signed and posted, its term over, a plan, a notary, five hours, a receipt."""

from __future__ import annotations

from datetime import date

import pytest
from tests.kernel.skeletons.eviction import EVICTION
from tests.kernel.stage import Stage, citizen, moment, officer, photo, recording, zh

QIAN = officer("qian", "court_executor", agency="court")
SUN = officer("sun", "court_executor", agency="court")
ZHOU = officer("zhou", "court_judge", agency="court")
WU = officer("wu", "court_president", agency="court")
COMPANY = citizen("company", "applicant")


@pytest.fixture
def stage() -> Stage:
    stage = Stage(EVICTION, at="2026-03-02 09:00")
    stage.staff = {"sun": SUN, "qian": QIAN}
    return stage


def filed(stage: Stage) -> str:
    values = {"respondent": "p-77", "premises": "东阿县某街8号商铺", "obligation": "返还商铺"}
    return stage.open(QIAN, "file", "court.eviction", values=values, checks=frozenset({"in_force"})).id


def posted(stage: Stage) -> str:
    id_ = filed(stage)
    stage.at("2026-03-05 10:00").do(QIAN, "serve", id_)
    for way, result in (("phone", "无人接听"), ("sms", "未回复"), ("visit", "店铺上锁")):
        stage.later(hours=1).do(QIAN, "attempt", id_, values={"way": way, "result": result})
    draft = {"until": date(2026, 3, 31), "consequence": "逾期不腾退的，依法强制执行", "many_goods": True}
    stage.at("2026-03-10 09:00").do(QIAN, "draft", id_, values=draft)
    stage.do(WU, "sign", id_)
    stage.at("2026-03-11 09:00").do(QIAN, "post", id_, evidence=(photo("posted", stage.now),))
    return id_


def planned(stage: Stage) -> str:
    id_ = posted(stage)
    stage.at("2026-04-02 09:00").do(ZHOU, "approve_plan", id_, checks=frozenset({"meeting"}))
    return id_


READY = {"checks": frozenset({"evacuated", "cordon"}), "present": frozenset({"notary"}), "officers": ("sun",)}


def test_from_judgment_to_receipt(stage):
    id_ = planned(stage)
    stage.at("2026-04-08 09:10")
    first = recording("bodycam", "2026-04-08 08:59", "2026-04-08 09:10", 1)
    stage.do(QIAN, "start", id_, evidence=(first,), seen="09:00", **READY)
    stage.at("11:40").do(QIAN, "proxy", id_, values={"proxy": "p-78"})
    part = recording("bodycam", "2026-04-08 09:10", "2026-04-08 11:30", 2)
    stage.do(QIAN, "record", id_, evidence=(part,))
    stage.at("14:00")
    rest = recording("bodycam", "2026-04-08 11:30", "2026-04-08 14:00", 3)
    signed = frozenset({"signed"})
    matter = stage.do(QIAN, "hand_over", id_, evidence=(rest,), checks=signed, officers=("sun",))
    assert (matter.state, matter.closed) == ("executed", True)
    assert set(matter.papers) == {"order", "credit", "notice", "plan", "transcript", "inventory", "receipt"}
    assert matter.papers["notice"] == "signed"
    began, ended = matter.passages[-2].at, matter.passages[-1].at
    assert (ended - began).total_seconds() == 5 * 3600
    assert matter.times("attempt") == 3
    assert not [a for a in matter.deadlines.values() if a.status == "pending"]


def test_no_force_before_the_notice_has_expired(stage):
    id_ = posted(stage)
    stage.at("2026-03-31 23:59", runner=False)
    early = stage.refused(
        QIAN, "start", id_, evidence=(recording("bodycam", "2026-03-31 23:58", "2026-03-31 23:59"),), **READY
    )
    assert zh(early) == [
        "事项现在处于“公告已张贴”，“开始强制腾退”只能在以下状态办理：方案已批准。",
        "“公告限期”期限尚未届满（2026年3月31日24:00），不能办理。",
        "须公告指定期间已届满。",
    ]
    stage.at("2026-04-01 00:00")
    assert stage.state(id_) == "expired"


def test_the_president_signs_before_anything_is_posted(stage):
    id_ = filed(stage)
    stage.at("2026-03-05 10:00").do(QIAN, "serve", id_)
    assert zh(stage.refused(WU, "sign", id_)) == ["《腾退公告》尚未制作，无法签署。"]
    stage.do(QIAN, "draft", id_, values={"until": date(2026, 3, 31), "consequence": "依法强制执行"})
    assert zh(stage.refused(QIAN, "post", id_, evidence=(photo("posted", stage.now),))) == [
        "《腾退公告》须先由院长（人民法院）签署。",
        "须先办理“联系被执行人”3次，现为 0 次。",
    ]
    assert zh(stage.refused(QIAN, "sign", id_))[0] == "“签发公告”只能由以下人员办理：院长（人民法院）。"


def test_a_notary_where_there_are_many_goods_and_never_alone(stage):
    id_ = planned(stage)
    stage.at("2026-04-08 09:00")
    lone = stage.refused(
        QIAN, "start", id_, evidence=(recording("bodycam", "2026-04-08 08:50", "2026-04-08 09:00"),), officers=("qian", "stranger"),
        checks=frozenset({"evacuated"}),
    )  # fmt: skip
    assert zh(lone) == [
        "“开始强制腾退”至少需要 2 名有资格的执法人员，现有 1 名。",
        "须有公证人员在场。",
        "请先核对并勾选：警戒线已设置。",
    ]


def test_a_gap_in_the_recording_is_seen_across_its_pieces(stage):
    id_ = planned(stage)
    stage.at("2026-04-08 09:10")
    stage.do(
        QIAN,
        "start",
        id_,
        evidence=(recording("bodycam", "2026-04-08 09:00", "2026-04-08 09:10", 1),),
        seen="09:00",
        **READY,
    )
    stage.at("14:00")
    late = {"checks": frozenset({"signed"}), "officers": ("sun",)}
    gap = recording("bodycam", "2026-04-08 09:12", "2026-04-08 14:00", 2)
    assert zh(stage.refused(QIAN, "hand_over", id_, evidence=(gap,), **late)) == [
        "“执法记录仪全程录像”的录音录像中断超过 1分钟，请说明或补充。"
    ]
    stops_early = recording("bodycam", "2026-04-08 09:10", "2026-04-08 13:58", 3)
    assert stage.refused(QIAN, "hand_over", id_, evidence=(stops_early,), **late).codes == {"evidence.recording_gap"}
    whole = recording("bodycam", "2026-04-08 09:10", "2026-04-08 14:00", 4)
    assert stage.do(QIAN, "hand_over", id_, evidence=(whole,), **late).closed


def test_a_term_in_the_past_is_refused_where_it_starts_and_withdrawal_asks_why(stage):
    id_ = filed(stage)
    stage.do(QIAN, "serve", id_)
    assert zh(stage.refused(COMPANY, "withdraw", id_)) == ["请填写“理由”。"]
    assert stage.do(COMPANY, "withdraw", id_, values={"reason": "已经和解"}).state == "withdrawn"


def test_suspension_keeps_what_is_left_of_six_months(stage):
    id_ = posted(stage)
    assert stage.matters[id_].deadlines["close"].due_at == moment("2026-09-03 00:00")
    stage.at("2026-03-20 09:00").do(ZHOU, "suspend", id_, values={"reason": "案外人异议"})
    assert zh(stage.refused(QIAN, "vacated", id_)) == ["事项已中止，恢复之前不能“已自行腾退”。"]
    stage.at("2026-04-20 09:00")
    assert stage.state(id_) == "posted", "nothing lapses while the matter is suspended"
    matter = stage.do(ZHOU, "resume", id_, values={"reason": "异议已驳回"})
    assert matter.deadlines["close"].due_at == moment("2026-10-09 00:00"), "31 days more end in the holiday of October"
    assert stage.later(minutes=1).state(id_) == "expired", "the fixed day has passed meanwhile"


def test_the_president_extends_once(stage):
    id_ = filed(stage)
    assert stage.matters[id_].deadlines["close"].due_at == moment("2026-09-03 00:00")
    why = {"values": {"reason": "需要委托评估"}}
    assert stage.refused(QIAN, "extend", id_, **why).codes == {"who.not_allowed", "who.not_competent"}
    assert stage.do(WU, "extend", id_, **why).deadlines["close"].due_at == moment("2026-12-03 00:00")
    assert zh(stage.refused(WU, "extend", id_, **why)) == ["“L-EXE-6M.1”最多延长1次。"]
