"""Who may open which matter, and what of it is seen: successes and refusals side by side on the same matters."""

from __future__ import annotations

import json

import pytest
from tests.records.parking import LIBRARY, OFFICER, START, advance, photo, set_clock
from tests.records.town import Town

from guangyue.city.errors import CityError, NotVisibleError
from guangyue.city.personal import Kind, Sealed
from guangyue.city.personal.installed import forget
from guangyue.city.viewer import NOBODY
from guangyue.records import matters
from guangyue.records.commands import Party
from guangyue.records.database import db as django_db
from guangyue.records.matters import Asked, BadCursorError


@pytest.fixture
def town(db):
    forget()
    set_clock(django_db(), START)
    yield Town.built()
    forget()


def listed(viewer, **asked):
    return [line.id for line in matters.matters_for(viewer, Asked(**asked), library=LIBRARY).lines]


def opens(viewer, matter):
    """Whether a viewer gets in, by each of the doors alike."""
    doors = (
        matters.matter_for, matters.timeline_for, matters.evidence_for, matters.deadlines_for, matters.documents_for,
        matters.related_for,
    )  # fmt: skip
    answers = set()
    for door in doors:
        try:
            door(viewer, matter, library=LIBRARY)
            answers.add(True)
        except NotVisibleError:
            answers.add(False)
    assert len(answers) == 1, "one door stands open and another is closed"
    return answers.pop()


def test_scope_is_agency_and_unit_and_role(town):
    done = town.park("urban-03")
    seen = {
        "the unit's officer": town.viewer(("urban_officer", "urban-03")),
        "the bureau, which reaches below": town.viewer(("urban_officer", "urban-root"), below=True),
        "oversight of the government": town.viewer(("supervisor", "government-root")),
    }
    unseen = {
        "nobody": NOBODY,
        "another brigade": town.viewer(("urban_officer", "urban-04")),
        "the bureau, which does not reach below": town.viewer(("urban_officer", "urban-root")),
        "a role the procedure does not name": town.viewer(("clerk", "urban-03")),
        "the same role in another agency": town.viewer(("urban_officer", "station-1")),
        "another agency's role in this unit": town.viewer(("traffic_reviewer", "urban-03")),
        "traffic police before the hand-over": town.viewer(("traffic_reviewer", "traffic-01")),
        "the system administrator": town.viewer(("system_admin", "urban-root"), below=True),
        "oversight of another agency": town.viewer(("supervisor", "police-root"), below=True),
        "a citizen": town.citizen(),
        "a token without the scope": town.viewer(("urban_officer", "urban-03"), scopes=frozenset({"places:read"})),
    }
    for who, viewer in seen.items():
        assert opens(viewer, done.matter), who
        assert listed(viewer, where="involved") == [done.matter], who
        assert matters.sees_matter(viewer, done.id, library=LIBRARY), who
    for who, viewer in unseen.items():
        assert not opens(viewer, done.matter), who
        for where in ("held", "involved", "mine", "party"):
            assert listed(viewer, where=where) == [], (who, where)
        assert listed(viewer, text=done.matter) == [], who
        assert not matters.sees_matter(viewer, done.id, library=LIBRARY), who
    with pytest.raises(NotVisibleError):
        matters.matter_for(seen["the unit's officer"], "999999", library=LIBRARY)


