"""``guangyue serve`` as it is: nothing outlives it, it drains with streams open and uploads under way, it reloads and recovers."""

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

import psycopg
import pytest
from tests.faults.serving import Serving, descendants, serving
from tests.installation import ROOT

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(sys.platform != "linux", reason="the kernel's promise is Linux's"),
]


@pytest.fixture(scope="module")
def house():
    with serving("--web", "2") as made:
        made.start()
        assert made.good("/static/guangyue/base.css"), "files gathered while the workers loaded themselves are served"
        made.people = json.loads(made.run("-m", "bench.web_people", made.cluster.dsn("guangyue")))
        yield made


def alive(pids) -> set[int]:
    return {
        p
        for p in pids
        if Path(f"/proc/{p}").exists() and Path(f"/proc/{p}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    }


def listening(house: Serving) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
    headers = {"Cookie": f"session={house.people['officer0']['session']}", "Accept": "text/event-stream"}
    line.request("GET", "/events", headers=headers)
    answer = line.getresponse()
    assert answer.status == 200
    assert answer.readline().startswith(b"retry:")
    return line, answer


def begun_upload(house: Serving, length: int) -> tuple[str, dict[str, str]]:
    headers = {"Authorization": f"Bearer {house.people['officer0']['token']}", "Tus-Resumable": "1.0.0"}
    line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
    line.request("POST", "/evidence/uploads/", b"", headers | {"Upload-Length": str(length)})
    answer = line.getresponse()
    answer.read()
    line.close()
    assert answer.status == 201
    return answer.headers["Location"], headers


class SlowUpload(threading.Thread):
    """Half of a part now, the rest when told to."""

    def __init__(self, house: Serving, length: int = 4000) -> None:
        super().__init__()
        self.go, self.under_way, self.length, self.answer = threading.Event(), threading.Event(), length, b""
        place, headers = begun_upload(house, 2 * length)
        said = headers | {
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(length),
        }
        head = "".join(f"{k}: {v}\r\n" for k, v in said.items())
        self._line = socket.create_connection(("127.0.0.1", house.port), timeout=60)
        self._line.sendall(f"PATCH {place} HTTP/1.1\r\nHost: localhost\r\n{head}\r\n".encode() + b"x" * (length // 2))
        self.start()

    def run(self) -> None:
        self.go.wait(60)
        with self._line, suppress(ConnectionError):
            self._line.sendall(b"x" * (self.length - self.length // 2))
            self.answer = self._line.recv(4000)


def test_nothing_outlives_a_supervisor_that_is_killed_and_the_next_one_recovers(house):
    was = descendants(house.pid)
    assert len(was) >= 8, "workers, runner, PostgreSQL and its own"
    with psycopg.connect(house.cluster.dsn("guangyue"), autocommit=True) as db:
        db.execute("create table kept (n int)")
        db.execute("insert into kept values (7)")
    house.kill()
    end = time.monotonic() + 20
    while alive(was) and time.monotonic() < end:
        time.sleep(0.01)
    assert alive(was) == set()
    house.start()
    with psycopg.connect(house.cluster.dsn("guangyue")) as db:
        assert db.execute("select count(*) from kept where n = 7").fetchone()[0] == 1
        db.execute("drop table kept")
    assert "database system was not properly shut down" in (house.home / "postgres" / "server.log").read_text()


@pytest.mark.long
def test_a_reload_replaces_every_worker_and_refuses_nobody(house):
    before = {name: house.pid_of(name) for name in ("web-1", "web-2", "runner")}
    stop, wrong, good = threading.Event(), [], []

    def knock() -> None:
        while not stop.is_set():
            (good if house.good("/health/live") else wrong).append(time.monotonic())

    knocking = threading.Thread(target=knock)
    knocking.start()
    house.signal(signal.SIGHUP)
    house.until(lambda: all(house.pid_of(n) not in {None, p} for n, p in before.items()) and house.state().up)
    stop.set()
    knocking.join()
    assert not wrong
    assert good
    house.until(lambda: alive(before.values()) == set())


def test_each_part_that_is_killed_comes_back(house):
    for name in ("web-1", "runner", "postgres"):
        before = house.pid_of(name)
        os.kill(before, signal.SIGKILL)
        house.until(lambda name=name, before=before: house.pid_of(name) not in {None, before} and house.state().up)
        house.until(house.good)
        standing = next(p for p in house.state().programs if p.key.startswith(name))
        assert standing.last_end == "" or "SIGKILL" in standing.last_end
        assert standing.starts >= 2


def test_one_installation_has_one_supervisor_and_commands_leave_its_database_alone(house):
    second = subprocess.run(
        [sys.executable, "-m", "guangyue", "serve", "--listen", "127.0.0.1:0"],
        cwd=ROOT, env=house.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert "served already" in second.stderr
    server = house.pid_of("postgres")
    assert "guangyue" in house.run("-m", "guangyue", "journal", "--help")
    house.run("-m", "guangyue", "db", "migrate")
    assert house.pid_of("postgres") == server
    assert house.good()


def test_the_end_waits_for_an_upload_and_closes_the_streams(house):
    streams = [listening(house) for _ in range(6)]
    slow = SlowUpload(house)
    house.run("-m", "guangyue", "serve", "status")
    was = descendants(house.pid)
    house.signal(signal.SIGTERM)
    for line, answer in streams:  # each is told when to come back, and ended, while the upload is still going on
        rest = answer.read()
        line.close()
        assert b"retry:" in rest
    assert house._process.poll() is None
    slow.go.set()
    slow.join()
    assert slow.answer.startswith(b"HTTP/1.1 204"), slow.answer
    assert b"upload-offset: 4000" in slow.answer.lower()
    assert house.wait() == 0
    assert alive(was) == set()
    assert "did not end in time" not in house.said()
    house.start()


def test_who_does_not_finish_is_cut_off_by_a_second_signal(house):
    slow = SlowUpload(house)
    house.signal(signal.SIGTERM)
    house.until(lambda: house.state().ending)
    began = time.monotonic()
    house.signal(signal.SIGTERM)
    assert house.wait() == 0
    assert time.monotonic() - began < 20, "not the whole patience"
    slow.go.set()
    slow.join()
    assert not slow.answer, "it was cut off, and told nothing"
