"""The supervisor with small programs instead of the product: hangs, crash loops, orphans; quick, and with real processes."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from tests.installation import ROOT

from guangyue.serve.birth import ORPHANED
from guangyue.serve.processes import LISTENER
from guangyue.serve.state import read_state

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's promise is Linux's")
LIVES = """
import os, sys, time
from guangyue.serve.pulse import Pulse
pulse = Pulse()
while True:
    pulse.beat(pid=os.getpid())
    time.sleep(0.05)
"""
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n{LIVES}"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{LIVES}"
FAILS = "import sys; sys.exit(3)"
HOUSE = """
import json, sys
from pathlib import Path
from guangyue.serve.keeping import Patience, Program
from guangyue.serve.processes import LISTENER
from guangyue.serve.state import StateFile
from guangyue.serve.supervisor import Supervisor
folder = Path(sys.argv[1])
patience = Patience(ready=20, silent=1.0, end=1.0, first=0.05, longest=0.4)
programs = [
    Program(name=name, command=(sys.executable, "-c", text), pulse=True, patience=patience, log=folder / f"{name}.log")
    for name, text in json.loads(sys.argv[2]).items()
]
with Supervisor(programs, state=StateFile(folder)) as supervisor:
    supervisor.run()
"""


@pytest.fixture
def house(tmp_path):
    started = []

    def start(**programs: str) -> subprocess.Popen:
        environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        with (tmp_path / "house.log").open("ab") as log:
            started.append(
                subprocess.Popen(
                    [sys.executable, "-c", HOUSE, tmp_path, json.dumps(programs)],
                    env=environment,
                    stdout=log,
                    stderr=log,
                )
            )
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()


def until(found, what=""):
    end = time.monotonic() + 60
    while not (got := found()):
        assert time.monotonic() < end, what or "waited in vain"
        time.sleep(0.02)
    return got


def standing(folder, name):
    state = read_state(folder)
    return next((p for p in state.programs if p.key == name), None) if state else None


def ready(folder, name):
    found = standing(folder, name)
    return found if found is not None and found.phase == "ready" else None


def gone(pid) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    return True


def test_one_that_hangs_is_found_and_replaced(house, tmp_path):
    house(web=LIVES)
    first = until(lambda: ready(tmp_path, "web"))
    os.kill(first.pid, signal.SIGSTOP)
    second = until(lambda: (f := ready(tmp_path, "web")) and f.pid != first.pid and f)
    assert second.starts == 2
    assert gone(first.pid)


def test_one_that_fails_again_and_again_does_not_take_the_others_with_it(house, tmp_path):
    house(bad=FAILS, good=LIVES)
    good = until(lambda: ready(tmp_path, "good"))
    bad = until(lambda: (f := standing(tmp_path, "bad")) and f.failures >= 6 and f)
    assert bad.last_end in {"exit 3", ""}
    assert ready(tmp_path, "good").pid == good.pid
    said = (tmp_path / "house.log").read_text()
    assert "program.will_not_stay_up" in said


def test_a_killed_supervisor_takes_everybody_along(house, tmp_path):
    top = house(web=LIVES, stubborn=STUBBORN)
    pids = [until(lambda name=name: ready(tmp_path, name)).pid for name in ("web", "stubborn")]
    top.kill()
    top.wait()
    for pid in pids:
        until(lambda pid=pid: gone(pid), "an orphan")


def test_systemd_is_told_of_readiness_life_and_the_end(house, tmp_path, monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(30)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        top = house(web=LIVES)
        said = ""
        while "READY=1" not in said:
            said = ear.recv(500).decode()
        assert "WATCHDOG=1" in said
        assert "1 of 1 ready" in said
        top.terminate()
        while "STOPPING=1" not in said:
            said = ear.recv(500).decode()
        assert top.wait(timeout=30) == 0


def test_what_a_program_started_itself_ends_with_it(house, tmp_path):
    house(parent=PARENT)
    parent = until(lambda: ready(tmp_path, "parent"))
    child = int(until(lambda: Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split())[0])
    os.kill(parent.pid, signal.SIGKILL)
    until(lambda: gone(child), "a child of a child stayed")


def test_the_stubborn_are_killed_after_the_deadline_and_the_end_is_clean(house, tmp_path):
    top = house(web=LIVES, stubborn=STUBBORN)
    for name in ("web", "stubborn"):
        until(lambda name=name: ready(tmp_path, name))
    top.terminate()
    assert top.wait(timeout=30) == 0
    assert read_state(tmp_path) is None
    assert "did not end in time" in (tmp_path / "house.log").read_text()


def test_who_is_born_after_its_parent_died_ends_itself(tmp_path):
    script = ROOT / "src" / "guangyue" / "serve" / "birth.py"
    somebody_else = str(os.getppid())
    command = [sys.executable, "-I", "-S", script, somebody_else, "9", sys.executable, "-c", "print('lives')"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == ORPHANED
    assert done.stdout == ""


APPLICATION = """
import os

async def application(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"%d" % os.getpid()})
"""


def test_a_worker_that_ends_under_a_crowd_refuses_nobody(tmp_path):
    (tmp_path / "crowd.py").write_text(APPLICATION)
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    listener.setblocking(False)
    port, door = listener.getsockname()[1], listener.fileno()
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{tmp_path}", LISTENER: str(door),
    }  # fmt: skip
    command = [sys.executable, "-m", "guangyue.serve.worker", "crowd:application"]
    workers = [subprocess.Popen(command, env=environment, pass_fds=[door], cwd=tmp_path) for _ in range(3)]
    stop, good, wrong = threading.Event(), [], []

    def knock() -> None:
        while not stop.is_set():
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            try:
                line.request("GET", "/")
                good.append(int(line.getresponse().read()))
            except (OSError, http.client.HTTPException) as why:
                wrong.append(repr(why))
            finally:
                line.close()

    crowd = [threading.Thread(target=knock) for _ in range(4)]
    for one in crowd:
        one.start()
    try:
        for worker in workers[:2]:  # the last one stays
            until(lambda pid=worker.pid: len(good) > 50 and pid in good, "a worker answered nobody")
            good.clear()
            worker.terminate()
            assert worker.wait(timeout=30) == 0
        until(lambda: len(good) > 50)
    finally:
        stop.set()
        for one in crowd:
            one.join()
        for worker in workers:
            worker.terminate()
            worker.wait()
        listener.close()
    assert wrong == []
