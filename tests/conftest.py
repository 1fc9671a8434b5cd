"""What every test shares: one private PostgreSQL per session under a temporary folder.

The environment is prepared before Django reads its settings. The cluster starts with the first test that needs a
database; under pytest-xdist all workers share it, each with databases of its own, and the controller ends it.

* ``db`` and ``transactional_db`` are pytest-django's, on a migrated database, as superuser.
* ``city_database`` is a fresh migrated database for tests with several processes or connections; its ``app`` DSN is the
  role that production uses, which may not touch the journal.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

_LENT = os.environ.get("GUANGYUE_TEST_HOME")
_HOME = Path(_LENT or tempfile.mkdtemp(prefix="guangyue-test-"))
os.environ["GUANGYUE_TEST_HOME"] = str(_HOME)  # handed on to the workers of pytest-xdist
os.environ["GUANGYUE_HOME"] = str(_HOME)
(_HOME / "static").mkdir(exist_ok=True)  # where collected files would lie
os.environ["DJANGO_SETTINGS_MODULE"] = "guangyue.web.settings"
for _name in ("DATABASE_URL", "DATABASE_OWNER_URL", "GUANGYUE_ENV"):
    os.environ.pop(_name, None)

import django  # noqa: E402 - after the environment
from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402

from guangyue.records.postgres import APP_ROLE, OWNER_ROLE, BinariesMissingError, Cluster  # noqa: E402
from guangyue.records.postgres.private import prepare  # noqa: E402

settings.DATABASES["default"] |= {"USER": "postgres", "CONN_MAX_AGE": 0}
settings.GUANGYUE_METRICS = _HOME / "run" / f"metrics-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
django.setup()

FAST = {"fsync": "off", "full_page_writes": "off", "autovacuum_naptime": "5s"}
"""A killed program loses nothing without fsync; only a power cut would."""


def _cluster() -> Cluster:
    return Cluster(_HOME / "postgres", settings=FAST)


SLOWEST = (
    "faults/test_simulate.py", "engines/fraud/lab/test_commands.py", "faults/test_kill.py", "faults/test_races.py",
    "web/test_fuzz.py", "web/test_authz.py", "browser/test_console.py", "records/test_backup.py", "records/test_migrations.py",
    "faults/test_serve.py", "records/test_kill.py", "faults/test_powerloss.py", "engines/fraud/test_headline.py",
    "engines/fraud/lab/test_evaluate.py",
)  # fmt: skip
"""Files that take a minute or more come first, so that no worker ends with one of them while the other has nothing. The
first of the fraud lab has the engine compiled; those that need it too come when that is done and kept."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slowest files first; everything else as it was found."""
    tests = Path(__file__).parent
    rank = {tests / name: n for n, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: rank.get(item.path, len(SLOWEST)))


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that made the folder ends the cluster and clears up."""
    if _LENT:
        return
    if (_HOME / "postgres" / "PG_VERSION").exists():
        _cluster().stop("immediate")
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Cluster:
    """The session's running cluster."""
    try:
        cluster = _cluster()
    except BinariesMissingError as why:
        pytest.skip(str(why))
    with (_HOME / "test.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        cluster.start()
        prepare(cluster)
    return cluster


@pytest.fixture(autouse=True)
def _nobody_has_knocked_yet() -> None:
    """Sign-ins of one address are counted in the process: those of the tests before are not this one's."""
    cache.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: Cluster, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """pytest-django makes its test database on the session's cluster."""


@dataclass(frozen=True, slots=True)
class CityDatabase:
    """A migrated database of its own: its name and how to reach it as each role."""

    name: str
    app: str
    owner: str
    superuser: str
    home: Path

    def environment(self) -> dict[str, str]:
        """The environment of a `guangyue` process that works on this database."""
        source = str(Path(__file__).parents[1] / "src")
        return os.environ | {
            "DATABASE_URL": self.app,
            "DATABASE_OWNER_URL": self.owner,
            "GUANGYUE_HOME": str(self.home),
            "PYTHONPATH": source,
        }


_numbers = count(1)


def _reachable(cluster: Cluster, name: str, home: Path) -> CityDatabase:
    return CityDatabase(
        name,
        app=cluster.dsn(name, APP_ROLE),
        owner=cluster.dsn(name, OWNER_ROLE),
        superuser=cluster.dsn(name),
        home=home,
    )


@pytest.fixture(scope="session")
def city_template(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> CityDatabase:
    """Migrated once by the command that installations use; copied for each test that asks."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    made = _reachable(postgres, f"template_{worker}", tmp_path_factory.mktemp("home"))
    prepare(postgres, made.name)
    done = subprocess.run(
        [sys.executable, "-m", "guangyue.cli", "db", "migrate"],
        env=made.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture
def city_database(postgres: Cluster, city_template: CityDatabase, tmp_path: Path) -> CityDatabase:
    """A fresh migrated database that belongs to this test alone."""
    return _copied(postgres, city_template, tmp_path)


@pytest.fixture(scope="module")
def module_database(
    postgres: Cluster, city_template: CityDatabase, tmp_path_factory: pytest.TempPathFactory
) -> CityDatabase:
    """The same for all tests of a module, which leave it as they found it or do not mind each other."""
    return _copied(postgres, city_template, tmp_path_factory.mktemp("city"))


def _copied(cluster: Cluster, template: CityDatabase, home: Path) -> CityDatabase:
    import psycopg

    name = f"{template.name.replace('template', 'city')}_{next(_numbers)}"
    with psycopg.connect(cluster.dsn(), autocommit=True) as db:
        db.execute(f'create database "{name}" template "{template.name}" owner "{OWNER_ROLE}"')
    return _reachable(cluster, name, home)
