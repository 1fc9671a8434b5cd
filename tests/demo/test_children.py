"""The programs of a demonstration: all ended whatever they do, and one that fails is not passed over."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from guangyue.demo import children as module
from guangyue.demo.children import Child, Children, EndedError
from guangyue.demo.simulators.client import Client, NoAnswerError

SLEEPS = "import time; print('here', flush=True); time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(60)"
)


def child(tmp_path, name: str, program: str, **more) -> Child:
    return Child(name, [sys.executable, "-c", program], tmp_path / f"{name}.log", **more)


def until(found) -> None:
    end = time.monotonic() + 20
    while not found() and time.monotonic() < end:
        time.sleep(0.02)
    assert found()


def test_all_are_ended_even_one_that_will_not(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    all_ = Children()
    started = [all_.start(child(tmp_path, "calm", SLEEPS)), all_.start(child(tmp_path, "stubborn", STUBBORN))]
    for one in started:
        until(lambda one=one: "here" in one.tail())
    all_.check()
    all_.end()
    assert not any(one.alive() for one in started)
    assert all(isinstance(one.process, subprocess.Popen) and one.process.returncode is not None for one in started)


def test_one_that_ends_by_itself_is_told_with_its_last_words_unless_it_is_not_needed(tmp_path):
    all_ = Children()
    extra = all_.start(child(tmp_path, "extra", "raise SystemExit(1)", needed=False))
    until(lambda: not extra.alive())
    all_.check()
    broken = all_.start(child(tmp_path, "broken", "raise RuntimeError('no port')"))
    until(lambda: not broken.alive())
    with pytest.raises(EndedError, match="no port"):
        all_.check()
    all_.end()


def test_a_simulator_without_a_server_says_so():
    with pytest.raises(NoAnswerError):
        Client("http://127.0.0.1:9/", "token").matter("1")
