"""Whoever was handed a paper made out to them: in with its code, heard, objecting, and with the paper to print; nobody else is."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.web.conftest import city_now, later
from tests.web.portal.test_portal import PLATE, inside, page

from guangyue.records.database import db as raw_db
from guangyue.records.deadlines import fire_due
from guangyue.records.library import LIBRARY
from guangyue.records.papers import verify_code

pytestmark = [pytest.mark.database, pytest.mark.django_db]
PARTY = "柳荫杂货店"


def code_of(number):
    return verify_code(number).rpartition(".")[2]


@pytest.fixture
def warned(town):
    """A warning notice in the party's hand: the matter, the notice's number, and the officer."""
    wang = town.someone("traffic_officer", "traffic-2")
    pieces = [town.photo(wang, "found", f"bay-{n}", city_now(), plate_legible=False) for n in range(2)]
    values = {"offence": "bay.occupied", "place_type": "public_lot", "street": "柳园路12号"}
    made = wang.post(
        "/api/matters", {"procedure": "streets.bay", "action": "record", "values": values, "evidence": pieces}
    )
    ref = made.json()["id"]
    told = {"party_name": PARTY, "facts": "用水桶圈占公共车位", "measure": "none"}
    notice = {"party_name": PARTY, "facts": told["facts"], "education": "公共车位不得私自圈占。"}
    for act, body in (
        ("tell", {"values": told, "checks": ["card_shown"]}), ("hear", {"values": {"answer": "none"}}),
        ("warn", {"values": notice, "checks": ["slight"]}),
    ):  # fmt: skip
        done = wang.post(f"/api/matters/{ref}/actions/{act}", body)
        assert done.status_code == 200, done.json()
    return ref, done.json()["papers"]["warning"], wang


def test_the_code_on_the_paper_lets_its_party_in_to_print_and_to_object(warned):
    ref, number, _ = warned
    scanned = page(Client(), f"/verify/{verify_code(number)}")
    assert f"n={number}&amp;c={code_of(number)}" in scanned, "the QR code leads in"
    party = inside(number, code_of(number).lower())
    assert "警告通知" in page(party)
    answer = party.get(f"/p/paper/{number}.pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-"), "with the own name on it"
    assert "当事人本人，凭单查询" in page(party, "/p/looks"), "one's own reading is on record, too"
    done = party.post("/p/act/object", {"q_reason": "水桶不是我放的。", "key": "o1"})
    assert done.status_code == 302, done.content.decode()[:600]
    assert raw_db().execute("select state from matter where ref = %s", [ref]).fetchone()[0] == "warning_objected"


def test_no_other_code_does(warned, town):
    _, number, _ = warned
    for wrong in ("AAAAAAAA", code_of(f"{number}1"), PARTY, PLATE):
        assert Client().post("/p/", {"number": number, "proof": wrong}).status_code == 404, wrong
    li = town.someone("urban_officer", "urban-1")
    car = li.post("/api/matters", town.opening(li, PLATE)).json()["id"]
    town.machine(car, "reminder_accepted")
    later(minutes=11)
    fire_due(raw_db(), LIBRARY)
    still = {"evidence": [town.photo(li, "second", "second", city_now())]}
    slip = li.post(f"/api/matters/{car}/actions/still_there", still).json()["papers"]["slip"]
    assert Client().post("/p/", {"number": slip, "proof": code_of(slip)}).status_code == 404, (
        "a slip lies on a car for all to scan"
    )
    assert "&amp;c=" not in page(Client(), f"/verify/{verify_code(slip)}")


def test_the_belt_printer_prints_the_name_for_who_may_read_it_alone(warned, town):
    ref, number, wang = warned
    document = raw_db().execute("select id from document where number = %s", [number]).fetchone()[0]
    printed = wang.get(f"/field/ticket/{ref}/{document}.escpos")
    assert printed.status_code == 200, printed.content.decode()
    text = printed.content.decode("gb18030", "replace")
    for words in ("警告通知", PARTY, number, "用水桶圈占公共车位"):
        assert words in text, words
    commander = town.someone("commander", "traffic", below=True)
    refused = commander.get(f"/field/ticket/{ref}/{document}.escpos")
    assert refused.status_code in {404, 409}
    assert PARTY not in refused.content.decode()
