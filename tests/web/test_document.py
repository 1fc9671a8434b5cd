"""The OpenAPI document and the catalogue: derived from the declarations, complete, and true."""

from __future__ import annotations

import jsonschema_rs
import pytest
from django.test import Client

from guangyue.records.library import LIBRARY
from guangyue.web.api.describing import acts

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def every_act():
    return [(LIBRARY[code, 0], a) for code in LIBRARY.codes() for a in acts(LIBRARY[code, 0])]


@pytest.fixture
def document(db):
    answer = Client().get("/api/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def schema_of(document, name):
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **document["components"]["schemas"][name],
            "components": document["components"]}  # fmt: skip


def test_every_act_of_every_procedure_has_its_schema(document):
    schemas = document["components"]["schemas"]
    names = {f"{p.code}.{a.code}" for p, a in every_act()}
    assert len(names) >= 11
    assert names <= schemas.keys()
    opening = document["paths"]["/api/matters"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    later = document["paths"]["/api/matters/{matter}/actions/{code}"]["post"]["requestBody"]
    later = later["content"]["application/json"]["schema"]
    offered = {ref["$ref"].rpartition("/")[2] for ref in (*opening["anyOf"], *later["anyOf"])}
    assert offered == names
    assert "streets.parking.reminder_accepted" not in schemas, "a machine's act is no program's to do"


@pytest.mark.parametrize(("procedure", "action"), every_act(), ids=lambda x: getattr(x, "code", ""))
def test_an_act_schema_is_a_schema_and_asks_what_the_form_asks(document, procedure, action):
    schema = schema_of(document, f"{procedure.code}.{action.code}")
    jsonschema_rs.validator_for(schema)
    asked = schema["properties"]["values"]["properties"]
    assert asked.keys() == procedure.tables.forms[action.code].keys()
    if action.evidence:
        sets = schema["properties"]["evidence"]["items"]["allOf"][1]["properties"]["set"]["enum"]
        assert sets == [e.code for e in action.evidence]


def test_a_good_body_fits_its_schema_and_a_bad_one_does_not(document, town):
    who = town.someone("urban_officer", "urban-1")
    body = town.opening(who)
    check = jsonschema_rs.validator_for(schema_of(document, "streets.parking.record"))
    check.validate(body)
    for bad in (
        body | {"values": {"street": "柳园路"}},
        body | {"values": body["values"] | {"nonsense": 1}},
        body | {"evidence": [body["evidence"][0] | {"set": "third"}]},
        {k: v for k, v in body.items() if k != "action"},
    ):
        assert not check.is_valid(bad), bad


def test_the_catalogue_says_whose_an_act_is(town):
    officer = town.someone("urban_officer", "urban-1").get("/api/procedures/streets.parking").json()
    mine = {a["code"] for a in officer["actions"] if a["mine"]}
    assert {"record", "gone", "still_there"} <= mine
    assert not {"approve", "reject", "object"} & mine
    nobody = town.someone().get("/api/procedures").json()["procedures"][0]
    assert not any(a["mine"] for a in nobody["actions"])
    first = next(a for a in officer["actions"] if a["code"] == "record")
    assert first["evidence"][0] | {"panoramas": 1, "legible_plate": True} == first["evidence"][0]
    assert [q["name"] for q in first["form"]][:2] == ["plate", "street"]
    assert first["form"][0]["title"] == {"zh": "号牌号码", "en": "Plate"}
    assert town.someone().get("/api/procedures/no.such").status_code == 404
