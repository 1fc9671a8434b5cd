"""Numbers and names that are planted everywhere are found nowhere: not in an answer, a log, a dump."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.faults.canaries import CANARIES, ID_NUMBER, MOBILE

from guangyue.city.personal.stray import stray, without
from guangyue.records.postgres.binaries import find

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"身份证{ID_NUMBER}，请核实", "身份证***，请核实"),
        (f"{ID_NUMBER[:6]} {ID_NUMBER[6:14]} {ID_NUMBER[14:]}", "***"),
        (f"call {MOBILE}.", "call ***."),
        (f"+86 {MOBILE[:3]}-{MOBILE[3:7]}-{MOBILE[7:]}", "***"),
        ("１７２００００９９３１", "***"),
    ],
)
def test_a_number_is_found_however_it_is_written(text, kept):
    assert stray(text)
    assert without(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "柳园路12号",
        "370000199001012042",
        "20261122172000099311",
        "No 2026112200017",
        "鲁P12345",
        "0635-8123456",
        "12345",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert not stray(text)
    assert without(text) == text


@pytest.fixture(scope="module")
def planted(module_database, tmp_path_factory):
    """The canary city has been played: its report, all that its process said, and the database."""
    report = tmp_path_factory.mktemp("canary") / "report.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.canary_city", module_database.superuser, str(report)],
        cwd=ROOT, capture_output=True, check=False,
        env=module_database.environment() | {"DJANGO_SETTINGS_MODULE": "guangyue.web.settings", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
    )  # fmt: skip
    assert report.exists(), done.stderr.decode()[-3000:]
    return json.loads(report.read_text("utf-8")), done.stdout + done.stderr


pytestmark = pytest.mark.database


def found_in(what: bytes) -> list[str]:
    """Canaries in any of the ways they may be written."""
    ways = {c: (c.encode(), json.dumps(c)[1:-1].encode(), c.encode().hex().encode()) for c in CANARIES}
    return [c for c, written in ways.items() if any(w in what for w in written)]


def test_no_answer_to_anybody_shows_one(planted):
    report, _ = planted
    assert report["leaks"] == []


def test_exports_and_objections_were_among_them(planted):
    report, _ = planted
    for kind in ("csv", "xlsx"):
        for place in ("/console/export.", "/console/streets/board.", "/console/streets/entries/reminders/file."):
            assert f"{place}{kind}" in report["exports"]
    assert report["objection with a number"] == 422
    assert report["objection"] == 302
    assert report["rating"] in {302, 422}


def test_the_programs_say_none_in_what_they_log(planted):
    _, said = planted
    lines = [line for line in said.splitlines() if found_in(line)]
    assert lines == []


def test_a_dump_of_the_database_holds_none(planted, module_database):
    dump = subprocess.run(
        [str(find().program("pg_dump")), "--inserts", module_database.superuser], capture_output=True, check=True
    ).stdout
    assert b"bench.parking" in dump
    lines = [line[:300] for line in dump.splitlines() if found_in(line)]
    assert lines == []


def test_the_database_s_own_log_holds_none(planted, postgres):
    assert found_in((postgres.data / "server.log").read_bytes()) == []


def test_a_number_in_a_free_text_is_refused(planted):
    report, _ = planted
    assert report["api street"] == [422, ["value.personal"]]
    assert report["form"] == 422


def test_with_the_right_and_a_reason_it_is_shown_and_the_reason_kept(planted):
    report, _ = planted
    assert report["reveal"]["plain"] is True
    assert report["reveal"]["logged"] == 1
    assert found_in(json.dumps(report["reveal"]["masked"]).encode()) == []


def test_odd_requests_with_numbers_in_them_are_no_faults(planted):
    report, _ = planted
    assert report["odd json"] == 400
    assert report["fault"] < 500
    assert set(report["search"]) == {200}
