"""streets.extend: an offence by one file of data and a procedure by one file of declaration appear everywhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.database
ROOT = Path(__file__).parents[2]
OFFENCE = """\
# 乱倒建筑垃圾: invented for this test.
version = 1
subject = "party"
title = { zh = "乱倒建筑垃圾", en = "Dumping of rubble" }
law = { zh = "聊城市城镇容貌和环境卫生管理条例第40条", en = "Liaocheng City Appearance Rules art. 40" }
first = { zh = "没有记录，当场清运的可以不予处罚。", en = "No record: no penalty if it is taken away at once." }
again = { zh = "有记录，请结合情节选择处理方式。", en = "There are records; weigh them with the circumstances." }
education = { zh = "建筑垃圾须运往指定消纳场所。", en = "Rubble goes to the places set aside for it." }

[found]
at_least = 3
panoramas = 1

[rechecked]
at_least = 1

[[count]]
code = "dumping.rubble"
title = { zh = "乱倒建筑垃圾", en = "dumping of rubble" }

[[count.competent]]
agency = "urban"
places = ["road", "pavement", "public_lot", "main_road", "public_ground"]
law = "CITY_APPEARANCE"
article = "40"

[[count.band]]
least = 200_00
most = 1_000_00
law = "CITY_APPEARANCE"
article = "40"

[count.ladder]
steps = ["explain", "order"]
before_fine = ["order"]
law = "CITY_APPEARANCE"
article = "40"
"""
PROCEDURE = '''\
"""A public bench to be mended (公共座椅维修): invented for this test."""

from guangyue.desks.streets.who import URBAN
from guangyue.kernel import Procedure
from guangyue.kernel.grammar import Action, Ask, Count, Field, Kind, Outcome, PhotoSet, State, T

BENCH = Procedure(
    code="streets.bench", version=1, title=T("公共座椅维修", "Bench to be mended"), subject="place",
    fields=(Field("where", Kind.TEXT, T("地点", "Where")),),
    states=(State("broken", T("待维修", "Broken")), Outcome("mended", T("已维修", "Mended"))),
    actions=(
        Action("report", T("报修", "Report"), (URBAN,), opens="broken", form=(Ask("where"),),
               evidence=(PhotoSet("seen", T("照片", "Photographs"), at_least=1),)),
        Action("mend", T("修好", "Mend"), (URBAN,), moves={"broken": "mended"}),
    ),
    figures=(Count("benches", T("座椅报修", "Benches reported"), of="report"),),
)
'''


@pytest.fixture
def shown(city_database, tmp_path) -> dict:
    """What a copy of the source with the two files shows."""
    source = tmp_path / "src" / "guangyue"
    shutil.copytree(
        ROOT / "src" / "guangyue",
        source,
        ignore=shutil.ignore_patterns("node_modules", "__pycache__"),
        copy_function=os.link,
    )
    (source / "law" / "offences" / "dumping.toml").write_text(OFFENCE, "utf-8")
    (source / "desks" / "streets" / "procedures" / "bench.py").write_text(PROCEDURE, "utf-8")
    paths = os.pathsep.join((str(tmp_path / "src"), str(ROOT)))
    environment = city_database.environment() | {"PYTHONPATH": paths, "DJANGO_SETTINGS_MODULE": "guangyue.web.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.web.streets_extended"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])  # a slow request says so on a line of its own


def test_one_file_each_is_enough(shown):
    for where in ("new", "work", "board", "matter", "figures"):
        assert "乱倒建筑垃圾" in shown[where], where
    for where in ("new", "work", "figures"):
        assert "公共座椅维修" in shown[where], where
    assert "座椅报修" in shown["board"], "what it counts stands on the board"
    for title in ("Dumping of rubble", "Bench to be mended"):
        assert title in shown["openapi"], title
        assert title in shown["docs"], title
    assert shown["phone"]["streets.dumping"]["record"] == 3, "the phone asks for the photographs of the file"
    assert shown["phone"]["streets.bench"] == {"report": 1, "mend": 0}
    assert min(shown["matrix"].values()) > 0
    status, codes = shown["fine"]
    assert status in {403, 409, 422}
    assert codes, "the band and the ladder of the file bind at once"
