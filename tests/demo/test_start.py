"""Starting the demonstration: nothing is prepared twice, nothing is skipped that has changed, and refusals say what to do."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace

import click
import pytest

from guangyue.cli import demo as command
from guangyue.demo import prepare as module
from guangyue.demo.prepare import STAMP, ready
from guangyue.demo.simulators.client import Client, NoAnswerError
from guangyue.serve.house import House
from guangyue.serve.programs import web_workers


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "postgres" / "global").mkdir(parents=True)
    (tmp_path / "postgres" / "global" / "pg_control").write_bytes(b"12345678" + b"x" * 100)
    (tmp_path / "map").mkdir()
    (tmp_path / STAMP).write_text(module._stamp(tmp_path))
    return tmp_path


def test_what_was_prepared_by_this_program_is_ready(folder):
    assert ready(folder)


@pytest.mark.parametrize("change", ["database", "elsewhere", "stamp", "map", "newer"])
def test_whatever_changed_is_prepared_anew(folder, monkeypatch, change):
    match change:
        case "database":
            (folder / "postgres" / "global" / "pg_control").write_bytes(b"another!" + b"x" * 100)
        case "elsewhere":
            monkeypatch.setenv("DATABASE_URL", "postgresql://db/guangyue")
        case "stamp":
            (folder / STAMP).unlink()
        case "map":
            (folder / "map").rmdir()
        case "newer":
            monkeypatch.setattr("guangyue.__version__", "99")
    assert not ready(folder)


def test_an_empty_folder_is_not_ready(tmp_path):
    assert not ready(tmp_path)


def test_a_second_one_in_the_same_folder_is_told_where_the_first_one_is(tmp_path):
    with command._alone(tmp_path / "new") as mark:
        mark.write("http://127.0.0.1:8123/")
        mark.flush()
        with pytest.raises(click.ClickException, match=r"http://127\.0\.0\.1:8123/"), command._alone(tmp_path / "new"):
            pass
    with command._alone(tmp_path / "new"):
        assert (tmp_path / "new" / "demo.lock").stat().st_size == 0


def test_a_folder_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(click.ClickException, match="GUANGYUE_HOME"), command._alone(tmp_path / "file"):
        pass


def test_a_step_of_preparing_is_ended_when_somebody_asks(tmp_path):
    asked = iter([False, True])
    with pytest.raises(module.StoppedError):
        module._run(tmp_path, lambda: next(asked), "-c", "import time; time.sleep(600)")


def test_a_step_that_fails_says_why_and_what_to_do(tmp_path):
    with pytest.raises(module.NotReadyError, match=r"(?s)no disk left.*prepare\.log.*move it away"):
        module._run(tmp_path, lambda: False, "-c", "raise SystemExit('no disk left')")


def test_a_simulator_without_a_server_says_so():
    with pytest.raises(NoAnswerError):
        Client("http://127.0.0.1:9/", "token").matter("1")


def test_a_program_that_does_not_come_up_is_named_with_its_last_words(tmp_path):
    (tmp_path / "web.log").write_text("starting\nno port\n")
    (web,) = web_workers(1, log=tmp_path / "web.log")
    house = House([web], Random(1))
    supervisor = SimpleNamespace(house=house)
    keeper = house.keepers["web-1"]
    keeper.failures, keeper.last_end = command.STUBBORN - 1, "exit 1"
    assert command._stubborn(supervisor, tmp_path) == ""
    keeper.failures += 1
    assert command._stubborn(supervisor, tmp_path).endswith("web-1 does not come up (exit 1):\nstarting\nno port")
