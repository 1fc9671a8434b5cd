"""What the server gives a phone: a shell that is the same for everybody, a bundle that is one officer's own."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from tests.browser.field.pictures import font, jpeg, street
from tests.kernel.skeletons.eviction import EVICTION
from tests.kernel.skeletons.relay import PASSPORT
from tests.kernel.skeletons.series import SERIES
from tests.web.sessions import browser

from guangyue.city.identifiers.plate import parse_plate
from guangyue.desks.streets.declared import declared
from guangyue.desks.streets.procedures.offences import CODES
from guangyue.desks.streets.procedures.parking import PARKING
from guangyue.desks.streets.who import TRAFFIC, URBAN
from guangyue.web.console import names
from guangyue.web.field import shell
from guangyue.web.field.declared import on_phone
from guangyue.web.plates import PhotoError, ReaderMissingError, installed, plates_in, read_plates
from guangyue.web.plates import reading as plate_reading

built = pytest.mark.skipif(
    shell.finders.find("guangyue/field.js") is None, reason="the front end is not built (scripts/setup.sh)"
)
cities = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def officer(town):
    """Officer of urban management in a browser, and as a program."""
    someone = town.someone("urban_officer", "urban-1")
    return someone, browser(someone.account)


@built
def test_the_shell_names_every_file_it_needs_and_nothing_of_anybody(client, db):
    said = client.get("/field/worker.js")
    assert said["Content-Type"] == "text/javascript"
    head = json.loads(said.content.decode().partition("const SHELL = ")[2].partition(";\n")[0])
    assert any(f.endswith(".js") and "/chunks/" in f for f in head["files"]), "chunks are part of the shell"
    for address in head["files"]:
        assert shell.finders.find(address.removeprefix("/static/")), address
    page = client.get(head["page"]).content.decode()
    assert "csrf" not in page
    assert head["version"] == shell.version(page.encode())
    icons = client.get("/field/manifest.webmanifest").json()["icons"]
    assert all(shell.finders.find(i["src"].removeprefix("/static/")) for i in icons)


@built
def test_another_file_makes_another_version(monkeypatch):
    before = shell.version()
    held = shell._bytes
    monkeypatch.setattr(shell, "_bytes", lambda name: held(name) + (b" " if name == "guangyue/field.css" else b""))
    assert shell.version() != before


def test_a_front_end_that_was_not_built_is_named(monkeypatch):
    monkeypatch.setattr(shell.finders, "find", lambda name: None)
    with pytest.raises(shell.NotBuiltError, match=r"scripts/setup\.sh"):
        shell.version()


@pytest.mark.database
@pytest.mark.django_db
def test_the_bundle_has_ones_acts_and_ones_matters(town, officer):
    li, browser = officer
    ref = li.post("/api/matters", town.opening(li)).json()["id"]
    sun = town.someone("urban_officer", "urban-1")
    sun.post("/api/matters", town.opening(sun, "鲁P7777A"))
    bundle = browser.get("/field/bundle").json()
    (parking,) = [p for p in bundle["procedures"] if p["code"] == "streets.parking"]
    acts = {a["code"]: a for a in parking["acts"]}
    assert {"record", "gone", "still_there"} <= acts.keys()
    assert not acts.keys() & {"approve", "reject", "object", "reminder_accepted"}, "others' acts stay away"
    assert acts["still_there"]["evidence"][0]["apart"] == 600
    assert acts["record"]["evidence"][0]["panoramas"] == 1
    (mine,) = bundle["matters"]
    assert (mine["id"], mine["title"], mine["state"], mine["clocks"][0]["key"]) == (ref, "鲁P12345", "noticed", "reach")
    assert not {"owner", "measure"} & set(json.dumps(bundle["matters"]).split('"')), (
        "no field that urban management may not read"
    )


@pytest.mark.database
@pytest.mark.django_db
def test_the_phone_is_told_why_a_reminder_did_not_go_out(town, officer):
    li, browser = officer
    ref = li.post("/api/matters", town.opening(li)).json()["id"]
    town.machine(ref, "reminder_refused", values={"reason": "空号"})
    (mine,) = browser.get("/field/bundle").json()["matters"]
    assert (mine["state"], mine["clocks"]) == ("unreached", [])
    assert mine["note"] == {"zh": "提醒未能送出：空号", "en": "Reminder not accepted: 空号"}


@pytest.mark.database
@pytest.mark.django_db
def test_nobody_gets_a_bundle_without_office(town):
    assert Client().get("/field/bundle").status_code == 401
    citizen = town.someone(kind="citizen")
    assert citizen.get("/field/bundle").status_code == 401


def test_what_a_phone_cannot_ask_stays_with_the_console():
    assert on_phone(PARKING, PARKING.action("record"))
    assert not on_phone(PASSPORT, PASSPORT.action("register")), "nobody is searched for with a phone"
    assert not on_phone(EVICTION, EVICTION.action("record")), "a recording without gap"
    assert not on_phone(SERIES, SERIES.action("unlink")), "taking ties back"


@pytest.mark.parametrize("code", CODES)
def test_every_offence_can_be_carried_through_with_a_phone(code):
    procedure = declared()[code]
    theirs = [a for a in procedure.actions if {URBAN, TRAFFIC} & set(a.by)]
    assert {a.code for a in theirs} > {"record"}
    assert [a.code for a in theirs if not on_phone(procedure, a)] == []


@pytest.mark.database
@pytest.mark.django_db
def test_the_phone_gives_work_to_units_and_lists_things(town):
    names.forget()
    assert on_phone(PASSPORT, PASSPORT.action("approve"))
    bundle = browser(town.someone("urban_officer", "urban-1").account).get("/field/bundle").json()
    acts = {(p["code"], a["code"]): a for p in bundle["procedures"] for a in p["acts"]}
    begin = acts["streets.questioning", "begin"]
    (side,) = begin["assigns"]
    assert "traffic-2" in {c["code"] for c in side["choices"]}
    assert "community-1" not in {c["code"] for c in side["choices"]}, "only agencies that the declaration names"
    assert "streets.small_ads" in begin["belongs"]["to"]
    (things,) = acts["streets.goods", "list"]["items"]
    assert [q["name"] for q in things["form"]] == ["name", "quantity", "mark"]
    names.forget()


@pytest.mark.parametrize(
    ("lines", "plates"),
    [
        ([("鲁P·12345", 0.99)], ["鲁P12345"]),
        ([("鲁P", 0.9), ("12345", 0.95)], ["鲁P12345"]),
        ([("柳园路", 0.99), ("鲁PD12345", 0.8), ("鲁P67890", 0.97)], ["鲁P67890", "鲁PD12345"]),
        ([("12345", 0.99)], []),
        ([("鲁P12345", 0.3)], []),
        ([("鲁PABC12", 0.99)], []),
    ],
)
def test_only_whole_plates_count_as_read(lines, plates):
    seen = plates_in(lines)
    assert [s.plate for s in seen] == plates
    assert all(parse_plate(s.plate).kind.value == s.kind for s in seen)


@pytest.mark.skipif(not installed(), reason="needs the extra photos")
@pytest.mark.skipif(font(10) is None, reason="needs a font with Chinese characters to draw a plate")
def test_a_plate_is_read_from_a_photograph_of_a_street():
    assert [s.plate for s in read_plates(jpeg(street("鲁P8K6Q2")))] == ["鲁P8K6Q2"]


def test_what_is_no_photograph_is_refused():
    with pytest.raises(PhotoError if installed() else ReaderMissingError):
        read_plates(b"GIF89a")


@pytest.mark.database
@pytest.mark.django_db
def test_without_the_extra_the_answer_says_what_is_missing(officer, monkeypatch):
    _, browser = officer
    monkeypatch.setattr(plate_reading, "installed", lambda: False)
    answer = browser.post("/field/plate", b"x", content_type="image/jpeg", headers={"Accept-Language": "en"})
    assert answer.status_code == 501
    assert "guangyue[photos]" in answer.json()["title"]


@pytest.mark.database
@pytest.mark.django_db
def test_a_plate_is_read_for_officers_alone(officer):
    assert Client().post("/field/plate", b"x", content_type="image/jpeg").status_code == 401
    _, browser = officer
    assert browser.post("/field/plate", b"x", content_type="image/jpeg").json()["code"] == (
        "plates.no_photo" if installed() else "plates.missing"
    )
