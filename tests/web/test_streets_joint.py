"""ST-06 from the finding to the signed record, on the console's pages; and every "no" as an officer reads it, on page and API alike."""

from __future__ import annotations

import io
import re
import uuid
from importlib import import_module
from unittest.mock import patch

import pytest
from PIL import Image
from tests.web.conftest import city_now, later
from tests.web.sessions import browser
from tests.web.test_streets_stories import ADS, act, badge, done, found, page, refusal

from guangyue.city.models import Agency
from guangyue.city.units import add_unit
from guangyue.records.database import db as raw_db
from guangyue.records.deadlines import fire_due
from guangyue.records.library import LIBRARY
from guangyue.web.console import names

pytestmark = [pytest.mark.database, pytest.mark.django_db]
ASKED = {"power": "行政处罚法第55条", "asked": "问：谁贴的？答：我贴的。"}
REQUEST = {
    "purpose": "paper", "purpose_said": "制作责令改正通知书", "basis": "城镇容貌条例第63条", "known": "自称店主的男子",
}  # fmt: skip


@pytest.fixture
def joint(town):
    """The town with its police, and those who meet in the street."""
    police = Agency.objects.create(code="police", kind="police", name_zh="公安局", name_en="Police")
    town.units["police"] = add_unit(police, "police", "公安局", level="county")
    town.units["police-1"] = add_unit(police, "police-1", "柳园派出所", level="station", parent=town.units["police"])
    names.forget()
    yield {
        "han": town.someone("urban_officer", "urban-1"), "li": town.someone("urban_officer", "urban-1"),
        "station": town.someone("station_officer", "police-1"), "county": town.someone("county_officer", "police"),
        "other": town.someone("station_officer", "police"),
    }  # fmt: skip
    names.forget()


def number_of(ref):
    return raw_db().execute("select coalesce(number, ref) from matter where ref = %s", [ref]).fetchone()[0]


def begun(who, procedure, code, **said):
    answer = browser(who.account).post(f"/console/new/{procedure}/{code}", {"key": uuid.uuid4().hex, **said})
    assert answer.status_code == 302, refusal(answer)
    return answer.headers["Location"].rsplit("/", 1)[1]


def test_st06_joint_questioning_whole_through_the_pages(town, joint):
    han, station = joint["han"], joint["station"]
    ref = found(town, han, "streets.small_ads", ADS)
    form = page(han, f"/console/new/streets.questioning/begin?about={number_of(ref)}")
    assert "柳园派出所" in form, "the form offers the units that may come"
    said = {"street": "柳园路30号", "purpose": "查明张贴情况", "check": "rights", "related": number_of(ref)}
    alone = browser(han.account).post(
        "/console/new/streets.questioning/begin", {"key": "q-alone", **said}
    )  # fmt: skip
    assert any("派员到场" in r for r in refusal(alone)), "joint means that the other agency is asked to come"
    asking = begun(han, "streets.questioning", "begin", **said, **{"assign-side": "police-1"})

    assert number_of(asking) in page(station, "/console/streets"), "the police find it among what was given to them"
    html = page(station, f"/console/matters/{asking}")
    (way,) = set(re.findall(r'action="(/console/matters/[^"]+/task/side/1/0)"', html))
    grabbed = browser(han.account).post(way, {"key": "t0", "what": "accept"})
    assert any("柳园派出所" in r or "police-1" in r for r in refusal(grabbed)), (
        "a task is taken by the unit it was given to"
    )
    taken = browser(station.account).post(way, {"key": "t1", "what": "accept"})
    assert taken.status_code == 302
    assert browser(joint["other"].account).get(f"/console/matters/{asking}").status_code == 404, "not their matter"

    done(han, asking, "ask_urban", **ASKED, officers=badge(joint["li"]))
    early = act(han, asking, "sign", answers="承认张贴", party_signed="signed")
    assert any("查验身份" in r for r in refusal(early))
    seen = {
        "why": "制作责令改正通知书",
        "ground": "居民身份证法第15条",
        "identity_verified": "on",
        "party_name": "甲某",
    }
    done(station, asking, "check_identity", **seen)
    done(han, asking, "sign", answers="承认张贴小广告三处", party_signed="signed")

    html = page(han, f"/console/matters/{asking}")
    for text in (
        "笔录已签",
        "联合询问笔录",
        badge(station),
        "制作责令改正通知书",
        "居民身份证法第15条",
        number_of(ref),
    ):
        assert text in html, text
    (way,) = set(re.findall(r'href="(/field/paper/[^"]+)"', html))
    drawing = import_module("guangyue.records.papers.issued")
    with patch.object(drawing, "pdf_of", wraps=drawing.pdf_of) as drawn:
        assert browser(han.account).get(way).content[:5] == b"%PDF-"
    told = [(b.act, b.officer) for b in drawn.call_args.args[0].before if b.said]
    assert told == [("ask_urban", badge(han)), ("check_identity", badge(station))], (
        "the record says who asked and who looked"
    )
    assert "甲某" not in html, "a name is read for a reason that is written down, not by opening a page"
    assert number_of(asking) in page(han, f"/console/matters/{ref}"), "and the matter leads to its record"
    assert [who for who, _ in look_ups(ref)] == [f"account:{station.account.pk}"], (
        "one look-up, under the case's number"
    )
    papers = raw_db().execute(
        "select count(*) from document d join matter m on m.id = d.matter_id where m.ref = %s and d.number is not null",
        [asking],
    )
    assert papers.fetchone()[0] == 1


