"""ST-01, ST-02 and ST-06 as officers play them: on the console's pages, with what each refusal says."""

from __future__ import annotations

import re
import uuid

import pytest
from tests.web.conftest import city_now
from tests.web.sessions import browser

from guangyue.records.database import db as raw_db

pytestmark = [pytest.mark.database, pytest.mark.django_db]
BAY = {"offence": "bay.occupied", "place_type": "public_lot", "street": "柳园路12号"}
ADS = {"offence": "small_ads", "place_type": "street_furniture", "street": "柳园路30号", "shop": "柳荫杂货店"}
EDUCATION = "公共车位是给广大市民提供停车便利的，不允许私自圈占。"


@pytest.fixture
def people(town):
    """Two of each agency, a head of the police."""
    return {
        "wang": town.someone("traffic_officer", "traffic-2"), "zhou": town.someone("traffic_officer", "traffic-2"),
        "han": town.someone("urban_officer", "urban-1"), "li": town.someone("urban_officer", "urban-1"),
        "chief": town.someone("agency_head", "traffic", below=True),
        "other": town.someone("traffic_officer", "traffic-2"),
    }  # fmt: skip


def badge(who):
    return who.account.person.number


def act(who, ref, code, **said):
    """A form of the console, filled in and sent."""
    return browser(who.account).post(f"/console/matters/{ref}/act/{code}", {"key": uuid.uuid4().hex, **said})


def done(who, ref, code, **said):
    answer = act(who, ref, code, **said)
    assert answer.status_code == 302, refusal(answer)


def refusal(answer):
    """What the page says against it."""
    text = answer.content.decode()
    return re.findall(r"<li>([^<]+)</li>", text[text.find('class="refusal"') :].partition("</section>")[0])


def found(town, who, procedure, values):
    """A finding, as the phone sends it."""
    pieces = [
        town.photo(who, "found", f"{procedure}-{n}-{uuid.uuid4()}", city_now(), plate_legible=False) for n in range(2)
    ]
    body = {"procedure": procedure, "action": "record", "values": values, "evidence": pieces,
            "position": {"lon": 115.98, "lat": 36.45, "accuracy_m": 5}}  # fmt: skip
    made = who.post("/api/matters", body)
    assert made.status_code == 201, made.json()
    return made.json()["id"]


def page(who, path):
    answer = browser(who.account).get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_st01_the_days_first_warning_notice(town, people):
    wang, zhou = people["wang"], people["zhou"]
    ref = found(town, wang, "streets.bay", BAY)
    early = act(wang, ref, "warn", party_name="柳荫杂货店", facts="私自圈占", education=EDUCATION, check="slight")
    assert early.status_code == 422
    assert refusal(early), "the officer is told that it is not yet the time"
    told = {"party_name": "柳荫杂货店", "facts": "用水桶圈占公共车位", "measure": "none", "check": "card_shown"}
    done(wang, ref, "tell", **told, officers=badge(zhou))
    done(wang, ref, "hear", answer="none")
    done(
        wang,
        ref,
        "warn",
        party_name="柳荫杂货店",
        facts="用水桶圈占公共车位",
        education=EDUCATION,
        check="slight",
        officers=badge(zhou),
    )
    html = page(wang, f"/console/matters/{ref}")
    assert "警告通知" in html
    assert EDUCATION in html
    number, facts = (
        raw_db()
        .execute("select d.number, d.facts from document d join matter m on m.id = d.matter_id where m.ref = %s", [ref])
        .fetchone()
    )
    assert re.fullmatch(r"JG-traffic-2-\d{8}-0001", number), "the first of its unit that day"
    assert "amount" not in facts
    figures = dict(raw_db().execute("select figure, sum(amount) from tally where procedure = 'streets.bay' group by 1"))
    assert figures["warnings"] == 1
    assert not any(f.startswith(("fines_", "fen_")) for f in figures)


