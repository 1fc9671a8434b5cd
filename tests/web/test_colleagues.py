"""Officers who act together: found by their number, bound by what they did."""

from __future__ import annotations

import pytest
from tests.web.test_acts import in_review

from guangyue.city import clock
from guangyue.desks.streets.procedures.parking import PARKING
from guangyue.kernel import Matter
from guangyue.web.colleagues import together

pytestmark = [pytest.mark.database, pytest.mark.django_db]
NEW = Matter(id="", procedure=PARKING.code, version=PARKING.version)


def number(who):
    return who.account.person.number


def test_a_named_officer_counts_in_the_capacity_held_now(town):
    wang = town.someone("traffic_officer", "traffic-1")
    stranger = town.someone()
    named = (number(wang), number(stranger), "W9999")
    ids, held = together(named, PARKING, NEW, "record", clock.now())
    assert ids == (f"account:{wang.account.pk}", f"account:{stranger.account.pk}", "W9999")
    assert held[ids[0]].roles == {"traffic_officer"}
    assert held[ids[1]].roles == frozenset(), "somebody without a role is named and does not count"
    assert "W9999" not in held, "nobody's number"


@pytest.mark.parametrize("named", [True, False], ids=["took-part", "did-not"])
def test_who_took_part_in_the_street_does_not_review(town, named):
    li, zhao = town.someone("urban_officer", "urban-1"), town.someone("traffic_reviewer", "traffic-1")
    body = town.opening(li) | ({"officers": [number(zhao)]} if named else {})
    made = li.post("/api/matters", body)
    assert made.status_code == 201, made.content.decode()
    waiting = in_review(town, li, made.json())
    answer = zhao.post(f"/api/matters/{waiting['id']}/actions/approve", {"values": {"measure": "warning"}})
    codes = {r["code"] for r in answer.json().get("reasons", [])}
    assert ("who.same_person" in codes) is named, answer.content.decode()
    assert (answer.status_code == 200) is not named
