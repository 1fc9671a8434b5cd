"""Everything that has to be there before the servers start: tables, the pages' files, the city, its map."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["NotReadyError", "addresses", "prepare", "tokens"]

LABEL = "street simulator"
SCOPES = frozenset({"matters:read", "matters:write", "evidence:read", "evidence:write"})
FACES = (("console/", "工作台", "Console"), ("field/", "现场端", "Field app"), ("p/", "市民端", "Portal"))


class NotReadyError(RuntimeError):
    """Something is missing that we cannot make."""


def prepare(folder: Path, say: Callable[[str], None]) -> None:
    """Bring an installation's folder and database to what this version needs; quick when nothing is missing.

    Args:
        folder: the installation's own (``GUANGYUE_HOME``); its database runs.
        say: told before each step that takes time.

    Raises:
        NotReadyError: the front end was never built, or a step failed.
    """
    import django

    django.setup()
    from django.db import connections

    try:
        if _behind():
            say("the records' tables")
            _run("-m", "guangyue", "db", "migrate")
        _collect(folder, say)
        from guangyue.demo.city import demo_city
        from guangyue.demo.city.duty import post_duty
        from guangyue.demo.city.layers import LAYERS, write_layers
        from guangyue.demo.city.load import is_loaded, load
        from guangyue.demo.city.staff import STAFF

        if not is_loaded():
            say(f"the demo city: 20,000 residents, 8 counties, {len(STAFF)} people in office")
            load()
        post_duty()
        if not all((folder / "map" / f"{name}.geojson").exists() for name in LAYERS):
            write_layers(demo_city(), folder / "map")
    finally:
        connections.close_all()


def addresses(root: str) -> list[tuple[str, str, str]]:
    """The faces this build has: address, Chinese and English name."""
    from django.urls import Resolver404, resolve

    found = []
    for path, zh, en in FACES:
        try:
            resolve(f"/{path}")
        except Resolver404:
            continue
        found.append((root + path, zh, en))
    return found


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


def _behind() -> bool:
    """Whether a migration is still to be applied."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _collect(folder: Path, say: Callable[[str], None]) -> None:
    """Gathers the static files once per version of the package and of the built front end."""
    import guangyue

    package = Path(guangyue.__file__).parent
    if not (package / "web" / "static" / "guangyue" / "base.js").exists():
        raise NotReadyError("The front end is not built: run `make setup` in a source checkout.")
    files = sorted(f for part in ("web", "demo") for f in (package / part / "static").rglob("*"))
    stamp = f"{guangyue.__version__} {max((f.stat().st_mtime_ns for f in files), default=0)} {len(files)}"
    mark = folder / "static.stamp"
    if mark.exists() and mark.read_text() == stamp:
        return
    say("the pages' files")
    _run("-m", "django", "collectstatic", "--noinput", "--clear", "--verbosity=0")
    mark.write_text(stamp)


def _run(*arguments: str) -> None:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotReadyError(done.stderr.strip() or done.stdout.strip())
