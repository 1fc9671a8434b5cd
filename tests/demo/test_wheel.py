"""The wheel in a clean environment without Node: `guangyue demo` runs, faces answer, papers are drawn, extras are named."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from tests.installation import free_port

pytestmark = [pytest.mark.long, pytest.mark.database, pytest.mark.timeout(900)]
ROOT = Path(__file__).parents[2]
SLIP = """
import django
django.setup()
from datetime import datetime, timedelta
from guangyue.law import CITY, Text
from guangyue.records.papers import Issued, pdf_of
from guangyue.records.papers.draw import FONTS
assert any(FONTS.glob("*.ttf")), "the papers' fonts are not in the wheel"
at = datetime(2026, 11, 22, 9, 41, tzinfo=CITY)
number = "TS-UM-D1-20261122-0001"
paper = Issued(code="slip", title=Text("违法停车提示单", "Parking reminder slip"), number=number,
    facts={"plate": "鲁P12345", "street": "柳园路12号"}, fields={}, issued_at=at, opened_at=at - timedelta(minutes=12),
    procedure="streets.parking", law=Text("", ""), unit="一中队", agency="城管局", officer="S001",
    verify=f"https://city.example/verify/{number}.7KQ2M9XB")
assert pdf_of(paper).pdf.startswith(b"%PDF")
from guangyue.web.plates import ReaderMissingError, installed, read_plates
assert not installed()
try:
    read_plates(b"")
except ReaderMissingError as said:
    print("plates:", said)
"""


def run(*command: str, **more) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """A new environment that holds the wheel and what it asks for, and nothing else in its path."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    if not Path(uv).exists():
        pytest.skip("uv is not here: scripts/setup.sh dev brings it")
    folder = tmp_path_factory.mktemp("wheel")
    run(uv, "build", "--wheel", "--out-dir", str(folder), str(ROOT))
    (wheel,) = folder.glob("*.whl")
    run(uv, "venv", "--python", sys.executable, str(folder / "venv"))
    run(uv, "pip", "install", "--python", str(folder / "venv"), str(wheel))
    return folder


@pytest.fixture
def environment(clean):
    path = f"{clean / 'venv' / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin"
    if any(Path(p, "node").exists() for p in ("/usr/bin", "/bin")):
        path = path.split(os.pathsep, maxsplit=1)[0]
    home = clean / "home"
    return {"PATH": path, "HOME": str(clean), "GUANGYUE_HOME": str(home), "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8"}


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - our own address
            return answer.status
    except urllib.error.HTTPError as answer:
        return answer.code


def group_of(pid: int) -> list[int]:
    """The living processes of a session, and those that its programs have started in sessions of their own."""
    rows = [line.split() for line in run("/bin/ps", "-eo", "pid,ppid").splitlines()[1:]]
    parents = {int(p): int(pp) for p, pp in rows}
    found = [pid]
    for one in found:
        found += [p for p, pp in parents.items() if pp == one]
    return found


def test_the_product_runs_from_the_wheel_and_leaves_nothing_behind(clean, environment):
    port = free_port()
    command = [str(clean / "venv" / "bin" / "guangyue"), "demo", "--port", str(port)]
    said: list[str] = []
    with subprocess.Popen(
        command, cwd=clean, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    ) as program:  # fmt: skip
        for line in program.stdout:
            said.append(line)
            if "Ctrl-C ends everything" in line:
                break
        assert any(f"http://127.0.0.1:{port}/console/" in line for line in said), "".join(said)
        root = f"http://127.0.0.1:{port}/"
        paths = ("", "console/", "field/", "p/", "demo/", "demo/phones", "api/openapi.json", "static/guangyue/base.js")
        assert {p: status(root + p) for p in paths} == dict.fromkeys(paths, 200)
        family = group_of(program.pid)
        assert len(family) > 4, "the server with its workers, the runner, the stand-in"
        again = subprocess.run(command, cwd=clean, env=environment, capture_output=True, text=True, check=False)
        assert again.returncode == 1
        assert root in again.stderr
        program.send_signal(signal.SIGINT)
        rest = program.communicate(timeout=60)[0]
    assert program.returncode == 0
    assert "Everything has ended." in rest
    end = time.monotonic() + 20
    while (left := [p for p in family if Path(f"/proc/{p}").exists()]) and time.monotonic() < end:
        time.sleep(0.1)
    assert left == []


def test_papers_are_drawn_and_what_is_missing_is_named(clean, environment):
    python = str(clean / "venv" / "bin" / "python")
    settings = {"DJANGO_SETTINGS_MODULE": "guangyue.web.settings"}
    assert "guangyue[photos]" in run(python, "-c", SLIP, env=environment | settings, cwd=clean)
    for group, extra in (("fraud", "fraud"), ("patrol", "patrol"), ("roads", "patrol")):
        done = subprocess.run(
            [python, "-m", "guangyue", group, "--help"], env=environment, cwd=clean, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert f"pip install 'guangyue[{extra}]'" in done.stderr
