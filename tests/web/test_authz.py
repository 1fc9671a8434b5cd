"""The authorisation matrix of all addresses: complete, and true in every cell."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from tests.web.sessions import browser

from guangyue.web.authz import EVERYONE, FRAMEWORK, ROWS

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def names(resolver=None, space=""):
    """The name of every address, with its namespace."""
    for entry in (resolver or get_resolver()).url_patterns:
        if hasattr(entry, "url_patterns"):
            inside = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from names(entry, inside)
        else:
            yield f"{space}{entry.name}"


def test_every_address_has_a_row():
    known = {row.name for row in ROWS} | FRAMEWORK
    found = set(names())
    assert {n for n in found if n not in known and not n.startswith("mfa_")} == set(), "add a row to web/authz.py"
    assert known - found == set(), "a row without an address"


@pytest.fixture
def doors(town):
    """One browser or program for each capacity, and a matter of the unit ``own``."""
    people = {
        "citizen": town.someone(kind="citizen"),
        "no_role": town.someone(),
        "own": town.someone("urban_officer", "urban-1"),
        "other_unit": town.someone("urban_officer", "urban-2"),
        "other_agency": town.someone("judge", "community-1"),
    }
    made = people["own"].post("/api/matters", town.opening(people["own"]))
    assert made.status_code == 201
    return people, made.json()["id"]


def address(row, ref):
    known = {
        "api:show_procedure": ["streets.parking"], "api:act_on_matter": [ref, "gone"],
        "console_view_delete": [1], "console_act": [ref, "gone"], "console_open": ["streets.parking", "record"],
        "console_figure": ["streets.parking", "reminders"], "portal_photo": ["0" * 64], "portal_act": ["object"],
        "console_export": ["csv"], "streets_board_file": ["csv"], "streets_entries": ["reminders"],
        "streets_entries_file": ["reminders", "csv"], "field_paper": ["1", 1], "field_ticket": ["1", 1], "field_priors": ["1", "approve"], "portal_paper": ["slip-1"], "verify_paper": ["slip-1.AAAAAAAA"],
    }  # fmt: skip
    return reverse(row.name, args=known.get(row.name, [ref] if row.about == "matter" else []))


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.name)
def test_every_cell_of_the_row(row, doors, town):
    people, ref = doors
    got = []
    for who in EVERYONE:
        someone = people.get(who)
        path = address(row, ref)
        if row.name.startswith("api:"):
            body = town.opening(someone, "鲁P7777A") if row.name == "api:open_matter" and someone else {}
            headers = someone.headers() if someone else {}
            client = Client()
            if row.method == "POST":
                headers["Idempotency-Key"] = who
                answer = client.post(path, json.dumps(body), content_type="application/json", headers=headers)
            else:
                answer = client.get(path, headers=headers)
        else:
            client = browser(someone.account if someone else None)
            answer = client.post(path, {"name": "x"}) if row.method == "POST" else client.get(path)
        got.append(answer.status_code)
    assert tuple(got) == row.answers, dict(zip(EVERYONE, got, strict=True))
