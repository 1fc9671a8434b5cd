"""ST-01, ST-02 and ST-06 through the command API, on the records: what officers send, what they are answered, what stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.web.conftest import cheap_hashes, city_now, fresh_keys, later, town  # noqa: F401 - fixtures

from guangyue.city.errors import NotVisibleError
from guangyue.city.models import Agency
from guangyue.city.units import add_unit
from guangyue.city.viewer import viewer_for
from guangyue.law import local_date
from guangyue.records.database import db as raw_db
from guangyue.records.matters import documents_for, priors_for
from guangyue.records.papers import IncompleteError, pdf_for

pytestmark = [pytest.mark.database, pytest.mark.django_db]
PARTY = {"party_name": "柳荫杂货店", "party_code": "92371500MA3TEST001"}
EDUCATION = "公共车位为大家停车方便而设，任何人不得私自圈占。"


@pytest.fixture
def city(town):  # noqa: F811 - the fixture
    police = Agency.objects.create(code="police", kind="police", name_zh="公安局", name_en="Police")
    town.units["police"] = add_unit(police, "police", "公安局", level="city")
    town.units["police-1"] = add_unit(police, "police-1", "城区派出所", level="station", parent=town.units["police"])
    return town


def viewer(someone):
    return viewer_for(someone.account, at=city_now(), strong=True)


def number(someone) -> str:
    return someone.account.person.number


def found(city, who, procedure: str, offence: str, place: str, **values) -> str:
    now = city_now()
    marks = [city.photo(who, "found", f"{procedure}-{now}-{n}", now) for n in range(2)]
    body = {
        "procedure": procedure, "action": "record", "evidence": marks,
        "values": {"offence": offence, "place_type": place, "street": "柳园路12号", **values},
    }  # fmt: skip
    made = who.post("/api/matters", body)
    assert made.status_code == 201, made.content.decode()
    return made.json()["id"]


def act(who, ref: str, code: str, **body):
    return who.post(f"/api/matters/{ref}/actions/{code}", body)


def done(who, ref: str, code: str, **body) -> dict:
    answer = act(who, ref, code, **body)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def reasons(answer) -> dict[str, str]:
    return {r["code"]: r["text"] for r in answer.json()["reasons"]}


def tally(procedure: str) -> dict[str, int]:
    sql = "select figure, sum(amount)::int from tally where procedure = %s group by figure"
    return dict(raw_db().execute(sql, [procedure]).fetchall())


def warned(city, officer) -> str:
    """A party that fenced off a bay: told, heard, and given a warning notice."""
    ref = found(city, officer, "streets.bay", "bay.occupied", "road")
    told = {**PARTY, "facts": "用水桶圈占公共车位", "measure": "none"}
    done(officer, ref, "tell", values=told, checks=["card_shown"])
    done(officer, ref, "hear", values={"answer": "none"})
    done(officer, ref, "warn", values={"facts": told["facts"], "education": EDUCATION}, checks=["slight"])
    return ref


def test_st01_the_first_warning_notice_of_the_day(city):
    officer = city.someone("traffic_officer", "traffic-1")
    ref = warned(city, officer)
    day = f"{local_date(city_now()):%Y%m%d}"
    (paper,) = documents_for(viewer(officer), ref)
    assert paper.number == f"JG-traffic-1-{day}-0001"
    pdf = pdf_for(viewer(officer), ref, paper.id, "https://city.example/")
    assert pdf.pdf.startswith(b"%PDF-1.7")
    read = raw_db().execute("select body from access_log where purpose = 'paper'").fetchall()
    assert len(read) >= 1, "the name on the paper was read, and that is on record"
    counted = tally("streets.bay")
    assert counted["warnings"] == 1
    assert not [name for name in counted if name.startswith(("fines_", "fen_"))]
    second = warned(city, officer)
    assert documents_for(viewer(officer), second)[0].number.endswith("-0002")


def test_st01_the_next_officer_is_shown_it_and_nobody_ranked(city):
    first, next_one = city.someone("traffic_officer", "traffic-1"), city.someone("traffic_officer", "traffic-1")
    warned(city, first)
    ref = found(city, next_one, "streets.bay", "bay.occupied", "road")
    assert priors_for(viewer(next_one), ref, "tell").records == (), "nobody knows yet who it is"
    done(next_one, ref, "admonish", values={**PARTY, "education": EDUCATION})
    seen = priors_for(viewer(next_one), ref, "tell")
    assert [r.outcome.zh for r in seen.records] == ["警告通知"]
    assert "有记录" in seen.suggests.zh
    other = found(city, next_one, "streets.bay", "bay.occupied", "road")
    done(next_one, other, "admonish", values={**PARTY, "party_code": "92371500MA3TEST002", "education": EDUCATION})
    assert priors_for(viewer(next_one), other, "tell").records == ()
    looks = raw_db().execute("select count(*) from access_log where purpose = 'first-offence look-up'").fetchone()[0]
    assert looks == 3, "every look is on record"


def test_a_sealed_record_is_shown_to_nobody(city):
    officer, legal = city.someone("traffic_officer", "traffic-1"), city.someone("legal_reviewer", "traffic-1")
    first = warned(city, officer)
    done(legal, first, "seal", values={"reason": "依法封存"})
    ref = found(city, officer, "streets.bay", "bay.occupied", "road")
    done(officer, ref, "admonish", values={**PARTY, "education": EDUCATION})
    assert priors_for(viewer(officer), ref, "tell").records == ()


def test_records_older_than_the_look_back_do_not_count(city):
    officer = city.someone("traffic_officer", "traffic-1")
    warned(city, officer)
    later(days=366)
    officer = city.someone("traffic_officer", "traffic-1")
    ref = found(city, officer, "streets.bay", "bay.occupied", "road")
    done(officer, ref, "admonish", values={**PARTY, "education": EDUCATION})
    assert priors_for(viewer(officer), ref, "tell").records == ()


def test_st02_a_shop_is_warned_by_word_of_mouth_and_offered_help(city):
    patrol, head = city.someone("urban_officer", "urban-1"), city.someone("urban_officer", "urban-1")
    ref = found(city, patrol, "streets.small_ads", "small_ads", "street_furniture", shop="柳荫杂货店")
    later(hours=17)
    said = {**PARTY, "education": "这次只作警告处理，请及时清除。"}
    alone = act(head, ref, "warn_orally", values=said, checks=["slight"])
    assert alone.status_code == 403
    assert "须执法人员不少于两人。" in {r["text"] for r in alone.json()["reasons"]}
    closed = done(head, ref, "warn_orally", values=said, checks=["slight"], officers=[number(patrol)])
    assert closed["outcome"]["code"] == "warned_orally"
    assert documents_for(viewer(head), ref) == (), "no decision, no paper"
    done(head, ref, "offer_help", values={"offer": "可以在社区公示栏代为宣传。"})
    again = found(city, patrol, "streets.small_ads", "small_ads", "street_furniture")
    done(patrol, again, "admonish", values={**PARTY, "education": "请勿张贴。"})
    assert len(priors_for(viewer(patrol), again, "order").records) == 1, "the shop's file shows one prior warning"
    assert tally("streets.small_ads")["oral_warnings"] == 1


def test_st06_identity_is_checked_by_police_and_the_minimum_comes_back(city):
    li, station = city.someone("urban_officer", "urban-1"), city.someone("station_officer", "police-1")
    ref = found(city, li, "streets.small_ads", "small_ads", "street_furniture")
    body = {
        "procedure": "streets.identity", "action": "ask", "checks": ["necessary"],
        "values": {
            "purpose": "paper", "purpose_said": "制作责令改正通知书", "basis": "行政处罚法第40条", "known": "自称店主的男子",
            "asked_name": True,
        },
    }  # fmt: skip
    without = li.post("/api/matters", body)
    assert without.status_code == 422
    assert reasons(without)["requires.related"] == "“所属案件”至少需要 1 件，现有 0 件。"
    made = li.post("/api/matters", body | {"related": {"case": [ref]}})
    assert made.status_code == 201, made.content.decode()
    asked = made.json()["id"]
    county = city.someone("county_officer", "police")
    assert act(li, asked, "approve").status_code == 403
    done(county, asked, "approve")
    assert act(li, asked, "answer", values={"verified": True}).status_code == 403
    done(station, asked, "answer", values={"verified": True, "party_name": "甲某"})
    shown = li.get(f"/api/matters/{asked}").json()
    assert "甲某" not in str(shown), "masked until somebody says why it is read"
    late = (
        raw_db()
        .execute(
            "select kind, act, actor from journal j join matter m on m.id = j.matter_id where m.ref = %s order by j.seq",
            [asked],
        )
        .fetchall()
    )
    assert [row[1] for row in late] == ["ask", "approve", "answer"]
    steward = city.someone("parking_steward", "community-1")
    assert steward.get(f"/api/matters/{asked}").status_code == 404


def test_a_paper_without_the_name_is_not_drawn_for_who_may_not_read_it(city):
    officer = city.someone("traffic_officer", "traffic-1")
    commander = city.someone("commander", "traffic", below=True)
    ref = warned(city, officer)
    (paper,) = documents_for(viewer(officer), ref)
    with pytest.raises((IncompleteError, NotVisibleError)):
        pdf_for(viewer(commander), ref, paper.id, "https://city.example/")


def test_each_no_is_answered_in_the_readers_language(city):
    li = city.someone("urban_officer", "urban-1", language="en")
    sun = city.someone("urban_officer", "urban-1")
    ref = found(city, li, "streets.shopfront", "trade.outside", "shopfront")
    due = (city_now() + timedelta(days=1)).isoformat()
    early = act(li, ref, "fine_on_spot", values={"fine": 50_00, "party_signed": "signed"}, officers=[number(sun)])
    assert early.status_code in {409, 422}
    assert "Before a fine there must be: advice." in {r["text"] for r in early.json()["reasons"]}
    wrong = city.someone("traffic_officer", "traffic-1", language="en")
    refused = act(wrong, ref, "order", values={**PARTY, "facts": "x", "correct_by": due})
    assert refused.status_code in {403, 404, 422}
