"""ST-08 on the stage: twelve thefts, one series, seven suspects, one act that reaches every member."""

from __future__ import annotations

import pytest
from tests.kernel.skeletons.series import SERIES, SUSPECT, THEFT
from tests.kernel.stage import Stage, officer, zh

FENG = officer("feng", "investigator", agency="police", unit="dong_e")
CHEN = officer("chen", "investigator", agency="police", unit="dong_e")
CHIEF = officer("chief", "commander", agency="police", unit="dong_e")


@pytest.fixture
def stage() -> Stage:
    stage = Stage(THEFT, SUSPECT, SERIES, at="2022-12-25 08:00")
    stage.staff = {"chen": CHEN}
    return stage


def thefts(stage: Stage, count: int) -> tuple[str, ...]:
    ids = []
    for n in range(count):
        values = {"place": f"东阿县第{n + 1}处", "loss": 260_000, "victim": f"v-{n}"}
        ids.append(stage.later(minutes=20).open(FENG, "file", "cases.theft", values=values).id)
    return tuple(ids)


def hunting(stage: Stage, count: int = 12) -> tuple[str, tuple[str, ...]]:
    members = thefts(stage, count)
    series = stage.open(
        FENG, "propose", "cases.series", values={"method": "砸车窗盗窃"}, related={"member": members}
    ).id
    stage.do(CHIEF, "form_force", series, assign={"force": ("dong_e", "ping_yin")})
    return series, members


def test_the_gang_is_caught_and_every_member_hears_of_it(stage):
    series, members = hunting(stage)
    assert sum(stage.matters[m].fields["loss"] for m in members) > 3_000_000
    assert all(("member_of", series) in stage.matters[m].relations for m in members)
    named = tuple({"name": f"s-{n}"} for n in range(7))
    stage.at("2022-12-28 10:00").do(FENG, "name_suspects", series, items={"suspects": named})
    suspects = [c.id for c in stage.matters[series].children]
    for day, city in enumerate(("平阴", "济南", "泰安", "临沂", "日照")):
        stage.at(f"2022-12-{27 + day:02} 12:00" if day else "2022-12-28 12:00")
        for suspect in suspects:
            stage.do(FENG, "locate", suspect, values={"city": city})
    for suspect in suspects:
        assert stage.state(series) == "hunting"
        stage.do(FENG, "arrest", suspect, values={"city": "日照"}, officers=("chen",))
    assert stage.state(series) == "caught"
    assert {stage.state(m) for m in members} == {"arrested"}
    arrest = stage.journals[members[0]][-1]
    assert arrest.cause.startswith(series), "the member's journal says which act it follows from"
    assert arrest.actor == "kernel"
    stage.do(FENG, "return_goods", members[3], values={"value": 180_000})
    assert len({stage.matters[m].id for m in members}) == 12, "members keep their own numbers"


def test_closing_the_series_needs_a_power_on_every_member(stage):
    series, members = hunting(stage)
    stage.do(FENG, "name_suspects", series, items={"suspects": ({"name": "s-1"},)})
    stage.do(FENG, "clear", f"{series}.suspects.1", values={"reason": "不在场证明"})
    assert stage.state(series) == "caught"
    refusal = stage.refused(CHIEF, "close", series)
    assert refusal.codes == {"who.not_allowed"}
    assert refusal.reasons[0].matter == members[0], "the refusal says on which matter it arose"
    assert stage.state(series) == "caught", "nothing at all has happened"


def test_too_few_members_make_no_task_force(stage):
    members = thefts(stage, 9)
    series = stage.open(FENG, "propose", "cases.series", values={"method": "砸车窗"}, related={"member": members}).id
    assert zh(stage.refused(CHIEF, "form_force", series, assign={"force": ("dong_e",)})) == [
        "“成员案件”至少需要 10 件，现有 9 件。"
    ]
    more = thefts(stage, 1)
    stage.do(FENG, "link", series, related={"member": more})
    assert zh(stage.refused(CHIEF, "form_force", series)) == ["任务“专案组分工”还没有指定承办单位。"]
    assert stage.do(CHIEF, "form_force", series, assign={"force": ("dong_e",)}).state == "hunting"


def test_a_case_linked_by_mistake_is_taken_out_again(stage):
    series, members = hunting(stage)
    out = {"related": {"member": members[:1]}, "values": {"reason": "作案手法不同"}}
    assert members[0] not in stage.do(FENG, "unlink", series, **out).related("member")
    assert stage.matters[members[0]].relations == ()
    assert zh(stage.refused(FENG, "unlink", series, **out)) == [f"事项 {members[0]} 没有列为“成员案件”。"]
    assert stage.refused(FENG, "link", series, related={"member": (series,)}).codes == {"relation.itself"}
    assert stage.refused(FENG, "link", series, related={"member": ("m999",)}).codes == {"relation.not_loaded"}


def test_one_suspect_is_not_arrested_by_one_officer_alone(stage):
    series, _ = hunting(stage)
    empty = stage.refused(FENG, "name_suspects", series, items={"suspects": ({"name": "s-1"}, {"name": ""})})
    assert [(r.code, r.matter) for r in empty.reasons] == [("value.required", f"{series}.suspects.2")]
    stage.do(FENG, "name_suspects", series, items={"suspects": ({"name": "s-1"},)})
    suspect = f"{series}.suspects.1"
    assert stage.refused(FENG, "arrest", suspect, values={"city": "日照"}).codes == {
        "state.wrong",
        "who.too_few_officers",
    }


def test_the_first_finder_merges_a_double_report(stage):
    first, second = thefts(stage, 2)
    why = {"values": {"reason": "同一起案件重复报案"}}
    matter = stage.do(CHEN, "merge", second, related={"into": (first,)}, **why)
    assert matter.closed
    assert ("into_of", second) in stage.matters[first].relations
    assert stage.refused(CHEN, "merge", first, related={"into": (first, second)}, **why).codes == {
        "relation.itself",
        "relation.one_only",
    }


def test_a_merged_member_is_passed_over_when_the_gang_is_caught(stage):
    series, members = hunting(stage)
    stage.do(CHEN, "merge", members[1], related={"into": members[:1]}, values={"reason": "重复报案"})
    stage.do(FENG, "name_suspects", series, items={"suspects": ({"name": "s-1"},)})
    stage.do(FENG, "clear", f"{series}.suspects.1", values={"reason": "不在场证明"})
    assert stage.state(members[1]) == "merged"
    assert stage.state(members[2]) == "arrested"


def test_transfer_to_another_unit(stage):
    (theft,) = thefts(stage, 1)
    why = {"reason": "案发地管辖"}
    assert zh(stage.refused(CHIEF, "transfer", theft, values={**why, "unit": "dong_e"})) == ["事项已在该单位。"]
    assert stage.do(CHIEF, "transfer", theft, values={**why, "unit": "yang_gu"}).holder == "yang_gu"
