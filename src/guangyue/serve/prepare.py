"""The first step of a start: ``python -m guangyue.serve.prepare [--migrate]``.

Makes the roles and tables of a private database that is new, gathers the pages' files, and refuses to go on with tables
of another version unless it was told to bring them to this one: an upgrade of a city's records is somebody's decision.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path

__all__ = ["STAMP", "applied_to", "behind", "collect", "collected", "main", "ready", "stamp"]


def behind() -> tuple[int, bool]:
    """How many migrations are still to be applied, and whether none ever was."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return len(plan), not executor.loader.applied_migrations


def _files() -> list[Path]:
    import guangyue

    package = Path(guangyue.__file__).parent
    return sorted(f for part in ("web", "demo") for f in (package / part / "static").rglob("*"))


def _stamp() -> str:
    import guangyue

    files = _files()
    return f"{guangyue.__version__} {max((f.stat().st_mtime_ns for f in files), default=0)} {len(files)}"


STAMP = "serve.stamp"
"""In the installation's folder: for which program, and which state of the private database, all was made ready."""


def ready(folder: Path, applied: str) -> bool:
    """Whether all is as this very program left it, seen without loading the product."""
    mark = folder / STAMP
    return mark.exists() and mark.read_text("utf-8") == stamp(applied)


def stamp(applied: str) -> str:
    """What tables and files depend on: the program's own files, its libraries, and what the database was brought to."""
    import guangyue

    package = Path(guangyue.__file__).parent
    wanted = sorted([*package.rglob("migrations/*.py"), *package.rglob("sql/*.sql")])
    newest = max((f.stat().st_mtime_ns for f in wanted), default=0)
    libraries = " ".join(version(name) for name in ("django", "django-allauth"))
    return f"{_stamp()} {libraries} {len(wanted)} {newest} {applied}"


def applied_to(dsn: str) -> str:
    """Which database it is and what was done to its tables last; empty where nothing ever was."""
    import psycopg

    with psycopg.connect(dsn) as db:
        row = db.execute("select to_regclass('django_migrations')::text").fetchone()
        if row is None or row[0] is None:
            return ""
        said = db.execute(
            "select (select oid from pg_database where datname = current_database()), count(*), max(applied)"
            " from django_migrations"
        ).fetchone()
        return " ".join(str(part) for part in said or ())


def collected(folder: Path) -> bool:
    """Whether the pages' files were gathered by this very version."""
    mark = folder / "static.stamp"
    return mark.exists() and mark.read_text() == _stamp()


def collect(folder: Path) -> None:
    """Gather the pages' files."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    (folder / "static.stamp").write_text(_stamp())


def main() -> int:
    """Bring everything to what the programs need; the exit status."""
    from guangyue.records.postgres.private import DATABASE, cluster, home
    from guangyue.records.postgres.private import prepare as roles
    from guangyue.serve.house import MISCONFIGURED

    may = "--migrate" in sys.argv[1:]
    private = not os.environ.get("DATABASE_URL")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guangyue.web.settings")
    if private:
        roles(cluster())
        if ready(home(), applied_to(cluster().dsn(DATABASE))):
            return 0
    # The tables' owner alone may read which migrations there were before the serving role has its rights.
    os.environ["GUANGYUE_DB_ROLE"] = "owner"
    import django

    django.setup()
    left, empty = behind()
    if left and not (may or (empty and private)):
        said = f"The tables are {left} migrations behind this version. Make a backup, then: guangyue db migrate"
        print(said, file=sys.stderr)  # noqa: T201 - for whoever started us
        return MISCONFIGURED
    if left:
        from django.core.management import call_command
        from django.db import connection

        from guangyue.records.grants import grant
        from guangyue.records.installation import mark

        call_command("migrate", interactive=False, verbosity=1)
        grant(connection, os.environ.get("DATABASE_APP_ROLE") or "guangyue")
        mark(connection)
    if not collected(home()):
        collect(home())
    if private:
        (home() / STAMP).write_text(stamp(applied_to(cluster().dsn(DATABASE))), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