def test_st06_an_identity_request_whole_through_the_pages(town, joint):
    han, station, county = joint["han"], joint["station"], joint["county"]
    ref = found(town, han, "streets.small_ads", ADS)
    asked = begun(
        han, "streets.identity", "ask", **REQUEST, asked_name="on", check="necessary", related=number_of(ref)
    )  # fmt: skip
    assert "批准核验" in page(county, f"/console/matters/{asked}")
    denied = act(han, asked, "approve")
    assert any("区县公安机关民警" in r or "公安" in r for r in refusal(denied)), refusal(denied)
    done(county, asked, "approve")
    too_much = act(station, asked, "answer", verified="on", party_name="甲某", party_address="柳园路")
    assert "没有请求地址，不得提供。" in refusal(too_much)
    done(station, asked, "answer", verified="on", party_name="甲某")
    done(han, asked, "use", used_for="责令改正通知书")
    html = page(han, f"/console/matters/{asked}")
    for text in ("已用于办案", REQUEST["basis"], badge(county), badge(station), number_of(ref)):
        assert text in html, text
    acts = raw_db().execute(
        "select j.act from journal j join matter m on m.id = j.matter_id join relation r on r.matter_id = m.id"
        " join matter c on c.id = r.other_id where m.ref = %s and c.ref = %s order by j.seq",
        [asked, ref],
    )
    assert [row[0] for row in acts.fetchall()] == ["ask", "approve", "answer", "use"], "each step is tied to the case"
    ((who, what),) = look_ups(ref)
    assert (who, asked in what) == (f"account:{station.account.pk}", True), "and the look-up with its case"
    assert "甲某" not in what


def look_ups(ref):
    """The identity look-ups that the access log has of a matter: who, and what."""
    found = raw_db().execute(
        "select a.viewer, a.what from access_log a join matter m on m.id = a.matter_id"
        " where m.ref = %s and a.purpose = 'identity look-up' order by a.id",
        [ref],
    )
    return found.fetchall()


def both(who, ref, code, form, body, says):
    """What the page and the API say against the same act; they say the same."""
    answered = act(who, ref, code, **form)
    on_page = refusal(answered) + re.findall(r'class="wrong"[^>]*>([^<]+)<', answered.content.decode())
    answer = who.post(f"/api/matters/{ref}/actions/{code}", body)
    assert answer.status_code in {403, 409, 422}, answer.json()
    by_api = [r["text"] for r in answer.json()["reasons"]]
    assert any(says in r for r in by_api), by_api
    assert any(says in r for r in on_page), on_page
    return on_page


PARTY = {"party_name": "柳荫杂货店", "facts": "张贴小广告"}


def test_no_wrong_agency(town, joint):
    wang = town.someone("traffic_officer", "traffic-2")
    zhou = town.someone("traffic_officer", "traffic-2")
    ref = found(town, wang, "streets.small_ads", ADS)
    tomorrow = f"{city_now():%Y}-12-30T10:00"
    form = {**PARTY, "correct_by": tomorrow, "officers": badge(zhou)}
    body = {"values": {**PARTY, "correct_by": f"{tomorrow}:00+08:00"}, "officers": [badge(zhou)]}
    both(wang, ref, "order", form, body, "由城市管理（综合行政执法）部门处理，请移交")


