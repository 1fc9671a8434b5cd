"""Starting the demonstration: nothing is prepared twice, nothing is skipped that has changed, and refusals say what to do."""

from __future__ import annotations

from types import SimpleNamespace

import click
import pytest

from guangyue.cli import demo as command
from guangyue.demo import prepare as module
from guangyue.demo.prepare import STAMP, ready


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


def test_who_ends_it_while_it_starts_does_not_wait_for_the_server():
    idle = SimpleNamespace(check=lambda: None)
    with pytest.raises(command.EndAskedError):
        command._await(idle, SimpleNamespace(tail=str), "http://127.0.0.1:9/", [2])
