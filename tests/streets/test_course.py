"""The course of a street penalty: every way through it, and every "no" in the words an officer reads, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.kernel.stage import officer, photo
from tests.streets.people import (
    CHIEF,
    CLERK,
    DESK,
    HEAD,
    HOST,
    LEGAL,
    LI,
    PARTY,
    PARTY_IS,
    STAFF,
    TAUGHT,
    WANG,
    WHERE,
    record,
    second,
    stage,
    together,
    told,
)

from guangyue.kernel import DeclarationError, canonical, read_procedure
from guangyue.kernel.grammar import FieldNotAbove, Holds, T

SHOWN = frozenset({"card_shown"})
LEGAL2 = officer("legal2", "legal_reviewer", agency="urban")


@pytest.fixture
def on():
    made = stage()
    made.staff |= {"legal2": LEGAL2}
    return made


def says(on, actor, act: str, id_: str, zh: str, en: str, **more) -> None:
    """The refusal tells this officer this, in Chinese and in English."""
    told_ = on.refused(actor, act, id_, **more).reasons
    assert any(zh in r.text.zh and en in r.text.en for r in told_), [r.text for r in told_]


def ordered(on, code: str, who=LI, **values) -> str:
    """Up the ladder to an order that was not obeyed."""
    id_ = record(on, who, code, **values)
    for step in ("explain", "advise"):
        on.do(who, step, id_, values=TAUGHT)
    on.do(who, "admonish", id_, values={**PARTY_IS, **TAUGHT})
    due = on.now + timedelta(days=1)
    on.do(who, "order", id_, values={**PARTY_IS, "facts": "现场发现。", "correct_by": due}, **together(who))
    on.later(days=1, minutes=5)
    on.do(who, "unmended", id_, evidence=second(on))
    return id_


def filed(on, code: str, fine: int, who=LI, measure: str = "fine", **values) -> str:
    """The general way to where the party has been told."""
    id_ = ordered(on, code, who, **values)
    on.do(who, "file", id_, values={**PARTY_IS, "facts": "现场发现。"}, **together(who))
    on.do(who, "question", id_, values={"asked": "问答如下", "party_signed": "signed"}, **together(who))
    on.do(who, "conclude", id_, values={"facts": "逾期未改正。", "evidence_list": "照片六张"}, **together(who))
    fines = {"told_fine": fine} if fine else {}
    on.do(who, "notify", id_, values={"measure": measure, **fines}, **together(who))
    return id_


class TestNo:
    def test_wrong_agency(self, on):
        id_ = record(on, WANG, "streets.shopfront")
        says(on, WANG, "tell", id_, "“店外经营”由城市管理（综合行政执法）部门处理，请移交。", "is for urban management; hand it over.",
             values={**PARTY_IS, "facts": "店外经营", "measure": "warning"}, checks=SHOWN)  # fmt: skip
        bay = record(on, LI, "streets.bay")
        says(on, LI, "tell", bay, "道路上的违法停车由公安交管部门处罚", "Parking on roads is penalised by traffic police",
             values={**PARTY_IS, "facts": "圈占车位", "measure": "warning"}, checks=SHOWN, **together(LI))  # fmt: skip

    def test_missing_second_officer(self, on):
        id_ = record(on, LI, "streets.small_ads")
        values = {**PARTY_IS, "facts": "张贴", "measure": "warning"}
        says(
            on,
            LI,
            "tell",
            id_,
            "须执法人员不少于两人。",
            "Required: at least two officers.",
            values=values,
            checks=SHOWN,
        )
        on.staff = {"aux": STAFF["aux"]}
        says(
            on,
            LI,
            "tell",
            id_,
            "须执法人员不少于两人。",
            "at least two officers",
            values=values,
            checks=SHOWN,
            officers=("aux",),
        )

    def test_no_certificate(self, on):
        id_ = record(on, LI, "streets.small_ads")
        bare = replace(LI, qualities=frozenset())
        says(on, bare, "tell", id_, "须具有行政执法资格。", "holding an enforcement certificate",
             values={**PARTY_IS, "facts": "张贴", "measure": "warning"}, checks=SHOWN, **together(LI))  # fmt: skip

    def test_amount_outside_the_band(self, on):
        id_ = ordered(on, "streets.small_ads")
        told(on, LI, id_, fine=150_00)
        values = {"fine": 99_99, "party_signed": "signed"}
        says(on, LI, "fine_on_spot", id_, "罚款99.99元不在100元至1,000元之间。", "not between ¥100 and ¥1,000",
             values=values, **together(LI))  # fmt: skip
        says(
            on,
            LI,
            "fine_on_spot",
            id_,
            "超过上限200.00元",
            "above the limit",
            values=values | {"fine": 200_01},
            **together(LI),
        )

    def test_never_more_than_was_told(self, on):
        id_ = ordered(on, "streets.small_ads")
        told(on, LI, id_, fine=150_00)
        says(on, LI, "fine_on_spot", id_, "不得因陈述、申辩加重处罚", "nobody pays for speaking up",
             values={"fine": 160_00, "party_signed": "signed"}, **together(LI))  # fmt: skip

    def test_no_fine_where_a_warning_was_told(self, on):
        id_ = filed(on, "streets.shopfront", 0, measure="warning")
        on.do(LI, "defended", id_, values={"answer": "none"})
        values = {"party_address": "柳园路", "fine": 300_00}
        says(
            on,
            HEAD,
            "decide_fine",
            id_,
            "告知当事人的处理不是罚款",
            "told of something else than a fine",
            values=values,
        )
        assert on.do(HEAD, "decide_warning", id_, values={"party_address": "柳园路"}).state == "decided"

    def test_nobody_is_told_a_second_time_because_of_what_he_said(self, on):
        id_ = ordered(on, "streets.small_ads")
        told(on, LI, id_, fine=150_00)
        again = {**PARTY_IS, "facts": "现场发现。", "measure": "fine", "told_fine": 190_00}
        says(on, LI, "tell", id_, "只能在以下状态办理", "is possible in", values=again, checks=SHOWN, **together(LI))

    def test_steps_left_out(self, on):
        id_ = record(on, LI, "streets.shopfront")
        told(on, LI, id_, fine=200_00)
        for zh, en in (
            ("劝导", "advice"),
            ("告诫", "admonition"),
            ("责令限期改正", "order"),
            ("拒不改正", "not obeyed"),
        ):
            says(on, LI, "fine_on_spot", id_, zh, en, values={"fine": 200_00, "party_signed": "signed"}, **together(LI))

    def test_no_second_photo(self, on):
        id_ = record(on, LI, "streets.shopfront")
        due = on.now + timedelta(days=1)
        on.do(LI, "order", id_, values={**PARTY_IS, "facts": "店外", "correct_by": due}, **together(LI))
        on.later(days=1, minutes=1)
        says(
            on, LI, "unmended", id_, "“复查照片”至少需要 1 张照片，现有 0 张。", "needs at least 1 photographs; 0 given"
        )

    def test_plate_unreadable(self, on):
        blurred = tuple(photo("found", on.now, 5 + n, plate_legible=False) for n in range(2))
        values = {**WHERE["streets.setback"], "street": "柳园路"}
        refused = on.refused(LI, "record", code="streets.setback", values=values, evidence=blurred)
        assert any(
            "没有一张照片能看清号牌，请补拍" in r.text.zh and "take another" in r.text.en for r in refused.reasons
        )

    def test_self_review(self, on):
        id_ = filed(on, "streets.shopfront", 500_00)
        on.do(LI, "defended", id_, values={"answer": "none"})
        both = officer("li", "legal_reviewer", agency="urban")
        says(on, both, "review", id_, "不能由办理“发现登记”的同一人办理", "may not be done by the person who did “Record”",
             values={"opinion": "同意"})  # fmt: skip
        mine = officer("li", "agency_head", agency="urban")
        says(
            on,
            mine,
            "decide_fine",
            id_,
            "同一人",
            "may not be done by",
            values={"party_address": "柳园路", "fine": 500_00},
        )

    def test_a_paper_that_lacks_a_field_is_not_issued(self, on):
        id_ = record(on, LI, "streets.small_ads")
        says(on, LI, "order", id_, "请填写“当事人”", "fill in “Party”",
             values={"facts": "张贴", "correct_by": on.now + timedelta(days=1)}, **together(LI))  # fmt: skip

    def test_a_fine_before_telling_and_hearing(self, on):
        id_ = ordered(on, "streets.small_ads")
        says(on, LI, "fine_on_spot", id_, "只能在以下状态办理：已听取陈述申辩", "is possible in: Heard",
             values={"fine": 150_00, "party_signed": "signed"}, **together(LI))  # fmt: skip

    def test_where_there_is_no_fine_there_is_no_button(self):
        acts = {a.code for a in DESK["streets.setback"].actions}
        assert not acts & {"fine_on_spot", "fine_simple", "decide_fine", "pay", "collect_cash"}


class TestMaximum:
    def test_not_on_the_spot(self, on):
        id_ = record(on, WANG, "streets.traffic")
        told(on, WANG, id_, fine=200_00)
        values = {"fine": 200_00, "party_signed": "signed", "vehicle_text": "鲁T12345", "vehicle_type": "小型轿车"}
        says(on, WANG, "fine_simple", id_, "顶格处罚不能当场作出", "The maximum is not for the spot", values=values)
        assert on.do(WANG, "fine_simple", id_, values=values | {"fine": 100_00}).papers["simple"] == "issued"

    def test_needs_written_reasons_and_legal_review(self, on):
        id_ = filed(on, "streets.small_ads", 1_000_00)
        on.do(LI, "defended", id_, values={"answer": "none"})
        values = {"party_address": "柳园路12号", "fine": 1_000_00}
        says(on, HEAD, "decide_fine", id_, "顶格处罚须写明理由。", "needs its reasons in writing", values=values)
        says(
            on, HEAD, "decide_fine", id_, "须先办理“法制审核通过”1次", "“Pass legal review” must be done", values=values
        )
        on.do(LEGAL, "review", id_, values={"opinion": "从重情节成立，同意"})
        matter = on.do(HEAD, "decide_fine", id_, values=values | {"top_reason": "警告后多次张贴，范围广"})
        assert (matter.state, matter.papers["decision"]) == ("decided", "issued")

    def test_below_the_maximum_neither_is_asked(self, on):
        id_ = filed(on, "streets.small_ads", 999_00)
        on.do(LI, "defended", id_, values={"answer": "none"})
        assert (
            on.do(HEAD, "decide_fine", id_, values={"party_address": "柳园路12号", "fine": 999_00}).state == "decided"
        )


class TestGeneral:
    def test_ninety_days_run_from_filing_and_alarm(self, on):
        id_ = filed(on, "streets.shopfront", 500_00)
        clock = on.matters[id_].deadlines["decide"]
        assert (clock.rule, clock.status) == ("L-APL-90", "pending")
        on.later(days=91)
        assert on.figures("streets.shopfront")["late_decisions"] == 1

    def test_silence_is_waited_for_before_the_decision(self, on):
        id_ = filed(on, "streets.shopfront", 500_00)
        says(
            on,
            HEAD,
            "decide_fine",
            id_,
            "只能在以下状态办理",
            "is possible in",
            values={"party_address": "柳园路", "fine": 500_00},
        )
        assert on.matters[id_].deadlines["defence"].rule == "L-APL-HEAR.1"
        on.later(days=9)
        assert on.state(id_) == "defended"

    def test_the_party_speaks_through_the_portal(self, on):
        id_ = filed(on, "streets.shopfront", 500_00)
        on.do(PARTY, "state", id_, values={"statement": "当天装修，已清理"})
        assert on.do(LI, "defended", id_, values={"answer": "partly"}).fields["statement"] == "当天装修，已清理"

    def test_a_hearing_where_the_amount_calls_for_one(self, on):
        small = filed(on, "streets.stall", 1_500_00)
        says(on, PARTY, "ask_hearing", small, "不适用听证", "does not call for a hearing")
        id_ = filed(on, "streets.stall", 5_000_00)
        says(on, LI, "defended", id_, "当事人书面放弃听证", "waived the hearing in writing", values={"answer": "none"})
        on.do(PARTY, "ask_hearing", id_)
        held = {"held_at": on.now + timedelta(days=10), "held_where": "市城管局"}
        on.do(HOST, "call_hearing", id_, values=held)
        says(
            on,
            HOST,
            "hold_hearing",
            id_,
            "期限尚未届满",
            "has not expired",
            values={"statement": "笔录", "answer": "partly"},
        )
        on.later(days=12)
        mine = officer("li", "hearing_host", agency="urban")
        says(
            on,
            mine,
            "hold_hearing",
            id_,
            "同一人",
            "may not be done by the person",
            values={"statement": "笔录", "answer": "partly"},
        )
        on.do(HOST, "hold_hearing", id_, values={"statement": "笔录", "answer": "partly"})
        values = {"party_address": "柳园路", "fine": 4_000_00}
        says(on, HEAD, "decide_fine", id_, "法制审核通过", "Pass legal review", values=values)
        on.do(LEGAL, "review", id_, values={"opinion": "同意"})
        says(on, HEAD, "decide_fine", id_, "负责人集体讨论", "Group decision", values=values)
        on.do(HEAD, "discuss", id_, values={"minutes": "一致同意"})
        assert on.do(HEAD, "decide_fine", id_, values=values).state == "decided"

    def test_other_officers_of_the_same_agency_do_not_decide(self, on):
        id_ = filed(on, "streets.shopfront", 500_00)
        on.do(LI, "defended", id_, values={"answer": "none"})
        says(
            on, CHIEF, "decide_fine", id_, "请移交", "hand it over", values={"party_address": "柳园路", "fine": 500_00}
        )

    def test_suspended_for_a_transfer_and_closed_when_police_open_a_case(self, on):
        id_ = filed(on, "streets.shopfront", 500_00)
        on.do(HEAD, "suspend", id_, values={"reason": "移送公安"})
        says(on, LI, "defended", id_, "事项已中止", "is suspended", values={"answer": "none"})
        assert on.do(HEAD, "transferred", id_, values={"case_number": "刑字1号"}).state == "transferred"


class TestMoney:
    def decided(self, on) -> str:
        id_ = filed(on, "streets.shopfront", 500_00)
        on.do(LI, "defended", id_, values={"answer": "none"})
        on.do(HEAD, "decide_fine", id_, values={"party_address": "柳园路12号", "fine": 500_00})
        return id_

    def test_served_within_seven_working_days_and_paid_to_somebody_else(self, on):
        id_ = self.decided(on)
        assert on.matters[id_].deadlines["serve"].rule == "L-APL-SERVE"
        matter = on.do(LI, "serve", id_, values={"way": "direct"}, checks=frozenset({"privacy"}))
        assert {k: a.rule for k, a in matter.deadlines.items() if a.status in {"pending", "reference"}} == {
            "pay": "L-PAY", "reconsider": "L-REC.1", "sue": "L-SUE.1", "publish": "L-APL-PUB.1",
        }  # fmt: skip
        both = officer("head", "clerk", agency="urban")
        says(on, both, "pay", id_, "不能由办理“决定罚款”的同一人办理", "may not be done by", values={"receipt": "1"})
        assert on.do(CLERK, "pay", id_, values={"receipt": "PJ-1"}).state == "performed"

    def test_unpaid_urged_then_court(self, on):
        id_ = self.decided(on)
        on.do(LI, "serve", id_, values={"way": "direct"}, checks=frozenset({"privacy"}))
        on.later(days=20)
        assert on.state(id_) == "unpaid"
        says(on, HEAD, "to_court", id_, "还没有开始计算", "has not begun to run")
        assert on.do(LI, "urge", id_).papers["urge"] == "issued"
        says(on, HEAD, "to_court", id_, "期限尚未届满", "has not expired")
        on.later(days=20)
        assert on.do(HEAD, "to_court", id_).state == "to_court"

    def test_electronic_service_needs_signed_consent(self, on):
        id_ = self.decided(on)
        says(
            on,
            LI,
            "serve",
            id_,
            "电子送达须当事人签字同意。",
            "signed consent",
            values={"way": "electronic"},
            checks=frozenset({"privacy"}),
        )
        values = {"way": "electronic", "consent": "已签字", "e_address": "短信", "sent_at": on.now}
        assert on.do(LI, "serve", id_, values=values, checks=frozenset({"privacy"})).papers["e_service"] == "issued"

    def test_cash_only_up_to_its_limit(self, on):
        id_ = ordered(on, "streets.small_ads")
        told(on, LI, id_, fine=150_00)
        matter = on.do(LI, "fine_on_spot", id_, values={"fine": 150_00, "party_signed": "refused"}, **together(LI))
        assert matter.papers["spot"] == "issued"
        receipt = {"values": {"receipt": "P1"}, "checks": frozenset({"official_receipt"})} | together(LI)
        says(on, LI, "collect_cash", id_, "超过上限100.00元", "above the limit of ¥100.00", **receipt)
        receipt["values"] = {"receipt": "P1", "uncollectable": True}
        on.do(LI, "collect_cash", id_, **receipt)
        assert on.matters[id_].deadlines["cash_agency"].rule == "L-APL-CASH.1"
        on.do(LI, "hand_in", id_, values={"receipt": "P1"})
        assert on.do(CLERK, "pay_in", id_, values={"receipt": "P1"}).state == "performed"


class TestRemedies:
    def test_an_objection_to_a_warning_is_answered_by_somebody_else(self, on):
        id_ = record(on, WANG, "streets.bay")
        told(on, WANG, id_, measure="none")
        on.do(WANG, "warn", id_, values={**TAUGHT, "facts": "圈占"}, checks=frozenset({"slight"}))
        on.do(PARTY, "object", id_, values={"reason": "不是我放的"})
        assert on.matters[id_].deadlines["objection"].rule == "S-OBJECT"
        mine = officer("wang", "legal_reviewer", agency="traffic_police")
        says(on, mine, "deny", id_, "同一人", "may not be done by", values={"reason": "属实"})
        matter = on.do(LEGAL, "uphold", id_, values={"reason": "证据不足"})
        assert (matter.state, matter.deadlines["unpublish"].rule) == ("annulled", "L-APL-WDR")
        on.do(WANG, "unpublish", id_, values={"reason": "已撤回"})
        assert on.do(CHIEF, "reopen", id_, values={"reason": "补充调查"}).state == "found"

    def test_a_denied_objection_leaves_the_time_to_pay_whole(self, on):
        id_ = ordered(on, "streets.small_ads")
        told(on, LI, id_, fine=150_00)
        on.do(LI, "fine_on_spot", id_, values={"fine": 150_00, "party_signed": "signed"}, **together(LI))
        on.later(days=5)
        on.do(PARTY, "object", id_, values={"reason": "过重"})
        on.later(days=20)
        assert on.state(id_) == "objected", "nothing is overdue while it is looked at"
        on.do(LEGAL, "deny", id_, values={"reason": "幅度适当"})
        on.later(days=14)
        assert on.state(id_) == "served"

    def test_a_minor_is_warned_and_the_record_is_sealed(self, on):
        id_ = record(on, WANG, "streets.traffic")
        told(on, WANG, id_, measure="none", minor=True)
        values = {**TAUGHT, "facts": "闯红灯"}
        says(
            on,
            WANG,
            "warn",
            id_,
            "未成年人请用“警告并封存”",
            "warn and seal",
            values=values,
            checks=frozenset({"slight"}),
        )
        assert on.do(WANG, "warn_minor", id_, values=values, checks=frozenset({"slight"})).state == "sealed"
        shown = {o for a in DESK["streets.traffic"].actions if a.consults for o in a.consults.outcomes}
        assert "sealed" not in shown, "what is sealed is shown to nobody"


def test_an_on_the_spot_paper_says_that_reconsideration_comes_first():
    for code, act, name in (
        ("streets.small_ads", "fine_on_spot", "spot"),
        ("streets.traffic", "fine_simple", "simple"),
    ):
        paper = DESK[code].paper(name)
        assert "review_first" in paper.fills
        assert "direct_suit" not in paper.fills
        assert "sue" not in {d.key for d in DESK[code].deadlines if act in d.starts_on}, "no suit runs from the spot"
        assert "reconsider" in {d.key for d in DESK[code].deadlines if act in d.starts_on}


def test_no_figure_and_no_field_ranks_anybody():
    for procedure in DESK.values():
        assert not [f.code for f in procedure.figures if "officer" in f.code or "rank" in f.code]


@pytest.mark.parametrize("procedure", DESK.values(), ids=lambda p: p.code)
def test_every_declaration_survives_storage(procedure):
    assert read_procedure(canonical(procedure)).digest == procedure.digest


def test_a_bound_that_nothing_declares_is_a_fault():
    ads = DESK["streets.small_ads"]
    wrong = Holds(FieldNotAbove("fine", "toldfine"), T("不得高于告知的数额。", "Not above what was told."))
    actions = tuple(replace(a, requires=(wrong,)) if a.code == "fine_on_spot" else a for a in ads.actions)
    with pytest.raises(DeclarationError, match="toldfine"):
        replace(ads, actions=actions)
