"""ST-01 and ST-02 on the kernel's stage: the day's first warning notice, and a shop that stuck advertisements."""

from __future__ import annotations

from tests.streets.people import DESK, LI, PARTY_IS, TAUGHT, WANG, record, stage, together, told

from guangyue.kernel import Refusal

SLIGHT = frozenset({"slight"})


def test_st01_the_first_warning_notice_of_the_day_names_no_fine():
    on = stage("2023-01-05 09:00")
    bay = DESK["streets.bay"]
    id_ = record(on, WANG, bay.code)
    early = on.ask(WANG, "warn", id_, values={**PARTY_IS, **TAUGHT, "facts": "圈占公共车位"}, checks=SLIGHT)
    assert isinstance(early, Refusal)
    assert "state.wrong" in early.codes, "told and heard first"
    told(on, WANG, id_, measure="none")
    matter = on.do(WANG, "warn", id_, values={**TAUGHT, "facts": "用水桶圈占公共车位"}, checks=SLIGHT)
    assert (matter.state, bay.state("warned").record) == ("warned", True)
    assert matter.papers == {"warning": "issued"}
    assert matter.fields["education"] == TAUGHT["education"]
    assert "fine" not in matter.fields
    paper = bay.paper("warning")
    assert (paper.numbered, "amount" in paper.fills) == ("warning", False)
    counted = on.figures(bay.code)
    assert counted["warnings"] == 1
    assert not any(n for name, n in counted.items() if name.startswith(("fines_", "fen_")))
    assert "warned" in bay.action("warn").consults.outcomes, "the next officer is shown it"


def test_st02_an_oral_warning_ends_it_and_help_is_never_a_condition():
    on = stage("2023-01-05 16:00")
    ads = DESK["streets.small_ads"]
    id_ = record(on, LI, ads.code, shop="柳荫杂货店")
    on.at("2023-01-06 09:30")
    words = {**PARTY_IS, "education": "这次只作警告处理，请及时清除；再犯将依法从重。"}
    matter = on.do(LI, "warn_orally", id_, values=words, checks=SLIGHT, **together(LI))
    assert (matter.state, matter.closed, matter.papers) == ("warned_orally", True, {})
    matter = on.do(LI, "offer_help", id_, values={"offer": "可以在社区公示栏和群里代为宣传。"})
    assert matter.state == "warned_orally"
    assert not any(r for r in ads.action("warn_orally").requires if getattr(r, "act", "") == "offer_help")
    assert ads.state("warned_orally").record
    assert on.figures(ads.code) == {"found": 1, "oral_warnings": 1}
