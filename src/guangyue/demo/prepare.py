"""Everything that has to be there before the servers start: tables, the pages' files, the city, its map."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["FACES", "STAMP", "NotReadyError", "StoppedError", "each_day", "main", "prepare", "ready", "tokens"]

LABEL = "street simulator"
LOOK = 0.2
"""Seconds between two looks whether we are to end."""
STAMP = "ready.stamp"
"""In the installation's folder: for which program and which database everything was made ready."""
SCOPES = frozenset({"matters:read", "matters:write", "evidence:read", "evidence:write"})
FACES = (("console/", "工作台", "Console"), ("field/", "现场端", "Field app"), ("p/", "市民端", "Portal"))


class NotReadyError(RuntimeError):
    """Something is missing that we cannot make."""


def ready(folder: Path) -> bool:
    """Whether everything is as `prepare` last left it, by this very program: then there is nothing to prepare."""
    mark = folder / STAMP
    stamp = _stamp(folder)
    return bool(stamp) and mark.exists() and mark.read_text("utf-8") == stamp and (folder / "map").is_dir()


def _stamp(folder: Path) -> str:
    """What the tables and the pages' files depend on; nothing where the database is not the private one."""
    from importlib.metadata import version

    import guangyue

    control = folder / "postgres" / "global" / "pg_control"
    if os.environ.get("DATABASE_URL") or not control.exists():
        return ""
    package = Path(guangyue.__file__).parent
    wanted = [*package.rglob("migrations/*.py"), *package.rglob("sql/*.sql"), *_static(package)]
    wanted += (package / "demo" / "city").glob("*.py")
    newest = max((f.stat().st_mtime_ns for f in wanted), default=0)
    with control.open("rb") as file:
        database = file.read(8).hex()  # the identity that initdb gave it
    return f"{guangyue.__version__} {version('django')} {version('django-allauth')} {len(wanted)} {newest} {database}"


class StoppedError(RuntimeError):
    """Somebody asked us to end while a step ran; what was begun is not there, and the next start makes it anew."""


def prepare(folder: Path, say: Callable[[str], None], stop: Callable[[], bool] = lambda: False) -> None:
    """Bring an installation's folder and database to what this version needs; quick when nothing is missing.

    Args:
        folder: the installation's own (``GUANGYUE_HOME``); its database runs.
        say: told before each step that takes time.
        stop: asked while a step runs; a true answer ends it.

    Raises:
        NotReadyError: the front end was never built, or a step failed.
        StoppedError: ``stop`` said so.
    """
    import django

    django.setup()
    from django.db import connections

    try:
        if _behind():
            say("the records' tables")
            _run(folder, stop, "-m", "guangyue", "db", "migrate")
        _collect(folder, say, stop)
        from guangyue.demo.city import demo_city
        from guangyue.demo.city.layers import LAYERS, write_layers
        from guangyue.demo.city.load import is_loaded
        from guangyue.demo.city.staff import STAFF

        if not is_loaded():
            say(f"the demo city: 20,000 residents, 8 counties, {len(STAFF)} people in office")
            _run(folder, stop, "-m", "guangyue", "demo", "load")
        if not all((folder / "map" / f"{name}.geojson").exists() for name in LAYERS):
            write_layers(demo_city(), folder / "map")
        (folder / STAMP).write_text(_stamp(folder), "utf-8")
    finally:
        connections.close_all()


def each_day() -> None:
    """What every start does, however ready all is: somebody is on duty today."""
    import django

    django.setup()
    from django.db import connections

    from guangyue.demo.city.duty import post_duty

    try:
        post_duty()
    finally:
        connections.close_all()


def tokens(logins: Iterable[str]) -> dict[str, str]:
    """API tokens of demo accounts for simulators, good for a day; the ones of earlier starts end."""
    from datetime import timedelta

    from django.db import connections

    from guangyue.city import clock
    from guangyue.city.accounts.tokens import issue_token, revoke_token
    from guangyue.city.models import Account, ApiToken

    try:
        for old in ApiToken.objects.filter(label=LABEL, revoked_at=None):
            revoke_token(old)
        until = clock.now() + timedelta(days=1)
        found = Account.objects.filter(username__in=list(logins))
        return {account.username: issue_token(account, LABEL, SCOPES, until)[1] for account in found}
    finally:
        connections.close_all()


def main() -> int:
    """The first step of a demonstration: ``python -m guangyue.demo.prepare``; the exit status."""
    from guangyue.records.postgres.private import cluster, home
    from guangyue.records.postgres.private import prepare as roles
    from guangyue.serve.house import MISCONFIGURED

    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    if not os.environ.get("DATABASE_URL"):
        roles(cluster())
    try:
        if not ready(home()):
            prepare(home(), lambda what: print(f"· {what}", file=sys.stderr), lambda: bool(told))  # noqa: T201 - told to whoever waits
    except StoppedError:
        return 1
    except NotReadyError as why:
        print(why, file=sys.stderr)  # noqa: T201 - likewise
        return MISCONFIGURED
    return 0


def _behind() -> bool:
    """Whether a migration is still to be applied."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _static(package: Path) -> list[Path]:
    return sorted(f for part in ("web", "demo") for f in (package / part / "static").rglob("*"))


def _collect(folder: Path, say: Callable[[str], None], stop: Callable[[], bool]) -> None:
    """Gathers the static files once per version of the package and of the built front end."""
    import guangyue

    package = Path(guangyue.__file__).parent
    if not (package / "web" / "static" / "guangyue" / "base.js").exists():
        raise NotReadyError("The front end is not built: run `make setup` in a source checkout.")
    files = _static(package)
    stamp = f"{guangyue.__version__} {max((f.stat().st_mtime_ns for f in files), default=0)} {len(files)}"
    mark = folder / "static.stamp"
    if mark.exists() and mark.read_text() == stamp:
        return
    say("the pages' files")
    _run(folder, stop, "-m", "django", "collectstatic", "--noinput", "--clear", "--verbosity=0")
    mark.write_text(stamp)


def _run(folder: Path, stop: Callable[[], bool], *arguments: str) -> None:
    """One of our own programs, in a session of its own: Ctrl-C reaches us alone, and we end it in order."""
    log = folder / "prepare.log"
    with log.open("wb") as said:
        step = subprocess.Popen([sys.executable, *arguments], stdout=said, stderr=said, start_new_session=True)
        while step.poll() is None:
            try:
                step.wait(timeout=LOOK)
            except subprocess.TimeoutExpired:
                if stop():
                    step.terminate()
                    step.wait()
                    raise StoppedError(arguments[-1]) from None
    if step.returncode:
        lines = log.read_text("utf-8", "replace").strip().splitlines() or ["nothing was said"]
        raise NotReadyError(
            f"This step failed: {' '.join(arguments[1:])}\n  {lines[-1]}\nAll it said stands in {log}.\n"
            f"If the folder was made by another version, move it away and start again: {folder}"
        )


if __name__ == "__main__":
    sys.exit(main())
