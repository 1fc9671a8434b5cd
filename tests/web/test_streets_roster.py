"""Joint shifts on a page, the second officer whom they offer first, teams of both agencies, gaps and publicity visits."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from tests.web.conftest import city_now
from tests.web.sessions import browser
from tests.web.test_streets_stories import ADS, act, badge, done, found, page, refusal

from guangyue.city.models import Shift
from guangyue.city.roster import add_shift
from guangyue.law import local_date
from guangyue.records.database import alone
from guangyue.records.database import db as raw_db
from guangyue.records.figures import roll
from guangyue.web.console import names
from guangyue.web.onshift import JOINT

pytestmark = [pytest.mark.database, pytest.mark.django_db]
ROSTER = "/console/streets/roster"


@pytest.fixture
def staff(town):
    names.forget()
    yield {
        "head": town.someone("agency_head", "urban", below=True), "chief": town.someone("agency_head", "traffic", below=True),
        "han": town.someone("urban_officer", "urban-1"), "li": town.someone("urban_officer", "urban-1"),
        "sun": town.someone("urban_officer", "urban-2"), "wang": town.someone("traffic_officer", "traffic-2"),
        "commander": town.someone("commander", "urban", below=True),
    }  # fmt: skip
    names.forget()


def post(who, **said):
    return browser(who.account).post(ROSTER, {"day": f"{local_date(city_now())}", "from": "8", "lasts": "8", **said})


def test_each_agency_writes_its_own_into_one_crew_and_the_page_says_who_is_missing(staff):
    crew = {"crew": "联合1组"}
    assert post(staff["head"], number=badge(staff["han"]), unit="urban-1", **crew).status_code == 302
    assert "缺公安交警" in page(staff["wang"], ROSTER)
    foreign = post(staff["head"], number=badge(staff["wang"]), unit="traffic-2", **crew)
    assert foreign.status_code == 404, "nobody posts the other agency's people"
    assert post(staff["chief"], number=badge(staff["wang"]), unit="traffic-2", **crew).status_code == 302
    html = page(staff["han"], ROSTER)
    assert "缺公安交警" not in html
    assert badge(staff["han"]) in html
    assert badge(staff["wang"]) in html
    assert 'name="cancel"' not in html, "an officer reads the roster"
    assert post(staff["han"], number=badge(staff["li"]), unit="urban-1", **crew).status_code == 404

    twice = post(staff["head"], number=badge(staff["han"]), unit="urban-1", crew="联合2组")
    assert refusal(twice) == ["此人在该时段已有班次。"]
    elsewhere = post(staff["head"], number=badge(staff["sun"]), unit="urban-1", **crew)
    assert elsewhere.status_code == 422, "who holds no role there is not posted there"
    shift = Shift.objects.get(person=staff["han"].account.person)
    assert post(staff["chief"], cancel=str(shift.pk)).status_code == 404
    assert post(staff["head"], cancel=str(shift.pk)).status_code == 302
    assert "缺城管" in page(staff["han"], ROSTER)


def test_a_shift_of_no_hours_is_told_so_and_helpers_see_no_roster(town, staff):
    said = {"number": badge(staff["han"]), "unit": "urban-1", "crew": "联合1组"}
    for odd in ({"from": "25"}, {"lasts": "0"}, {"lasts": "25"}, {"from": "八"}):
        assert refusal(post(staff["head"], **said, **odd)) == ["请选择整点开始，时长一至24小时。"], odd
    nobody = browser(staff["head"].account, HTTP_ACCEPT_LANGUAGE="en")
    answer = nobody.post(
        ROSTER, {**said, "number": "none", "day": f"{local_date(city_now())}", "from": "8", "lasts": "8"}
    )
    assert not re.search("[\u4e00-\u9fff]", "".join(refusal(answer)).replace(town.units["urban-1"].name_zh, "")), (
        refusal(answer)
    )
    steward = town.someone("parking_steward", "community-1")
    assert browser(steward.account).get(ROSTER).status_code == 404, "when the police are out is not a helper's to know"
    assert ROSTER not in page(steward, "/console/streets/visits")


def test_who_is_on_shift_is_offered_as_the_second_officer(town, staff):
    now = city_now()
    for who, unit, crew in (
        ("han", "urban-1", "联合1组"),
        ("li", "urban-1", ""),
        ("sun", "urban-2", "联合1组"),
        ("wang", "traffic-2", "联合1组"),
    ):
        add_shift(
            staff[who].account.person,
            town.units[unit],
            JOINT,
            now - timedelta(hours=1),
            now + timedelta(hours=7),
            crew=crew,
        )
    ref = found(town, staff["han"], "streets.small_ads", ADS)

    def offered(code):
        return re.findall(r'name="beside" value="([^"]+)"', page(staff["han"], f"/console/matters/{ref}/act/{code}"))

    sun, wang, li = badge(staff["sun"]), badge(staff["wang"]), badge(staff["li"])
    assert offered("tell") == [sun, wang, li], "the own crew first, then the own unit"
    assert offered("fine_on_spot") == [sun, li], (
        "traffic police do not stand beside where urban management alone may act"
    )
    told = {"party_name": "柳荫杂货店", "facts": "张贴", "measure": "warning", "check": "card_shown"}
    alone_ = act(staff["han"], ref, "tell", **told)
    assert any("两人" in r for r in refusal(alone_))
    done(staff["han"], ref, "tell", **told, beside=sun)
    bundle = browser(staff["han"].account).get("/field/bundle").json()
    assert [b["number"] for b in bundle["beside"]] == [sun, wang, li]


def test_a_team_is_formed_joined_and_goes_on_duty_through_the_pages(staff):
    commander, han, wang = staff["commander"], staff["han"], staff["wang"]
    said = {"name": "联合一队", "area": "古城区", "task": "小广告治理", "assign-send": ["urban-1", "traffic-2"]}
    answer = browser(commander.account).post("/console/new/streets.team/form", {"key": uuid.uuid4().hex, **said})
    assert answer.status_code == 302, refusal(answer)
    ref = answer.headers["Location"].rsplit("/", 1)[1]
    done(han, ref, "join_urban", members=f"{badge(han)}、{badge(staff['li'])}")
    early = act(commander, ref, "activate")
    assert any("交警派员" in r for r in refusal(early))
    done(wang, ref, "join_traffic", members=badge(wang))
    done(commander, ref, "activate")
    for who in (han, wang):
        assert f"/console/matters/{ref}" in page(who, ROSTER), "both agencies find their team"
    assert "派员参加联合执法队" in page(commander, "/console/streets/board"), (
        "the headquarters sees what was given to whom"
    )


def test_the_gap_register_from_the_report_to_the_new_rule(staff, town):
    han, commander, head = staff["han"], staff["commander"], staff["head"]
    legal = town.someone("legal_reviewer", "urban", below=True)
    said = {"what": "小区内摆摊由谁管没有规定", "place_type": "residential", "street": "柳荫小区"}
    answer = browser(han.account).post("/console/new/streets.gap/report", {"key": uuid.uuid4().hex, **said})
    ref = answer.headers["Location"].rsplit("/", 1)[1]
    gaps = "/console/streets/gaps"
    html = page(commander, gaps)
    assert said["what"] in html
    assert "/console/new/streets.gap/report" in page(han, gaps)
    done(commander, ref, "own", owner="市城管局法制科")
    done(head, ref, "decide", competent="urban", ground="条例第23条参照")
    assert "市城管局法制科" in page(head, f"{gaps}?state=decided")
    assert said["what"] not in page(head, f"{gaps}?state=owned")
    assert said["what"] in page(commander, "/console/streets/board"), "open gaps stand on the board"
    done(legal, ref, "rule", rule="规则库 2022-11")
    assert said["what"] not in page(head, gaps)
    assert said["what"] not in page(commander, "/console/streets/board")
    assert "规则库 2022-11" in page(head, f"{gaps}?view=closed")
    assert said["what"] not in page(town.someone("urban_officer", "urban-2"), gaps), "another brigade's is not shown"


def test_an_inspection_is_written_item_by_item_mended_and_counted_without_any_penalty(staff, town):
    han, steward = staff["han"], town.someone("parking_steward", "urban-1")
    opening = "/console/new/streets.inspection/begin"
    answer = browser(steward.account).post(
        opening, {"key": uuid.uuid4().hex, "street": "古楼东网格", "standard": "civic"}
    )
    assert answer.status_code == 302, refusal(answer)
    ref = answer.headers["Location"].rsplit("/", 1)[1]
    said = {
        "short": ["stalls", "ads"],
        "met": ["bays"],
        "found": "路口两处摊位",
        "mend_by": f"{city_now():%Y}-12-30T10:00",
    }
    bare = act(han, ref, "falls_short", **said)
    assert any("问题照片" in r for r in refusal(bare)), "what falls short is shown"
    body = {
        "values": {**said, "mend_by": f"{said['mend_by']}:00+08:00"},
        "evidence": [town.photo(han, "short", ref, city_now())],
    }
    assert han.post(f"/api/matters/{ref}/actions/falls_short", body).status_code == 200
    case = found(town, han, "streets.small_ads", ADS)
    done(han, ref, "tie", related=case)
    assert f"/console/matters/{case}" in page(han, f"/console/matters/{ref}"), "the matter that came of it"
    html = page(han, "/console/streets/inspections?state=short")
    for text in ("古楼东网格", "道路无占道经营、墙面、杆体无乱贴乱画", "全国文明城市创建", "路口两处摊位"):
        assert text in html, text
    after = {"evidence": [town.photo(han, "mended", f"after-{ref}", city_now())]}
    assert han.post(f"/api/matters/{ref}/actions/mended", after).status_code == 200
    assert "古楼东网格" not in page(han, "/console/streets/inspections?state=short")
    counted = dict(
        raw_db().execute("select figure, amount from tally where procedure = 'streets.inspection'").fetchall()
    )
    assert counted == {"inspections": 1, "fell_short": 1, "mended": 1}, (
        "places and mending; no penalty is anybody's target"
    )


def test_publicity_visits_are_listed_and_counted(staff):
    han = staff["han"]
    said = {"topic": "门前五包", "street": "古城南街"}
    answer = browser(han.account).post("/console/new/streets.visit/begin", {"key": uuid.uuid4().hex, **said})
    ref = answer.headers["Location"].rsplit("/", 1)[1]
    assert "门前五包" in page(han, "/console/streets/visits")
    done(han, ref, "hold", reached="32", shops="11", leaflets="40", said="希望多设公示栏")
    with alone() as raw:
        roll(raw)
    html = page(han, "/console/streets/visits")
    for text in ("希望多设公示栏", ">32<", "/console/streets/entries/reached"):
        assert text in html, text
    assert "门前五包" not in page(staff["wang"], "/console/streets/visits")
    assert raw_db().execute("select count(*) from tally where figure = 'reached'").fetchone()[0] == 1
