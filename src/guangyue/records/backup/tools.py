"""PostgreSQL's own programs on the database that Django is connected to."""

from __future__ import annotations

import os
import subprocess

from guangyue.records.backup.manifest import BackupError
from guangyue.records.database import Db
from guangyue.records.postgres.binaries import find

__all__ = ["run"]


def run(raw: Db, program: str, *arguments: str) -> None:
    """Runs ``pg_dump`` or ``pg_restore``; the password travels in the environment, never on the command line.

    Raises:
        BackupError: with the program's own words.
    """
    info = raw.info
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    if info.password:
        environment["PGPASSWORD"] = info.password
    command = [find().program(program), "--no-password", f"--dbname={info.dsn}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise BackupError(f"backup.{program}", f"{program}: {done.stderr.strip()[-2000:]}")