def test_a_hand_over_moves_the_matter_and_leaves_the_look_back(town):
    done = town.park("urban-03")
    officer, reviewer = town.viewer(("urban_officer", "urban-03")), town.viewer(("traffic_reviewer", "traffic-01"))
    elsewhere = town.viewer(("traffic_reviewer", "station-1"))
    town.act(done.matter, "reminder_accepted")
    advance(django_db(), minutes=11)
    now = START.replace(minute=11)
    town.act(done.matter, "still_there", town.actor(), evidence=(photo(now, "second", "b"),))
    assert listed(reviewer) == [done.matter], "what no unit has taken yet is seen by the agency's"
    assert listed(officer) == []
    assert listed(officer, where="involved") == [done.matter]
    assert opens(officer, done.matter)
    assert not opens(elsewhere, done.matter)
    acts = [o.action.code for o in matters.offers_for(reviewer, done.matter, library=LIBRARY) if o.mine]
    assert acts == ["approve", "reject"]
    assert [o.action.code for o in matters.offers_for(officer, done.matter, library=LIBRARY) if o.mine] == []
    with pytest.raises(NotVisibleError):
        matters.offers_for(
            town.viewer(("traffic_reviewer", "traffic-01"), scopes=frozenset({"matters:read"})), done.matter,
            library=LIBRARY,
        )  # fmt: skip
    papers = matters.documents_for(officer, done.matter, library=LIBRARY)
    assert [(p.code, p.facts) for p in papers] == [("slip", {"plate": "鲁P12345", "street": "柳园路"})]
    assert listed(officer, text=papers[0].number) == [done.matter]
    assert [c.key for c in matters.deadlines_for(reviewer, done.matter, library=LIBRARY)] == [
        "reach",
        "grace",
        "review",
    ]


def test_values_are_masked_by_the_declaration(town):
    """The owner is for reviewers: masked for them, and absent for the officer who wrote it down."""
    done = town.park("urban-03", owner="王小明 13800138000")
    officer, chief = town.viewer(("urban_officer", "urban-03")), town.viewer(("supervisor", "government-root"))
    reviewer = town.viewer(("traffic_reviewer", "traffic-01"))
    for viewer in (officer, chief):
        view = matters.matter_for(viewer, done.matter, library=LIBRARY)
        owner = next(f for f in view.fields if f.name == "owner")
        assert (owner.readable, owner.value, owner.set) == (False, None, True)
        assert "owner" not in view.matter.fields
        story = matters.timeline_for(viewer, done.matter, library=LIBRARY)
        assert story.hidden == (("owner",),)
        assert "13800138000" not in repr(story)
        with pytest.raises(NotVisibleError):
            matters.reveal_for(viewer, done.matter, "owner", reason="curious", library=LIBRARY)
    town.act(done.matter, "reminder_accepted")
    advance(django_db(), minutes=11)
    town.act(done.matter, "still_there", town.actor(), evidence=(photo(START.replace(minute=11), "second", "b"),))
    view = matters.matter_for(reviewer, done.matter, library=LIBRARY)
    owner = next(f for f in view.fields if f.name == "owner")
    assert owner.readable
    assert owner.personal
    for text in (str(owner.value), repr(view), repr(matters.timeline_for(reviewer, done.matter, library=LIBRARY))):
        assert "13800138000" not in text
    assert view.matter.fields["plate"] == "鲁P12345"


def test_a_plain_value_costs_a_reason_that_is_kept(town):
    done = town.park("urban-03", owner="王小明")
    town.act(done.matter, "reminder_accepted")
    advance(django_db(), minutes=11)
    town.act(done.matter, "still_there", town.actor(), evidence=(photo(START.replace(minute=11), "second", "b"),))
    reviewer = town.viewer(("traffic_reviewer", "traffic-01"))
    with pytest.raises(CityError, match=r"personal\.purpose\.empty"):
        matters.reveal_for(reviewer, done.matter, "owner", reason=" ", library=LIBRARY)
    log = "select viewer, purpose, matter_id from access_log"
    assert django_db().execute(log).fetchall() == []
    plain = matters.reveal_for(reviewer, done.matter, "owner", reason="告知车主", basis="道交法114", library=LIBRARY)
    assert plain == "王小明"
    assert django_db().execute(log).fetchall() == [(f"account:{reviewer.account_id}", "告知车主", done.id)]
    with pytest.raises(NotVisibleError):
        matters.reveal_for(reviewer, done.matter, "plate", reason="not personal", library=LIBRARY)


