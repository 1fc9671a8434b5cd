"""The ladder a reviewer chooses from, the look at earlier records that only suggests, and who may look on."""

from __future__ import annotations

import pytest
from tests.web.conftest import city_now, later
from tests.web.sessions import browser

from guangyue.city.errors import NotVisibleError
from guangyue.city.viewer import viewer_for
from guangyue.records.database import db as raw_db
from guangyue.records.deadlines import fire_due
from guangyue.records.library import LIBRARY
from guangyue.records.matters import Asked, matters_for, priors_for

pytestmark = [pytest.mark.database, pytest.mark.django_db]
PLATE = "鲁P12345"
SLIGHT = {"values": {"measure": "oral_warning", "education": "请停入泊位，勿占人行道。"}, "checks": ["slight"]}


@pytest.fixture
def li(town):
    return town.someone("urban_officer", "urban-1")


@pytest.fixture
def zhao(town):
    return town.someone("traffic_reviewer", "traffic-1")


def viewer(someone):
    return viewer_for(someone.account, at=city_now(), strong=True)


def parked(town, who, plate=PLATE, *, until="in_review"):
    """A car, as far as asked; its matter's id."""
    ref = who.post("/api/matters", town.opening(who, plate)).json()["id"]
    town.machine(ref, "reminder_accepted")
    if until == "left":
        assert who.post(f"/api/matters/{ref}/actions/gone", {}).status_code == 200
        return ref
    later(minutes=11)
    fire_due(raw_db(), LIBRARY)
    still = {"evidence": [town.photo(who, "second", f"again-{ref}", city_now())]}
    done = who.post(f"/api/matters/{ref}/actions/still_there", still)
    assert done.status_code == 200, done.json()
    return ref


def act(who, ref, code, body=None):
    return who.post(f"/api/matters/{ref}/actions/{code}", body or {})


def test_a_minor_offence_is_met_with_words_and_leaves_no_penalty(town, li, zhao):
    ref = parked(town, li)
    done = act(zhao, ref, "admonish", SLIGHT)
    assert done.status_code == 200, done.json()
    assert done.json()["outcome"]["code"] == "admonished"
    sent = dict(raw_db().execute("select channel, count(*) from outbox group by channel").fetchall())
    assert "traffic_platform" not in sent, "nothing was uploaded"
    counted = dict(raw_db().execute("select figure, sum(amount)::int from tally group by figure").fetchall())
    assert counted["admonished"] == 1
    assert "penalties" not in counted


@pytest.mark.parametrize(
    ("code", "body", "reason"),
    [
        ("approve", {"values": {"measure": "guide"}}, "value.not_offered"),
        ("approve", {"values": {"measure": "oral_warning"}}, "value.not_offered"),
        ("admonish", {**SLIGHT, "values": {**SLIGHT["values"], "measure": "fine"}}, "value.not_offered"),
        ("admonish", {**SLIGHT, "checks": []}, "requires.check"),
        ("admonish", {**SLIGHT, "values": {"measure": "guide"}}, "value.required"),
    ],
)
def test_each_rung_has_its_own_conditions(town, li, zhao, code, body, reason):
    ref = parked(town, li)
    refused = act(zhao, ref, code, body)
    assert refused.status_code == 422, refused.json()
    assert reason in {r["code"] for r in refused.json()["reasons"]}


def test_urban_management_climbs_no_rung(town, li):
    ref = parked(town, li)
    assert act(li, ref, "admonish", SLIGHT).status_code == 403


def test_earlier_records_suggest_and_what_left_in_time_is_none(town, li, zhao):
    parked(town, li, until="left")
    fined, warned, other = parked(town, li), parked(town, li), parked(town, li, "鲁P54321")
    assert act(zhao, fined, "approve", {"values": {"measure": "fine"}}).status_code == 200
    assert act(zhao, warned, "admonish", SLIGHT).status_code == 200
    assert act(zhao, other, "approve", {"values": {"measure": "fine"}}).status_code == 200
    ref = parked(town, li)
    found = priors_for(viewer(zhao), ref, "approve")
    assert [(r.id, [t.zh for t in r.said]) for r in found.records] == [(warned, ["口头警告"]), (fined, ["罚款"])]
    assert "有记录" in found.suggests.zh
    # It never decides: the gentlest rung and the highest are both open.
    assert act(zhao, ref, "admonish", SLIGHT).status_code == 200