def test_no_missing_second_officer(town, joint):
    ref = found(town, joint["han"], "streets.small_ads", ADS)
    form = {**PARTY, "measure": "warning", "check": "card_shown"}
    body = {"values": {**PARTY, "measure": "warning"}, "checks": ["card_shown"]}
    both(joint["han"], ref, "tell", form, body, "须执法人员不少于两人")


def test_no_amount_outside_the_band(town, joint):
    han, li = joint["han"], badge(joint["li"])
    ref = found(town, han, "streets.small_ads", ADS)
    done(han, ref, "tell", **PARTY, measure="fine", told_fine="5000", check="card_shown", officers=li)
    done(han, ref, "hear", answer="none")
    form = {"fine": "5000", "party_signed": "signed", "officers": li}
    body = {"values": {"fine": 5000_00, "party_signed": "signed"}, "officers": [li]}
    said = both(han, ref, "fine_on_spot", form, body, "100元至1,000元")
    assert any("责令" in r for r in said), "and no fine before the order"
    html = page(han, f"/console/matters/{ref}")
    assert "¥5,000.00" in html, "the sum that was told"
    assert "500000" not in html, "nobody reads fen"


def test_a_form_says_once_which_papers_follow_and_which_only_may(town, joint):
    ref = found(town, joint["han"], "streets.small_ads", ADS)
    form = page(joint["han"], f"/console/matters/{ref}/act/notify")
    assert form.count("出具《行政处罚事先告知书》") == 1
    assert "需要时出具《电子送达确认书》" in page(joint["han"], f"/console/matters/{ref}/act/serve")


def jpeg():
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 90, 90)).save(picture, "JPEG")
    return picture.getvalue()


def overdue(town, who):
    """A car whose ten minutes are over."""
    ref = who.post("/api/matters", town.opening(who)).json()["id"]
    town.machine(ref, "reminder_accepted")
    later(minutes=11)
    fire_due(raw_db(), LIBRARY)
    return ref


def test_no_second_photograph(town, joint):
    ref = overdue(town, joint["han"])
    both(joint["han"], ref, "still_there", {}, {}, "十分钟后的取证照片")


def test_no_legible_plate(town, joint):
    from django.core.files.uploadedfile import SimpleUploadedFile

    han = joint["han"]
    ref = overdue(town, han)
    blurred = town.photo(han, "second", f"blurred-{ref}", city_now(), plate_legible=False)
    form = {"photo-second": SimpleUploadedFile("second.jpg", jpeg(), "image/jpeg")}
    both(han, ref, "still_there", form, {"evidence": [blurred]}, "号牌")


def test_no_review_of_ones_own(town, joint):
    from datetime import timedelta

    from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

    from guangyue.city.models import RoleHolding

    both_hats = town.someone("traffic_officer", "traffic-1")
    RoleHolding.objects.create(
        person=both_hats.account.person, role="traffic_reviewer", unit=town.units["traffic-1"], certificate="ZF-2",
        during=DateTimeTZRange(city_now() - timedelta(days=30), None),
    )  # fmt: skip
    ref = overdue(town, both_hats)
    again = {"evidence": [town.photo(both_hats, "second", f"again-{ref}", city_now())]}
    assert both_hats.post(f"/api/matters/{ref}/actions/still_there", again).status_code == 200
    both(both_hats, ref, "approve", {"measure": "warning"}, {"values": {"measure": "warning"}}, "同一人")


def test_no_identity_without_a_matter(joint):
    han = joint["han"]
    body = {
        "procedure": "streets.identity",
        "action": "ask",
        "checks": ["necessary"],
        "values": REQUEST | {"asked_name": True},
    }
    answer = han.post("/api/matters", body)
    by_api = [r["text"] for r in answer.json()["reasons"]]
    form = {"key": "i1", **REQUEST, "asked_name": "on", "check": "necessary"}
    on_page = refusal(browser(han.account).post("/console/new/streets.identity/ask", form))
    assert "“所属案件”至少需要 1 件，现有 0 件。" in by_api
    assert "“所属案件”至少需要 1 件，现有 0 件。" in on_page
