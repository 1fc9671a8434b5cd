"""Lists of things: written line by line on the console's page, by one request of the API, and each thing comes to an end of its own."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.conftest import city_now
from tests.web.sessions import browser
from tests.web.test_streets_joint import jpeg, number_of
from tests.web.test_streets_stories import ADS, act, badge, done, found, page, refusal

from guangyue.records.database import db as raw_db

pytestmark = [pytest.mark.database, pytest.mark.django_db]
NEW = "/console/new/streets.goods/list"
LISTED = {"ground": "registered", "street": "柳园路30号", "store": "一中队物证室", "signed": "signed", "check": "copy"}


@pytest.fixture
def two(town):
    return town.someone("urban_officer", "urban-1"), town.someone("urban_officer", "urban-1")


def lines(names, quantities, marks):
    return {"item-things-name": names, "item-things-quantity": quantities, "item-things-mark": marks}


def photo():
    return {"photo-listed": SimpleUploadedFile("1.jpg", jpeg(), "image/jpeg")}


def clocks(ref):
    """The rules of the clocks that run."""
    sql = "select d.basis->>'rule' from deadline d join matter m on m.id = d.matter_id where m.ref = %s and d.status = 'pending'"
    return [row[0] for row in raw_db().execute(sql, [ref]).fetchall()]


def state(ref):
    return raw_db().execute("select state from matter where ref = %s", [ref]).fetchone()[0]


def test_the_page_has_lines_to_fill_in_and_a_list_of_nothing_is_none(town, two):
    han, li = two
    case = found(town, han, "streets.small_ads", ADS)
    said = {
        "key": uuid.uuid4().hex, **LISTED, "related": number_of(case), "officers": badge(li),
    }  # fmt: skip
    html = page(han, f"{NEW}?about={number_of(case)}")
    assert html.count('name="item-things-name"') >= 3, "lines to fill in"
    none = browser(han.account).post(NEW, {**said, "key": "g0", **photo()})
    assert any("物品" in r for r in refusal(none)), "a list of nothing is none"


def test_each_thing_has_an_end_of_its_own(town, two):
    han, li = two
    case = found(town, han, "streets.small_ads", ADS)
    body = {
        "procedure": "streets.goods", "action": "list", "checks": ["copy"], "officers": [badge(li)],
        "values": {k: v for k, v in LISTED.items() if k != "check"}, "related": {"case": [case]},
        "evidence": [town.photo(han, "listed", f"goods-{case}", city_now())],
        "items": {"things": [{"name": "广告贴纸", "quantity": 40}, {"name": "喷漆罐", "quantity": 2, "mark": "黑色"}]},
    }  # fmt: skip
    made = han.post("/api/matters", body)
    assert made.status_code == 201, made.json()
    ref = made.json()["id"]
    html = page(han, f"/console/matters/{ref}")
    things = re.findall(r'href="/console/matters/([^"]+)">涉案物品', html)
    assert len(things) == 2, "both stand on the page of the list"
    assert f"{number_of(ref)}-2" in page(han, f"/console/matters/{things[1]}"), "each goes by the list's number"
    assert clocks(ref) == ["L-APL-REG"], "what is registered is dealt with in seven working days"
    assert number_of(ref) in page(han, f"/console/matters/{case}")
    done(han, things[0], "give_back", signed="signed")
    assert state(ref) == "kept"
    unchecked = act(han, things[1], "hand_over", receipt="柳园派出所 回执3号")
    assert any("与清单逐件核对" in r for r in refusal(unchecked))
    done(han, things[1], "hand_over", receipt="柳园派出所 回执3号", check="compared")
    assert state(ref) == "settled", "the last thing closes the list"
    stray = han.post(
        "/api/matters", body | {"items": {"things": [{"name": "身份证 11010519491231002X", "quantity": 1}]}}
    )
    assert stray.json()["reasons"][0]["code"] == "value.personal", "nobody's number in a list either"


def test_what_was_handed_in_has_no_seven_days(town, two):
    han, li = two
    case = found(town, han, "streets.small_ads", ADS)
    body = {
        "procedure": "streets.goods", "action": "take_in", "officers": [badge(li)],
        "values": {"ground": "found", "street": "柳园路30号", "store": "一中队物证室"}, "related": {"case": [case]},
        "evidence": [town.photo(han, "listed", f"found-{case}", city_now())], "items": {"things": [{"name": "梯子", "quantity": 1}]},
    }  # fmt: skip
    made = han.post("/api/matters", body)
    assert made.status_code == 201, made.json()
    assert clocks(made.json()["id"]) == []
    handed = {**body, "values": {**body["values"], "ground": "handed_in"}}
    assert "requires.check" in {r["code"] for r in han.post("/api/matters", handed).json()["reasons"]}, "with a copy"
    wrong = {**body, "action": "list", "values": {**body["values"], "signed": "signed"}, "checks": ["copy"]}
    assert [r["field"] for r in han.post("/api/matters", wrong).json()["reasons"]] == ["ground"]


def test_more_is_added_on_the_page(town, two):
    han, li = two
    case = found(town, han, "streets.small_ads", ADS)
    photo = town.photo(han, "listed", f"goods-{case}", city_now())
    body = {
        "procedure": "streets.goods", "action": "list", "checks": ["copy"], "officers": [badge(li)],
        "values": {k: v for k, v in LISTED.items() if k != "check"}, "related": {"case": [case]}, "evidence": [photo],
        "items": {"things": [{"name": "广告贴纸", "quantity": 40}]},
    }  # fmt: skip
    ref = han.post("/api/matters", body).json()["id"]
    short = act(han, ref, "add", reason="车内另有", **lines(["胶水", ""], ["", ""], ["红色", ""]))
    assert short.status_code == 422
    assert 'value="胶水"' in short.content.decode(), "what was typed is still there"
    assert any("数量" in r for r in refusal(short)), refusal(short)
    done(han, ref, "add", reason="车内另有", **lines(["胶水", "", "刷子"], ["3", "", "2"], ["", "", ""]))
    kept = raw_db().execute(
        "select count(*) from matter where parent_id = (select id from matter where ref = %s)", [ref]
    )
    assert kept.fetchone()[0] == 3


def test_a_list_belongs_to_a_matter_on_the_page(town, two):
    han, _ = two
    answer = browser(han.account).post(NEW, {"key": "g9", **LISTED, **lines(["a"], ["1"], [""])})
    assert any("所属案件" in r for r in refusal(answer))
