"""The street desk's pages: what they count is what the lists behind them hold, and no more than one reaches."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import timedelta

import pytest
from shapely.geometry import box
from tests.web.conftest import city_now, later
from tests.web.sessions import browser

from guangyue.city.places import add_block
from guangyue.records.database import db as raw_db
from guangyue.records.deadlines.fire import fire_due
from guangyue.records.figures import roll, stand
from guangyue.records.library import LIBRARY

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def street(town):
    """Two blocks; three cars in the first: one left, one fined, one overdue; one in no block. What other tests left is over."""
    raw_db().execute("update matter set closed_at = city_now() where closed_at is null")
    add_block("night", "west", "西城", box(115.97, 36.44, 115.99, 36.46), name_en="West end")
    add_block("night", "east", "东城", box(116.10, 36.44, 116.12, 36.46), name_en="East end")
    officer = town.someone("urban_officer", "urban-1")
    reviewer = town.someone("traffic_reviewer", "traffic-1")
    town.someone("agency_head", "urban", below=True)

    def recorded(plate, lon=115.98):
        body = town.opening(officer, plate, position={"lon": lon, "lat": 36.45, "accuracy_m": 5})
        body["values"]["place"] = {"lon": lon, "lat": 36.45}
        made = officer.post("/api/matters", body)
        assert made.status_code == 201, made.json()
        ref = made.json()["id"]
        town.machine(ref, "reminder_accepted")
        return ref

    left, fined, late, away = (
        recorded("鲁P10001"),
        recorded("鲁P10002"),
        recorded("鲁P10003"),
        recorded("鲁P10004", 117.5),
    )
    assert officer.post(f"/api/matters/{left}/actions/gone", {}).status_code == 200
    later(minutes=11)
    fire_due(raw_db(), LIBRARY)
    second = [town.photo(officer, "second", "again", city_now())]
    assert officer.post(f"/api/matters/{fined}/actions/still_there", {"evidence": second}).status_code == 200
    done = reviewer.post(f"/api/matters/{fined}/actions/approve", {"values": {"measure": "fine"}})
    assert done.status_code == 200, done.json()
    raw_db().execute("update matter set due_at = city_now() - interval '1 hour' where ref = %s", [late])
    return {"officer": officer, "reviewer": reviewer, "left": left, "fined": fined, "late": late, "away": away}


def page(who, path):
    answer = browser(who.account).get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def numbers(html):
    """The numbers of the strip by their names."""
    found = re.findall(r'class="value">([\d,.]+)(?:<span[^>]*>%</span>)?</span><span class="name">([^<]+)', html)
    return {name: value for value, name in found}


@pytest.mark.parametrize("rolled", [False, True], ids=["fresh", "rolled up"])
def test_the_board_counts_and_every_number_leads_to_what_it_counts(street, rolled):
    if rolled:
        roll(raw_db())
        stand(raw_db())
    html = page(street["officer"], "/console/streets/board")
    said = numbers(html)
    assert said["在办"] == "2"
    assert said["逾期"] == "2", "both stand where the ten minutes ran out to"
    assert said["提醒后驶离率"] == "25.00"
    behind = page(street["officer"], "/console/streets/entries/reminders")
    assert behind.count("<tr><td><time") == 4
    took = re.search(r'n = <a href="([^"]+)">(\d+)</a>', page(street["reviewer"], "/console/streets/board"))
    decided = page(street["reviewer"], took[1].replace("&amp;", "&"))
    assert (took[2], decided.count("<tr><td><time")) == ("1", 1), "the one decision that the median is of"
    late = page(street["officer"], "/console/?desk=streets&overdue=1")
    assert sorted(re.findall(r'data-id="([^"]+)"', late)) == sorted([street["late"], street["away"]])


def test_blocks_hold_their_own_and_lead_there(street):
    html = page(street["officer"], "/console/streets/board")
    west = html[html.index("西城") : html.index("未定位")]
    assert ">3</a>" in west, "three reminders in the western block"
    inside = page(street["officer"], "/console/streets/entries/reminders?block=night:west")
    assert inside.count("<tr><td><time") == 3
    here = page(street["officer"], "/console/?desk=streets&block=night:west")
    assert re.findall(r'data-id="([^"]+)"', here) == [street["late"]]


def test_the_reviewer_is_told_what_waits_and_others_see_only_their_own(street, town):
    second = [town.photo(street["officer"], "second", "once more", city_now())]
    sent = street["officer"].post(f"/api/matters/{street['away']}/actions/still_there", {"evidence": second})
    assert sent.status_code == 200, sent.json()
    stand(raw_db())
    html = page(street["reviewer"], "/console/streets")
    mine = html[: html.index("清点于")]
    assert "待交警审核" in mine
    assert "规范、确认无误" in mine, "the acts one may do there"
    elsewhere = town.someone("urban_officer", "urban-2")
    assert numbers(page(elsewhere, "/console/streets/board"))["在办"] == "0"
    judge = town.someone("judge", "community-1")
    assert browser(judge.account).get("/console/streets/board").status_code == 404


def test_nobody_is_ranked(street):
    html = page(street["officer"], "/console/streets/board")
    badge = street["officer"].account.person.number
    assert badge not in html


def test_a_year_before_stands_beside_each_number(street):
    raw_db().execute(
        "insert into tally (procedure, figure, at, unit, amount, matter_id, seq) select procedure, figure,"
        " at - interval '1 year', unit, 3, matter_id, seq + 100 from tally where figure = 'reminders'"
    )
    html = page(street["officer"], "/console/streets/board")
    row = html[html.index("与去年同期") :]
    assert "-66.67%" in row
    assert ">12<" in row, "the base is kept"
    (way,) = re.findall(r'href="([^"]+)">12<', row)
    assert page(street["officer"], way.replace("&amp;", "&")).count("<tr><td><time") == 4, (
        "and leads to its entries, too"
    )


def test_a_file_holds_no_formula_and_stands_in_the_log(street):
    raw_db().execute(
        "update matter set place = '=HYPERLINK(\"x\")', title = '@SUM(A1)' where ref = %s", [street["late"]]
    )
    client = browser(street["officer"].account)
    answer = client.get("/console/export.csv?desk=streets")
    assert answer["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    cells = {c for row in rows for c in row}
    assert '\'=HYPERLINK("x")' in cells
    assert "'@SUM(A1)" in cells
    assert not [c for c in cells if c[:1] in "=+-@\t\r" and c]
    for path in (
        "/console/export.xlsx?desk=streets",
        "/console/streets/board.xlsx",
        "/console/streets/entries/reminders/file.xlsx",
    ):
        book = zipfile.ZipFile(io.BytesIO(client.get(path).content))
        sheets = [book.read(n).decode() for n in book.namelist() if "worksheets/sheet" in n]
        assert sheets
        assert not any("<f>" in s for s in sheets), path
    log = raw_db().execute("select body from access_log where body like '%%\"export\"%%' order by id").fetchall()
    assert len(log) == 4
    assert f"account:{street['officer'].account.pk}" in log[0][0]


def test_how_long_it_took_is_exact_to_the_minute_under_two_hours(street):
    from guangyue.records.figures import Window, took

    day = city_now()
    window = Window(day - timedelta(days=2), day + timedelta(days=2))
    for _ in range(2):
        found = took(raw_db(), ["streets.parking"], ["penalties"], window)
        assert (found.count, found.median) == (1, 11)
        roll(raw_db())