def test_the_look_goes_back_a_year_and_no_further(town, li, zhao):
    old = parked(town, li)
    assert act(zhao, old, "approve", {"values": {"measure": "fine"}}).status_code == 200
    later(days=364)
    assert len(priors_for(viewer(zhao), parked(town, li), "approve").records) == 1
    later(days=3)
    found = priors_for(viewer(zhao), parked(town, li), "approve")
    assert found.records == ()
    assert "没有记录" in found.suggests.zh


def test_every_look_is_on_record_and_only_reviewers_look(town, li, zhao):
    ref = parked(town, li)
    looks = "select viewer, what, subject is not null from access_log where purpose = 'first-offence look-up'"
    with pytest.raises(NotVisibleError):
        priors_for(viewer(li), ref, "approve")
    assert raw_db().execute(looks).fetchall() == []
    assert priors_for(viewer(zhao), ref, "reject") is None, "an act that consults nothing"
    text = browser(zhao.account).get(f"/console/matters/{ref}").content.decode()
    assert "以往记录" in text
    assert raw_db().execute(looks).fetchall() == [
        (f"account:{zhao.account.pk}", "earlier records of streets.parking", True)
    ]
    assert "以往记录" not in browser(li.account).get(f"/console/matters/{ref}").content.decode()


def test_heads_and_commanders_look_on_within_their_scope_and_do_nothing(town, li):
    ref, still = parked(town, li, until="left"), parked(town, li)
    for role, unit in (("agency_head", "urban"), ("commander", "urban"), ("commander", "urban-1")):
        someone, who = town.someone(role, unit, below=True), (role, unit)
        assert [line.id for line in matters_for(viewer(someone), Asked(where="involved")).lines] == [still, ref], who
        text = browser(someone.account).get(f"/console/matters/{ref}").content.decode()
        assert "您无权查看" in text, "the owner is not theirs to read"
        assert act(someone, still, "reject", {"values": {"reason": "不应处罚"}}).status_code == 403
    for role, unit in (("agency_head", "community-1"), ("commander", "urban-2"), ("clerk", "urban-1")):
        elsewhere = town.someone(role, unit, below=True)
        assert matters_for(viewer(elsewhere), Asked(where="involved")).lines == ()
        assert browser(elsewhere.account).get(f"/console/matters/{ref}").status_code == 404


def test_what_has_not_arrived_is_said_by_set_and_number(town, li):
    body = town.opening(li)
    body["evidence"][0]["sha256"] = "0" * 64
    reason = li.post("/api/matters", body).json()["reasons"][0]
    assert reason["code"] == "evidence.not_arrived"
    assert "首次取证照片" in reason["text"]
    assert "1 张" in reason["text"]


def test_the_statutory_notice_carries_what_the_law_asks(town, li):
    ref = parked(town, li)
    officer = town.someone("traffic_officer", "traffic-1")
    refused = act(officer, ref, "serve_notice", {"values": {"driver_absent": True}})
    assert refused.status_code == 422
    assert {r["field"] for r in refused.json()["reasons"]} == {"vehicle"}
    done = act(officer, ref, "serve_notice", {"values": {"driver_absent": True, "vehicle": "小型轿车"}})
    assert done.status_code == 200, done.json()
    papers = {p.code: p for p in LIBRARY["streets.parking", 0].tables.papers.values()}
    assert {code: (p.basis, p.statutory) for code, p in papers.items()} == {
        "slip": ("F-reminder", False), "notice": ("F-traffic-slip", True),
    }  # fmt: skip