def test_a_party_sees_its_own_and_of_it_what_it_was_told(town):
    owner, other, later = town.citizen(), town.citizen(), town.citizen("370102199001011231")
    search = Sealed.of(Kind.ID_NUMBER, "x", "370102199001011231").search_key()
    parties = (Party("owner", f"account:{owner.account_id}"), Party("owner", search=search))
    done = town.park(parties=parties)
    town.act(done.matter, "reminder_accepted")
    advance(django_db(), minutes=3)
    town.act(done.matter, "gone", town.actor())
    for viewer in (owner, later):
        assert opens(viewer, done.matter)
        assert listed(viewer, where="party") == [done.matter]
        assert listed(viewer) == [], "a party holds nothing"
        view = matters.matter_for(viewer, done.matter, library=LIBRARY)
        assert (view.staff, view.parties, view.matter.doers) == (False, {"owner"}, {})
        told = matters.timeline_for(viewer, done.matter, library=LIBRARY).entries
        assert [e.act for e in told] == ["record", "gone"]
        assert {e.actor for e in told} == {""}, "officers' accounts are not for parties"
    assert not opens(other, done.matter)
    django_db().execute("update party set ended_at = city_now()")
    assert not opens(owner, done.matter)
    assert listed(owner, where="party") == []


def test_whoever_is_in_charge_sees_it(town):
    done = town.park()
    there = town.viewer(("urban_officer", "urban-04"))
    assert not opens(there, done.matter)
    with django_db().transaction():
        django_db().execute("update matter set assignee = %s", [f"account:{there.account_id}"])
    assert opens(there, done.matter)
    assert listed(there) == listed(there, where="mine") == [done.matter]
    assert matters.matters_for(there, Asked(where="mine"), library=LIBRARY).lines[0].mine


def test_filters_hold_together_and_alone(town):
    viewer = town.viewer(("urban_officer", "urban-root"), below=True)
    first = town.park("urban-03")
    advance(django_db(), minutes=1)
    second = town.park("urban-04", plate="鲁P88888", street="东昌路")
    town.act(second.matter, "reminder_accepted")
    advance(django_db(), minutes=1)
    third = town.park("urban-04", plate="鲁P88888")
    town.act(third.matter, "reminder_accepted")
    advance(django_db(), minutes=1)
    town.act(third.matter, "gone", town.actor("urban-04"))
    a, b, c = first.matter, second.matter, third.matter
    key = matters.plate_key("鲁P88888")
    cases = [
        ({}, [c, b, a]), ({"open": True}, [b, a]), ({"open": False}, [c]), ({"states": ("noticed",)}, [a]),
        ({"states": ("noticed", "left")}, [c, a]), ({"units": ("urban-04",)}, [c, b]), ({"units": ("traffic-01",)}, []),
        ({"units": ("urban-04",), "open": True}, [b]), ({"procedures": ("bench.parking",)}, [c, b, a]),
        ({"procedures": ("streets.parking",)}, []), ({"agency": "urban"}, [c, b, a]), ({"agency": "police"}, []),
        ({"subject": key}, [c, b]), ({"subject": key, "open": True}, [b]), ({"text": "鲁P·88888"}, [c, b]),
        ({"text": "鲁p12345"}, [a]), ({"text": a}, [a]), ({"text": "no such thing"}, []), ({"place": "东昌路"}, [b]),
        ({"opened_from": START.replace(minute=1)}, [c, b]), ({"opened_until": START.replace(minute=1)}, [a]),
        ({"opened_from": START.replace(minute=1), "opened_until": START.replace(minute=2)}, [b]),
        ({"due_before": START.replace(minute=12)}, [b, a]), ({"order": "deadline"}, [a, b]), ({"cells": (1, 2)}, []),
        ({"order": "deadline", "states": ("reminded",)}, [b]),
    ]  # fmt: skip
    numbers = [line.number for line in matters.matters_for(viewer, library=LIBRARY).lines]
    assert numbers == ["urban-04-20260929-0002", "urban-04-20260929-0001", "urban-03-20260929-0001"]
    cases.append(({"text": numbers[1]}, [b]))
    for asked, expected in cases:
        for where in ("held", "involved"):
            assert listed(viewer, where=where, **asked) == expected, (asked, where)


