"""Two agencies at one table: joint questioning, identity requests, teams, gaps, transfers, hand-over (ST-06)."""

from __future__ import annotations

import pytest
from tests.kernel.stage import officer, recording, zh
from tests.streets.people import (
    CHIEF,
    COUNTY,
    DESK,
    HEAD,
    LEGAL,
    LI,
    PARTY_IS,
    STATION,
    WANG,
    record,
    stage,
    together,
)

COMMANDER = officer("commander", "commander", agency="police", level="city")
OTHER_COUNTY = officer("county2", "county_officer", agency="police")
REQUEST = {
    "purpose": "paper",
    "purpose_said": "制作责令改正通知书",
    "basis": "行政处罚法第40条",
    "known": "约四十岁男子，自称店主",
    "asked_name": True,
}
NECESSARY = frozenset({"necessary"})
RIGHTS = frozenset({"rights"})
POLICE_COMES = {"side": ("police-1",)}
POWER = {"power": "行政处罚法第55条", "asked": "问：谁贴的？答：我贴的。"}


@pytest.fixture
def on():
    return stage("2022-10-18 09:00")


@pytest.fixture
def ads(on) -> str:
    return record(on, LI, "streets.small_ads")


def test_st06_police_alone_check_the_identity_and_urban_management_learns_what_the_paper_needs(on, ads):
    id_ = on.open(
        LI, "begin", "streets.questioning", new_id="q1", values={"street": "柳园路", "purpose": "查明张贴人"},
        related={"case": (ads,)}, checks=RIGHTS, assign=POLICE_COMES,
    ).id  # fmt: skip
    on.do(LI, "ask_urban", id_, values=POWER, **together(LI))
    refused = on.refused(LI, "check_identity", id_, values={})
    assert any("派出所民警" in sentence and "城管执法人员" not in sentence for sentence in zh(refused))
    early = on.refused(LI, "sign", id_, values={"answers": "承认张贴", "party_signed": "signed"})
    assert "须先办理“查验身份”1次" in "".join(zh(early))
    seen = {"why": "制作法律文书", "ground": "居民身份证法第15条", "identity_verified": True, "party_name": "甲某"}
    on.do(STATION, "check_identity", id_, values=seen)
    entry = on.journals[id_][-1]
    assert (entry.actor, entry.values["why"], entry.values["ground"]) == (
        "station",
        "制作法律文书",
        "居民身份证法第15条",
    )
    matter = on.do(LI, "sign", id_, values={"answers": "承认张贴小广告", "party_signed": "signed"})
    assert (matter.state, matter.papers) == ("signed", {"record": "issued"})
    assert {"party_code", "id_number", "phone"}.isdisjoint(f.name for f in DESK["streets.questioning"].fields)


def test_questioning_belongs_to_a_matter_and_takes_two_officers(on, ads):
    alone = on.refused(
        LI, "begin", code="streets.questioning", values={"street": "柳园路", "purpose": "查明张贴人"}, checks=RIGHTS
    )
    assert "relation.none" in alone.codes
    id_ = on.open(
        LI, "begin", "streets.questioning", new_id="q1", values={"street": "柳园路", "purpose": "查明张贴人"},
        related={"case": (ads,)}, checks=RIGHTS, assign=POLICE_COMES,
    ).id  # fmt: skip
    one = on.refused(LI, "ask_urban", id_, values=POWER)
    assert "须执法人员不少于两人。" in zh(one)
    on.do(
        LI,
        "ask_urban",
        id_,
        values=POWER,
        evidence=(recording("tape", "2022-10-18 08:50", "2022-10-18 09:00"),),
        **together(LI),
    )


def asked(on, ads: str, **more) -> str:
    return on.open(
        LI, "ask", "streets.identity", new_id="i1", values=REQUEST | more, related={"case": (ads,)}, checks=NECESSARY
    ).id


def test_an_identity_without_a_matter_is_refused_in_both_languages(on):
    refused = on.refused(LI, "ask", code="streets.identity", values=REQUEST, checks=NECESSARY)
    told = {(r.text.zh, r.text.en) for r in refused.reasons}
    assert ("“所属案件”至少需要 1 件，现有 0 件。", "“The matter it belongs to” needs at least 1; so far 0.") in told


