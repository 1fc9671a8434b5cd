"""An offence type by one file of data: what the file says binds at once. Its pages are looked at in ``tests/web``."""

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


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The package, without what is built for the browser."""
    where = tmp_path_factory.mktemp("copy")
    shutil.copytree(
        ROOT / "src" / "guangyue", where / "guangyue", ignore=shutil.ignore_patterns("node_modules", "__pycache__")
    )
    (where / "guangyue/law/offences/litter.toml").write_text(LITTER, encoding="utf-8")
    return where


PLAYED = """
import json
from tests.kernel.stage import photo
from tests.streets import people as who

who.WHERE["streets.litter"] = {"offence": "littering", "place_type": "public_ground"}
on = who.stage()
id_ = who.record(on, who.LI, "streets.litter")
who.told(on, who.LI, id_, fine=300_00)
asked = {"values": {"fine": 301_00, "party_signed": "signed"}, **who.together(who.LI)}
said = [r.text.zh for r in on.refused(who.LI, "fine_on_spot", id_, **asked).reasons]
wrong = [r.text.zh for r in on.refused(who.WANG, "file", id_, values={**who.PARTY_IS, "facts": "x"}).reasons]
gap = who.record(on, who.LI, "streets.litter", place_type="residential")
told = {**who.PARTY_IS, "facts": "x", "measure": "warning"}
where = [r.text.zh for r in on.refused(who.LI, "tell", gap, values=told, **who.together(who.LI)).reasons]
from guangyue.law.competence import Offence
print(json.dumps([said, wrong, where, Offence.LITTERING.value]))
"""


def test_what_a_file_says_binds_at_once(copy):
    """Band, ladder, agency and gap of a type that no line of code knows."""
    done = subprocess.run(
        [sys.executable, "-c", PLAYED], env=os.environ | {"PYTHONPATH": f"{copy}{os.pathsep}{ROOT}"}, cwd=copy,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    fine, wrong, gap, code = json.loads(done.stdout.splitlines()[-1])
    assert "罚款301元不在50元至300元之间。" in fine
    assert any("责令限期改正" in text for text in fine)
    assert any("请移交" in text for text in wrong)
    assert any("管理空白" in text for text in gap)
    assert code == "littering"


def test_a_faulty_file_stops_with_its_line(copy, tmp_path):
    shutil.copytree(copy / "guangyue", tmp_path / "guangyue", ignore=shutil.ignore_patterns("links", "records"))
    file = tmp_path / "guangyue/law/offences/litter.toml"
    file.write_text(
        LITTER.replace('agency = "urban"', 'agency = "parks"').replace("version = 1", "version = 0"), "utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "guangyue", "procedure", "check"], env=os.environ | {"PYTHONPATH": str(tmp_path)}, cwd=tmp_path,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    line = next(n for n, text in enumerate(LITTER.splitlines(), 1) if text.startswith("agency"))
    assert f"law/offences/litter.toml:{line}: unknown: “parks” is no agency" in done.stderr
    assert "versions count from 1" in done.stderr
