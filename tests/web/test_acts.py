"""Acts through the API: done, refused with every reason, replayed."""

from __future__ import annotations

import pytest
from tests.web.conftest import SCOPES, city_now, later

from guangyue.records.database import db as raw_db
from guangyue.records.evidence.models import Evidence

pytestmark = [pytest.mark.database, pytest.mark.django_db]
PROBLEM = "application/problem+json"


@pytest.fixture
def li(town):
    return town.someone("urban_officer", "urban-1")


@pytest.fixture
def zhao(town):
    return town.someone("traffic_reviewer", "traffic-1")


def opened(town, who, plate="鲁P12345"):
    answer = who.post("/api/matters", town.opening(who, plate))
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def in_review(town, who, made=None):
    made = made or opened(town, who)
    town.machine(made["id"], "reminder_accepted")
    later(minutes=11)
    photo = town.photo(who, "second", "again", city_now())
    done = who.post(f"/api/matters/{made['id']}/actions/still_there", {"evidence": [photo]})
    assert done.status_code == 200, done.content.decode()
    return done.json()


def test_a_car_is_recorded_and_the_answer_says_what_runs(town, li):
    made = opened(town, li)
    assert made["state"] == {"code": "noticed", "title": "已拍照，正在提醒车主"}
    assert (made["seq"], made["outcome"], made["replayed"]) == (1, None, False)
    assert [(d["key"], d["title"], d["inclusive"]) for d in made["deadlines"]] == [("reach", "提醒车主", True)]
    assert made["number"]
    assert Evidence.objects.get().matter_id == int(made["id"])
    row = raw_db().execute("select title, place, lon, lat from matter").fetchone()
    assert row == ("鲁P12345", "柳园路12号", 115_980_000, 36_450_000)


def test_english_words_for_an_english_reader(town):
    him = town.someone("urban_officer", "urban-1", language="en")
    made = opened(town, him)
    assert made["state"]["title"] == "Photographed; owner being reminded"
    refused = him.post(f"/api/matters/{made['id']}/actions/still_there", {})
    assert refused.json()["title"].startswith("The matter has moved on")


def test_all_reasons_at_once_each_with_its_field(town, li):
    body = town.opening(li)
    body["values"] = {"colour": 7, "nonsense": "x"}
    body["evidence"][0] |= {"panorama": False, "plate_legible": False}
    refused = li.post("/api/matters", body)
    assert (refused.status_code, refused["Content-Type"]) == (422, PROBLEM)
    said = refused.json()
    assert said["code"] == "refused"
    found = {(r["code"], r.get("field")) for r in said["reasons"]}
    assert {
        ("value.required", "plate"), ("value.required", "street"), ("value.not_text", "colour"),
        ("value.unknown", "nonsense"), ("evidence.no_panorama", None), ("evidence.plate_unreadable", None),
    } <= found  # fmt: skip
    assert all(r["text"] for r in said["reasons"])
    assert raw_db().execute("select count(*) from matter").fetchone() == (0,)


def test_the_same_key_acts_once_and_answers_the_same_body(town, li):
    body = town.opening(li) | {"observed_at": city_now().isoformat()}
    first = li.post("/api/matters", body, key="k")
    assert first.status_code == 201, first.content.decode()
    town.machine(first.json()["id"], "reminder_accepted")
    again = li.post("/api/matters", body, key="k")
    assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
    assert again.json() == first.json() | {"replayed": True}, "as it was then, although the matter has gone on"
    assert raw_db().execute("select count(*) from matter").fetchone() == (1,)
    other = li.post("/api/matters", town.opening(li, "鲁P99999"), key="k")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_without_a_key_nothing_is_done(town, li):
    answer = li.post("/api/matters", town.opening(li), key="")
    assert (answer.status_code, answer.json()["code"]) == (400, "key_missing")
    assert raw_db().execute("select count(*) from matter").fetchone() == (0,)


def test_a_photograph_that_has_not_arrived_does_not_count(town, li):
    body = town.opening(li)
    body["evidence"][0]["sha256"] = "0" * 64
    refused = li.post("/api/matters", body)
    assert refused.status_code == 422
    assert refused.json()["reasons"][0]["field"] == "evidence"


def test_a_photograph_of_somebody_else_does_not_count(town, li, zhao):
    body = town.opening(zhao)
    assert li.post("/api/matters", body).status_code == 422


def test_urban_management_cannot_approve_and_the_attempt_is_on_record(town, li, zhao):
    made = in_review(town, li)
    refused = li.post(f"/api/matters/{made['id']}/actions/approve", {"values": {"measure": "fine"}})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    assert "who.not_allowed" in {r["code"] for r in refused.json()["reasons"]}
    logged = raw_db().execute("select viewer, purpose, what, matter_id from access_log").fetchall()
    assert logged == [
        (
            f"account:{li.account.pk}",
            "attempt approve",
            "refused: who.not_allowed, who.not_competent, who.same_person",
            int(made["id"]),
        )
    ]
    done = zhao.post(f"/api/matters/{made['id']}/actions/approve", {"values": {"measure": "fine"}})
    assert done.status_code == 200, done.content.decode()
    assert done.json()["outcome"] == {"code": "decided", "title": "已审核上传"}
    assert raw_db().execute("select count(*) from outbox where channel = 'traffic_platform'").fetchone() == (1,)
    twice = zhao.post(f"/api/matters/{made['id']}/actions/approve", {"values": {"measure": "fine"}})
    assert (twice.status_code, twice.json()["code"]) == (409, "moved_on")


def test_the_matter_of_another_agency_does_not_exist(town, li):
    made = opened(town, li)
    steward = town.someone("parking_steward", "community-1")
    for who in (steward, town.someone()):
        answer = who.post(f"/api/matters/{made['id']}/actions/gone", {})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    nothing = li.post("/api/matters/999999/actions/gone", {})
    assert nothing.json() == answer.json() | {"instance": "/api/matters/999999/actions/gone"}


def test_a_token_does_what_its_scopes_say(town):
    reader = town.someone("urban_officer", "urban-1", scopes=frozenset({"matters:read"}))
    assert reader.post("/api/matters", town.opening(reader)).json()["code"] == "scope"
    parking = town.someone("urban_officer", "urban-1", scopes=frozenset({"streets.parking:write"}))
    assert parking.post("/api/matters", town.opening(parking)).status_code == 201
    assert town.someone(scopes=frozenset()).post("/api/matters", {}).json()["code"] == "sign_in"
    forged = town.someone("urban_officer", "urban-1")
    forged.token = forged.token[:-1] + ("A" if forged.token[-1] != "A" else "B")
    assert forged.post("/api/matters", {}).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400), ("[]", 400), ('{"procedure": 7}', 400), ('{"procedure": "streets.parking", "unknown": 1}', 400),
        ('{"procedure": "no.such", "action": "record"}', 404), ('{"procedure": "streets.parking", "action": "x"}', 404),
        ('{"procedure": "streets.parking", "action": "record", "observed_at": "2026-01-01T00:00:00"}', 400),
        ('{"procedure": "streets.parking", "action": "record", "position": {"lon": 999, "lat": 0}}', 400),
        ('{"procedure": "streets.parking", "action": "record", "values": {"plate": "' + "x" * 2_000_000 + '"}}', 413),
    ],
    ids=["half", "list", "number", "unknown", "procedure", "action", "naive", "nowhere", "huge"],
)  # fmt: skip
def test_malformed_requests_are_problems_too(li, body, status):
    answer = li.post("/api/matters", body)
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), answer.content.decode()[:300]
    assert SCOPES