def test_an_identity_is_approved_by_police_looked_up_by_police_and_expires(on, ads):
    id_ = asked(on, ads)
    assert on.matters[id_].holder == "police"
    assert "who.not_allowed" in on.refused(HEAD, "approve", id_).codes
    on.do(COUNTY, "approve", id_)
    assert "who.not_allowed" in on.refused(LI, "answer", id_, values={"verified": True}).codes
    assert (
        "who.same_person"
        in on.refused(
            officer("county", "county_officer", agency="police"), "answer", id_, values={"verified": True}
        ).codes
    )
    too_much = on.refused(
        STATION, "answer", id_, values={"verified": True, "party_name": "甲某", "party_address": "柳园路"}
    )
    assert "没有请求地址，不得提供。" in zh(too_much)
    matter = on.do(STATION, "answer", id_, values={"verified": True, "party_name": "甲某"})
    assert matter.deadlines["valid"].rule == "S-IDENT.2"
    on.later(hours=25)
    assert on.state(id_) == "expired"
    assert "state.closed" in on.refused(LI, "use", id_, values={"used_for": "责令改正通知书"}).codes


def test_what_is_not_needed_cannot_be_asked(on, ads):
    nothing = on.refused(
        LI,
        "ask",
        code="streets.identity",
        values={**REQUEST, "asked_name": False},
        related={"case": (ads,)},
        checks=NECESSARY,
    )
    assert "请勾选需要的信息，只能请求办案必需的。" in zh(nothing)
    assert "known" in DESK["streets.identity"].tables.personal


def test_a_matter_of_the_other_agency_is_handed_over_at_once_with_a_receipt(on):
    id_ = record(on, WANG, "streets.small_ads")
    wrong = on.refused(WANG, "order", id_, values={**PARTY_IS, "facts": "张贴", "correct_by": on.now.replace(day=20)})
    assert any("由城市管理（综合行政执法）部门处理，请移交" in sentence for sentence in zh(wrong))
    matter = on.do(WANG, "hand_to_urban", id_, values={"facts": "张贴小广告", "reason": "属城管职责"})
    assert (matter.state, matter.holder, matter.papers) == ("handed_over", "urban", {"handed": "issued"})
    assert matter.deadlines["receive"].rule == "S-HANDOVER"
    assert "who.not_allowed" in on.refused(WANG, "received_urban", id_).codes
    matter = on.do(LI, "received_urban", id_)
    assert (matter.state, matter.papers["receipt"]) == ("found", "issued")


def test_a_place_that_nobody_is_named_for_goes_to_the_gap_register(on):
    id_ = record(on, LI, "streets.stall", place_type="residential")
    refused = on.refused(
        LI, "order", id_, values={**PARTY_IS, "facts": "摆摊", "correct_by": on.now.replace(day=20)}, **together(LI)
    )
    assert any("请登记为管理空白" in sentence for sentence in zh(refused))
    gap = on.open(
        LI, "report", "streets.gap", new_id="g1",
        values={"what": "小区内摆摊由谁管没有规定", "place_type": "residential", "street": "柳荫小区"},
    ).id  # fmt: skip
    on.do(COMMANDER, "own", gap, values={"owner": "市城管局法制科"})
    on.do(HEAD, "decide", gap, values={"competent": "urban", "ground": "条例第23条参照"})
    assert (
        "who.same_person"
        in on.refused(officer("head", "legal_reviewer", agency="urban"), "rule", gap, values={"rule": "2022-11"}).codes
    )
    assert on.do(LEGAL, "rule", gap, values={"rule": "规则库 2022-11"}).state == "ruled"


def test_a_team_goes_on_duty_only_when_both_agencies_have_sent_people(on):
    id_ = on.open(
        COMMANDER,
        "form",
        "streets.team",
        values={"name": "联合一队", "area": "古城区", "task": "小广告治理"},
        assign={"send": ("urban-1", "traffic-2")},
    ).id
    on.do(LI, "join_urban", id_, values={"members": "U001、U002"})
    assert "须先办理“交警派员”1次" in "".join(zh(on.refused(COMMANDER, "activate", id_)))
    on.do(WANG, "join_traffic", id_, values={"members": "T001"})
    on.do(COMMANDER, "activate", id_)
    day = on.now.date()
    assert on.do(LI, "roster", id_, values={"day": day, "shift": "day", "crew": "U001、T001"}).state == "active"