def test_st01_the_next_officer_sees_what_was_before(town, people):
    wang, zhou = people["wang"], people["zhou"]
    refs = [found(town, wang, "streets.bay", BAY) for _ in range(2)]
    for ref in refs:
        told = {
            "party_name": "柳荫杂货店",
            "party_code": "92371500MA3TEST001",
            "facts": "圈占",
            "measure": "none",
            "check": "card_shown",
        }
        done(wang, ref, "tell", **told, officers=badge(zhou))
        done(wang, ref, "hear", answer="none")
    done(
        wang,
        refs[0],
        "warn",
        party_name="柳荫杂货店",
        party_code="92371500MA3TEST001",
        facts="圈占",
        education=EDUCATION,
        check="slight",
        officers=badge(zhou),
    )
    looks = (
        raw_db().execute("select count(*) from access_log where body like '%%first-offence look-up%%'").fetchone()[0]
    )
    html = page(people["other"], f"/console/matters/{refs[1]}/act/warn")
    assert "以往记录" in html
    after = (
        raw_db().execute("select count(*) from access_log where body like '%%first-offence look-up%%'").fetchone()[0]
    )
    assert after > looks, "the look is on record"


def test_st02_an_oral_warning_and_help_that_is_no_condition(town, people):
    han, li = people["han"], people["li"]
    ref = found(town, han, "streets.small_ads", ADS)
    words = "这次仅对你进行警告处理，请及时清除。"
    done(han, ref, "warn_orally", party_name="柳荫杂货店", education=words, check="slight", officers=badge(li))
    done(han, ref, "offer_help", offer="可以在微信群帮你宣传。")
    html = page(han, f"/console/matters/{ref}")
    assert words in html
    assert "口头警告" in html
    papers = raw_db().execute(
        "select count(*) from document d join matter m on m.id = d.matter_id where m.ref = %s", [ref]
    )
    assert papers.fetchone()[0] == 0, "no decision exists"


def test_st06_joint_questioning_from_the_matters_page(town, people):
    han = people["han"]
    ref = found(town, han, "streets.small_ads", ADS)
    html = page(han, f"/console/matters/{ref}")
    assert "/console/new/streets.questioning/begin?about=" in html, "the questioning begins from the matter"
    alone = browser(han.account).post(
        "/console/new/streets.questioning/begin",
        {"key": "q0", "street": "柳园路30号", "purpose": "查明张贴情况", "check": "rights"},
    )
    assert alone.status_code == 422
    assert any("所属案件" in r for r in refusal(alone)), "no questioning without a matter"
    number = raw_db().execute("select coalesce(number, ref) from matter where ref = %s", [ref]).fetchone()[0]
    begun = browser(han.account).post(
        "/console/new/streets.questioning/begin",
        {
            "key": "q1",
            "street": "柳园路30号",
            "purpose": "查明张贴情况",
            "check": "rights",
            "related": number,
            "assign-side": "traffic-2",
        },
    )
    assert begun.status_code == 302, refusal(begun)
    asking = begun.headers["Location"].rsplit("/", 1)[1]
    denied = act(
        han,
        asking,
        "check_identity",
        why="制作文书",
        ground="居民身份证法第15条",
        identity_verified="on",
        party_name="x",
    )
    assert denied.status_code in {404, 422}
    assert refusal(denied) or denied.status_code == 404, "urban management checks nobody's identity"


def test_st06_an_identity_request_without_a_matter_is_refused(people):
    han = people["han"]
    said = {
        "key": "i0", "purpose": "paper", "purpose_said": "制作责令改正通知书", "basis": "城镇容貌条例第63条", "known": "店主",
        "asked_name": "on", "check": "necessary",
    }  # fmt: skip
    answer = browser(han.account).post("/console/new/streets.identity/ask", said)
    assert answer.status_code == 422
    assert any("所属案件" in r for r in refusal(answer))


@pytest.mark.parametrize(("language", "says"), [("zh-hans", "两人"), ("en", "two officers")])
def test_who_stands_alone_is_told_that_two_are_needed(town, people, language, says):
    han = people["han"]
    ref = found(town, han, "streets.small_ads", ADS)
    client = browser(han.account)
    client.cookies["django_language"] = language
    told = {
        "key": uuid.uuid4().hex,
        "party_name": "柳荫杂货店",
        "facts": "张贴",
        "measure": "warning",
        "check": "card_shown",
    }
    answer = client.post(f"/console/matters/{ref}/act/tell", told)
    assert answer.status_code == 422
    assert any(says in r for r in refusal(answer)), refusal(answer)
