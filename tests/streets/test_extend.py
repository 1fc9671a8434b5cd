"""streets.extend: an offence type by one file of data, a procedure by one file of declaration; nothing else is touched.

A copy of the package gets the file; every face of it is asked: pages, API, matrix, law, docs, figures.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LITTER = """
# 随地丢弃垃圾: a type the city adds by this file alone; the rule is invented for the test.
version = 1
subject = "party"
title = { zh = "随地丢弃垃圾", en = "Littering" }
law = { zh = "试行市容规定第9条", en = "Trial Appearance Rules art. 9" }
first = { zh = "没有记录，先教育。", en = "No record: explain first." }
again = { zh = "有记录。", en = "There are records." }
education = { zh = "请把垃圾放进垃圾桶。", en = "Please use the bins." }

[laws.TRIAL]
title = { zh = "试行市容规定", en = "Trial Appearance Rules" }
since = "2020-01-01"

[found]
at_least = 1

[rechecked]
at_least = 1

[[count]]
code = "littering"
title = { zh = "随地丢弃垃圾", en = "littering" }

[[count.competent]]
agency = "urban"
places = ["public_ground", "road"]
law = "TRIAL"
article = "9"

[[count.band]]
least = 50_00
most = 300_00
law = "TRIAL"
article = "9"

[count.ladder]
steps = ["explain", "order"]
before_fine = ["order"]
law = "TRIAL"
article = "9"
"""
BICYCLE = '''
"""A bicycle left in the way: a procedure of one file."""

from guangyue.desks.streets.who import FIELD
from guangyue.kernel import Procedure
from guangyue.kernel.grammar import Action, Ask, Competent, Count, Field, Kind, Outcome, PhotoSet, State, T

BICYCLE = Procedure(
    code="streets.bicycle",
    version=1,
    title=T("乱停自行车", "Bicycle in the way"),
    subject="bicycle",
    fields=(Field("street", Kind.TEXT, T("地点", "Where")),),
    states=(State("tagged", T("已挂牌", "Tagged")), Outcome("fetched", T("已领回", "Fetched"))),
    actions=(
        Action("tag", T("挂牌", "Tag"), FIELD, opens="tagged", form=(Ask("street"),),
               evidence=(PhotoSet("seen", T("照片", "Photograph")),), requires=(Competent("photograph"),)),
        Action("fetch", T("领回", "Fetch"), FIELD, moves={"tagged": "fetched"}),
    ),
    figures=(Count("tagged", T("挂牌数", "Tagged"), of="tag"),),
)
'''


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The package, without what is built for the browser."""
    where = tmp_path_factory.mktemp("copy")
    shutil.copytree(
        ROOT / "src" / "guangyue", where / "guangyue", ignore=shutil.ignore_patterns("node_modules", "__pycache__")
    )
    (where / "guangyue/law/offences/litter.toml").write_text(LITTER, encoding="utf-8")
    (where / "guangyue/desks/streets/procedures/bicycle.py").write_text(BICYCLE, encoding="utf-8")
    return where


@pytest.fixture(scope="module")
def faces(copy, module_database, tmp_path_factory) -> dict:
    """What an installation of the enlarged copy shows of both."""
    environment = module_database.environment() | {
        "PYTHONPATH": f"{copy}{os.pathsep}{ROOT}", "DJANGO_SETTINGS_MODULE": "guangyue.web.settings", "GUANGYUE_ENV": "demo",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.streets.extended", str(tmp_path_factory.mktemp("docs")), "streets.litter", "streets.bicycle"],
        env=environment, cwd=copy, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.database
def test_an_offence_type_by_data_alone(faces):
    seen = faces["streets.litter"]
    assert seen["title"] == "随地丢弃垃圾"
    assert "随地丢弃垃圾" in seen["page_new"]
    assert seen["page_open"] == 200
    assert "streets.litter" in seen["api_all"]
    assert {"record", "order", "fine_on_spot", "decide_fine"} <= {a["code"] for a in seen["api"]["actions"]}
    assert seen["matrix"] > 100
    assert {"C-littering", "B-littering", "D-littering"} <= set(seen["law"])
    assert {"streets.litter.zh.md", "streets.litter.en.md", "README.md"} <= set(seen["docs"])
    assert "试行市容规定第9条" in seen["page"]
    assert seen["opened"] == 201, seen["said"]
    assert seen["figures"]["found"] == 1
    assert "随地丢弃垃圾" in seen["figures_page"]
    assert "罚款301元不在50元至300元之间。" in seen["fine"]
    assert any("责令限期改正" in text for text in seen["fine"]), "the ladder of the file binds too"


@pytest.mark.database
def test_a_procedure_by_one_file(faces):
    seen = faces["streets.bicycle"]
    assert "乱停自行车" in seen["page_new"]
    assert seen["page_open"] == 200
    assert "streets.bicycle" in seen["api_all"]
    assert {"streets.bicycle.zh.md", "streets.bicycle.en.md"} <= set(seen["docs"])
    assert seen["opened"] == 201, seen["said"]
    assert seen["figures"] == {"tagged": 1}
    assert "乱停自行车" in seen["figures_page"]


def test_a_faulty_file_stops_with_its_line(copy, tmp_path):
    broken = tmp_path / "guangyue"
    shutil.copytree(copy / "guangyue/law", broken / "law")
    shutil.copy(copy / "guangyue/__init__.py", broken / "__init__.py")
    file = broken / "law/offences/litter.toml"
    file.write_text(LITTER.replace('agency = "urban"', 'agency = "parks"'), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "import guangyue.law.competence"], env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    line = next(n for n, text in enumerate(LITTER.splitlines(), 1) if text.startswith("agency"))
    assert f"law/offences/litter.toml:{line}: unknown: “parks” is no agency" in done.stderr
