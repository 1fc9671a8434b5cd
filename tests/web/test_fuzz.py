"""No request breaks the product: chance in bulk, and by name each request that once did."""

from __future__ import annotations

import io
import json
import os

import pytest
from bench.web_fuzz import fuzzed, joined, told
from django.test import Client
from PIL import ExifTags, Image
from tests.web.fuzz.pages import addresses
from tests.web.fuzz.pictures import movie
from tests.web.sessions import browser

from guangyue.kernel.grammar import Field, Kind, T
from guangyue.kernel.grammar.values import LARGEST, fault, writable
from guangyue.records.evidence.store import FolderStore

pytestmark = [pytest.mark.database]
MANY = 20_000


def faults(found):
    return told(found) + "".join(
        f"\n\n{f['times']} × {f['part']}: {f['wrong']}\n{f['request'][:600]}\n{f['where'][-800:]}"
        for f in found["faults"]
    )


@pytest.mark.timeout(600)
def test_two_thousand_requests_and_no_fault(city_database, tmp_path):
    found = fuzzed(city_database.environment(), city_database.superuser, tmp_path / "fuzz.json")
    assert found["faults"] == [], faults(found)
    assert found["requests"] >= 2_000 or "GUANGYUE_FUZZ" in os.environ
    assert {"200", "400", "401", "403", "404", "409", "422"} <= found["statuses"].keys(), "it got nowhere"


@pytest.mark.long
@pytest.mark.timeout(0)
def test_many_requests_and_no_fault(city_database, tmp_path):
    found = fuzzed(
        city_database.environment(), city_database.superuser, tmp_path / "fuzz.json", requests=MANY, seed=1_000
    )
    assert found["faults"] == [], faults(found)


def test_shares_of_a_long_fuzz_are_added_and_no_fault_of_any_is_lost():
    one = {
        "requests": 5, "bad": 0, "parts": {"api": 3, "forms": 2}, "statuses": {"200": 5}, "slowest_cpu_s": 0.1,
        "slowest": "GET /", "faults": [], "seed": 1, "took_s": 4.0,
    }  # fmt: skip
    other = one | {
        "bad": 2, "parts": {"api": 5}, "statuses": {"200": 3, "500": 2}, "slowest_cpu_s": 0.3, "slowest": "GET /p/",
        "faults": [{"wrong": "status 500", "times": 2}], "seed": 100_001, "took_s": 6.0,
    }  # fmt: skip
    found = joined([one, other])
    assert (found["requests"], found["bad"], len(found["faults"])) == (10, 2, 1)
    assert (found["parts"], found["statuses"]) == ({"api": 8, "forms": 2}, {"200": 8, "500": 2})
    assert (found["slowest_cpu_s"], found["slowest"], found["took_s"]) == (0.3, "GET /p/", 6.0)
    assert "2 of 10 (under 30 % at 95 %), seed 1, 100001;" in told(found)


def test_the_fuzzer_knows_every_address():
    found = addresses()
    assert "/api/matters/<matter>/actions/<code>" in found
    assert "/evidence/uploads/<uuid:upload_id>" in found
    assert len(found) > 50


@pytest.fixture
def officer(town):
    return browser(town.someone("urban_officer", "urban-1").account)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/verify/?code=a/b", 404),  # no address can carry it
        ("/p/?n=%00", 400),
        ("/console/?q=%00", 400),
        ("/console/?%00=1", 400),
        ("/console/matters/%00", 400),
        ("/console/?from=9999-12-31&until=9999-12-31", 200),  # the day after the last one
        ("/console/?from=0001-01-01", 200),
        ("/console/figures?from=9999-12-31&until=9999-12-31", 200),
        ("/console/figures?from=0001-01-01&until=0001-01-01", 200),
    ],
)
def test_an_odd_address_is_no_fault(officer, path, status):
    answer = officer.get(path)
    assert answer.status_code == status
    assert b"Traceback" not in answer.content


@pytest.mark.django_db
def test_a_nul_in_a_question_of_the_api_is_malformed(town):
    answer = town.someone("urban_officer", "urban-1").get("/api/matters?text=%00")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.django_db
def test_a_nul_in_a_form_is_a_bad_request_and_not_a_fault_of_the_database():
    answer = Client().post("/p/", {"number": "a\0b", "proof": "鲁P12345"})
    assert answer.status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    "onward", ["health", "-1", "nonsense", "https://evil.example/", "//evil.example", "/p/\r\nX-Evil: 1"]
)
def test_the_way_back_after_choosing_a_theme_is_an_address_of_ours_and_no_name_of_a_view(onward):
    answer = Client().post("/theme", {"theme": "dark", "next": onward})
    assert answer.status_code == 302
    assert "X-Evil" not in answer.headers
    assert "evil.example" not in answer["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1899-12-31T23:59:59Z"])
