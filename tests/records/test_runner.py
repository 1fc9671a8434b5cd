"""``guangyue runner``: clocks fire, messages leave, seals are made; it ends when told, and a broken part comes back."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time

import psycopg
import pytest
from tests.records.parking import START, set_clock

from guangyue.records.supervise import Supervisor


def until(holds, seconds=20):
    """Wait for something another process does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


def test_a_part_that_fails_begins_again_and_others_do_not_notice():
    tries, steady = [], threading.Event()

    def broken(stop):
        tries.append(1)
        if len(tries) < 3:
            raise OSError("lost")
        stop.wait()

    def sound(stop):
        steady.set()
        stop.wait()

    supervisor = Supervisor({"broken": broken, "sound": sound}, shortest=0.01)
    supervisor.start()
    until(lambda: len(tries) == 3 and steady.is_set())
    assert supervisor.failures == {"broken": 2, "sound": 0}
    assert supervisor.end() == []


def test_a_part_that_does_not_end_is_named():
    held = threading.Event()
    supervisor = Supervisor({"stubborn": lambda stop: held.wait(10)})
    supervisor.start()
    assert supervisor.end(grace=0.05) == ["stubborn"]
    held.set()


@pytest.mark.database
def test_the_command_fires_seals_and_ends_cleanly(city_database):
    """As a user runs it, on the real parking procedure, killed by nothing but Ctrl-C."""
    from guangyue.desks.streets.procedures.parking import PARKING
    from guangyue.kernel import Actor, Command, Piece
    from guangyue.records.commands import Done, Order, execute_on
    from guangyue.records.library import Library

    library = Library()
    library.register(PARKING)
    with psycopg.connect(city_database.app, autocommit=True) as db:
        set_clock(db, START, rate=1)
        now = db.execute("select city_now()").fetchone()[0]
        photo = Piece(set="first", sha256="a" * 64, taken_at=now, panorama=True, plate_legible=True, located=True)
        values = {"plate": "鲁P12345", "street": "柳园路", "place": [115_980_000, 36_450_000], "place_type": "road"}
        officer = Actor(id="account:1", roles=frozenset({"urban_officer"}), agency="urban", level="station", unit="u1")
        opening = Command(act="record", received_at=now, values=values, evidence=(photo,))
        done = execute_on(db, Order(command=opening, actor=officer, procedure=PARKING.code), library)
        assert isinstance(done, Done), done
        command = [sys.executable, "-m", "guangyue.cli", "runner", "--seal-every", "0.3"]
        runner = subprocess.Popen(
            command, env=city_database.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            assert "Ctrl-C ends it" in runner.stdout.readline()
            set_clock(db, START.replace(hour=9), rate=1)
            until(lambda: db.execute("select state from matter").fetchone() == ("unreached",))
            until(lambda: db.execute("select count(*) from seal").fetchone()[0] >= 1)
        except AssertionError as error:
            runner.kill()
            error.add_note("".join(runner.communicate(timeout=30)))
            raise
        finally:
            runner.send_signal(signal.SIGINT)
            out, err = runner.communicate(timeout=30)
        assert runner.returncode == 0, err
        assert "everything has ended" in out
        assert "Traceback" not in err