@pytest.mark.parametrize("order", ["newest", "deadline"])
@pytest.mark.parametrize("where", ["held", "involved"])
def test_pages_follow_each_other_without_gap_or_double(town, order, where):
    viewer = town.viewer(("urban_officer", "urban-root"), below=True)
    made = []
    for n in range(7):
        made.append(town.park(f"urban-0{3 + n % 2}").matter)
        if n % 3 == 0:
            advance(django_db(), seconds=1)  # the others share their moment
    for matter in made[:2]:
        django_db().execute("update matter set due_at = null where ref = %s", [matter])
    pages, after = [], ""
    while True:
        page = matters.matters_for(viewer, Asked(where=where, order=order, most=2, after=after), library=LIBRARY)
        pages.append([line.id for line in page.lines])
        after = page.next
        if not after:
            break
    assert [len(p) for p in pages] == [2, 2, 2, 1]
    flat = [id_ for p in pages for id_ in p]
    assert flat == (made[::-1] if order == "newest" else made[2:] + made[:2])
    with pytest.raises(BadCursorError):
        matters.matters_for(viewer, Asked(order=order, after="x"), library=LIBRARY)


def test_a_line_carries_its_next_clock(town):
    done = town.park()
    viewer = town.viewer(("urban_officer", "urban-03"))
    line = matters.matters_for(viewer, library=LIBRARY).lines[0]
    assert line.clock is not None
    assert (line.clock.key, line.clock.due_at, line.due_at) == ("reach", line.due_at, line.clock.due_at)
    assert (line.state_title.en, line.procedure_title.zh, line.title) == (
        "Photographed",
        "违法停车",
        "鲁P12345 · 柳园路",
    )
    pieces = matters.evidence_for(viewer, done.matter, library=LIBRARY)
    assert [(p.set, p.sha256, p.evidence) for p in pieces] == [("first", "a" * 64, "")]


def test_somebody_without_account_proves_to_know_it(town):
    done = town.park()
    number = django_db().execute("select number from matter").fetchone()[0]
    code = matters.follow_code(done.matter)
    for proof, parties in (
        ("鲁P12345", {"owner"}),
        ("鲁p·12345", {"owner"}),
        (code, {"reporter"}),
        (code.lower(), {"reporter"}),
    ):
        view = matters.public_matter(number, proof, library=LIBRARY)
        assert (view.id, view.parties, view.state) == (done.matter, parties, "noticed")
        assert [s.state for s in view.steps] == ["noticed"]
    for wrong_number, wrong_proof in (
        (number, "鲁P12346"),
        (number, ""),
        (number, "x"),
        ("nothing", "鲁P12345"),
        (number, OFFICER.id),
    ):
        with pytest.raises(NotVisibleError):
            matters.public_matter(wrong_number, wrong_proof, library=LIBRARY)


def test_finding_by_a_personal_value_needs_the_right_to_read_it(town):
    done = town.park(owner="13800138000")
    town.act(done.matter, "reminder_accepted")
    officer = town.viewer(("urban_officer", "urban-03"))
    reviewer = town.viewer(("traffic_reviewer", "traffic-01"))
    assert listed(officer, text="13800138000") == []
    advance(django_db(), minutes=11)
    town.act(done.matter, "still_there", town.actor(), evidence=(photo(START.replace(minute=11), "second", "b"),))
    assert listed(reviewer, text="13800138000") == [done.matter]
    assert listed(officer, text="13800138000") == []
    assert json.loads(django_db().execute("select body from journal order by seq limit 1").fetchone()[0])["number"]