PACK = {"letter": "移送书", "report": "调查报告", "goods": "无", "expert": "无", "others": "照片"}
TICKS = frozenset({"prosecutor_copy", "suspended"})


def transfer(on, ads: str) -> str:
    return on.open(
        LI, "propose", "streets.transfer", new_id="t1", values={"facts": "数额较大，涉嫌犯罪", "report": "调查情况如下"},
        related={"case": (ads,)}, officers=("sun",),
    ).id  # fmt: skip


def test_a_transfer_runs_on_the_statutory_clocks_with_five_attachments_and_receipts(on, ads):
    one = on.refused(
        LI,
        "propose",
        code="streets.transfer",
        values={"facts": "涉嫌犯罪", "report": "调查情况"},
        related={"case": (ads,)},
    )
    assert "who.too_few_officers" in one.codes
    id_ = transfer(on, ads)
    assert on.matters[id_].deadlines["decide"].rule == "L-XFER-DEC.1"
    on.do(HEAD, "approve", id_)
    assert on.matters[id_].deadlines["send"].rule == "L-XFER-DEC.2"
    lacking = on.refused(LI, "send", id_, values=PACK | {"expert": ""}, checks=TICKS)
    assert {r.field for r in lacking.reasons} == {"expert"}
    matter = on.do(LI, "send", id_, values=PACK, checks=TICKS)
    assert (matter.holder, matter.papers) == ("police", {"pack": "issued"})
    on.do(COUNTY, "receive", id_, values={"receipt": "回执1"})
    on.do(COUNTY, "decline", id_, values={"reason": "事实不清"})
    on.do(HEAD, "ask_review", id_, values={"reason": "事实清楚"})
    assert "who.same_person" in on.refused(COUNTY, "uphold", id_, values={"reason": "维持"}).codes
    on.do(OTHER_COUNTY, "file_case", id_, values={"case_number": "刑字1号"})
    assert on.matters[id_].deadlines["goods"].rule == "L-XFER-HAND"
    assert on.do(LI, "hand_goods", id_, checks=frozenset({"listed"})).state == "handed"


def test_a_refusal_that_nobody_contests_in_three_days_comes_back(on, ads):
    id_ = transfer(on, ads)
    on.do(HEAD, "approve", id_)
    on.do(LI, "send", id_, values=PACK, checks=TICKS)
    on.do(COUNTY, "receive", id_, values={"receipt": "回执1"})
    on.do(COUNTY, "decline", id_, values={"reason": "不构成犯罪"})
    on.later(days=5)
    assert on.state(id_) == "returned"


def test_helpers_visit_and_are_counted_but_see_no_identity(on):
    steward = officer("steward", "parking_steward", agency="community")
    id_ = on.open(steward, "begin", "streets.visit", values={"topic": "文明停车", "street": "古城南街"}).id
    on.do(steward, "hold", id_, values={"reached": 32})
    assert on.figures("streets.visit") == {"visits": 1, "reached": 32}
    assert "who.not_allowed" in on.refused(steward, "ask", code="streets.identity", values=REQUEST).codes


def test_urban_management_detains_no_vehicle_and_the_chief_approves_or_lifts(on):
    case = record(on, WANG, "streets.low_speed")
    asked_ = {
        "party_name": "甲某",
        "vehicle_text": "无",
        "vehicle_type": "三轮低速电动车",
        "facts": "无牌上路",
        "street": "柳园路",
        "party_signed": "signed",
    }
    from tests.kernel.stage import photo

    pieces = tuple(photo("taken", on.now, 70 + n) for n in range(2))
    assert (
        "who.not_allowed"
        in on.refused(LI, "take", code="streets.measure", values=asked_, related={"case": (case,)}).codes
    )
    id_ = on.open(
        WANG, "take", "streets.measure", new_id="v1", values=asked_, evidence=pieces, related={"case": (case,)}
    ).id
    assert {k: a.rule for k, a in on.matters[id_].deadlines.items()} == {
        "report": "L-TRAF-COERCE.1",
        "hand_in": "L-TRAF-COERCE.2",
    }
    assert on.do(CHIEF, "lift", id_, values={"reason": "不符合扣留条件"}).state == "lifted"