def test_a_phone_whose_clock_is_off_by_centuries_is_told_so(town, at):
    who = town.someone("urban_officer", "urban-1")
    body = town.opening(who)
    for where in (body, body["evidence"][0]):
        name = "observed_at" if where is body else "taken_at"
        kept = where.get(name)
        where[name] = at
        answer = who.post("/api/matters", body)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
        assert name in answer.json()["reasons"][0]["field"]
        where[name] = kept


@pytest.mark.django_db
@pytest.mark.parametrize("lon", ["NaN", "Infinity", "1e999", "1e308", "181", "true", '"115"', "[]"])
def test_a_place_that_is_nowhere_is_refused(town, lon):
    who = town.someone("urban_officer", "urban-1")
    body = json.dumps(town.opening(who)).replace('"values": {', f'"values": {{"place": {{"lon": {lon}, "lat": 36.4}}, ')
    answer = who.post("/api/matters", body)
    assert answer.status_code in {400, 422}, answer.content
    assert "place" in json.dumps(answer.json()["reasons"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        "9" * 5_000,
        '{"values": {"plate": ' + "9" * 5_000 + "}}",
        '"\\ud800"',
        "\ufeff{}",
        "",
        "null",
    ],
    ids=["deep list", "deep object", "long number", "long number within", "half a pair", "mark", "nothing", "null"],
)
def test_a_body_that_is_no_act_is_malformed(town, body):
    answer = town.someone("urban_officer", "urban-1").post("/api/matters", body)
    assert (answer.status_code, answer.json()["code"]) in {(400, "malformed"), (404, "no_procedure")}


@pytest.mark.parametrize("value", [2**53, -(2**53), 10**4000])
def test_a_number_that_no_reader_reads_alike_is_too_large(value):
    field = Field("n", Kind.INTEGER, T("数", "Number"))
    assert fault(field, None, value) == ("value.too_large", {"largest": LARGEST})
    assert fault(field, None, LARGEST) is None


@pytest.mark.django_db
@pytest.mark.parametrize("street", ["a\0b", "a\ud800b", "\udfff"], ids=["nul", "high surrogate", "low surrogate"])
def test_a_text_that_nothing_can_keep_is_refused(town, street):
    who = town.someone("urban_officer", "urban-1")
    body = town.opening(who)
    body["values"]["street"] = street
    answer = who.post("/api/matters", json.dumps(body))
    assert answer.status_code in {400, 422}
    assert "street" in json.dumps(answer.json()["reasons"])
    assert not writable(street)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "street", ["\u202e鲁P12345", "e\u0301", "𠮷野 😀", "\u200b\ufeff\uffff", "<script>alert(1)</script>"]
)
def test_a_text_that_is_only_odd_is_kept_as_it_is(town, officer, street):
    who = town.someone("urban_officer", "urban-1")
    body = town.opening(who)
    body["values"]["street"] = street
    answer = who.post("/api/matters", body)
    assert answer.status_code == 201, answer.json()
    page = officer.get(f"/console/matters/{answer.json()['id']}")
    assert page.status_code == 200
    assert b"<script>alert" not in page.content
    assert who.get(f"/api/matters/{answer.json()['id']}").json()["fields"]["street"] == street


def first_year():
    exif = Image.Exif()
    exif._ifds[ExifTags.IFD.Exif] = {
        ExifTags.Base.DateTimeOriginal: "0001:01:01 00:00:00",
        ExifTags.Base.OffsetTimeOriginal: "+14:00",
    }
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "#456").save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "status"),
    [
        (first_year(), 204),  # became a moment before year 1, which the database gives back to nobody
        (movie(3_600_000_000, 2**64 - 1, 1, wide=True), 422),
        (movie(2**40, 90, 1, wide=True), 422),
    ],
    ids=["camera in year 1", "endless recording", "recording of the far future"],
)
def test_a_file_with_an_impossible_time_does_not_poison_the_store(town, settings, tmp_path, content, status):
    settings.GUANGYUE_EVIDENCE = str(tmp_path / "evidence")
    FolderStore(tmp_path / "evidence")
    who = town.someone("urban_officer", "urban-1")
    said = {"Tus-Resumable": "1.0.0", **who.headers()}
    for _ in range(2):  # the second time it is compared with the first
        begun = Client().post("/evidence/uploads/", headers={**said, "Upload-Length": str(len(content))})
        more = {**said, "Upload-Offset": "0"}
        kind = "application/offset+octet-stream"
        answer = Client().generic("PATCH", begun["Location"], content, content_type=kind, headers=more)
        assert answer.status_code == status, answer.content
