"""What each version of an offence file said: a file that says something else must be a new version of itself.

Matters stay on the version that opened them, so two texts under one number would make the record ambiguous. The digests stand
in ``law/offences/versions.txt``, one line a version: code, version, SHA-256 of what the file says. Comments, order and
spacing do not count.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from typing import TYPE_CHECKING

from guangyue.law.competence.reading import LineFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["Recorded", "digest", "faults", "recorded", "shipped", "written"]

Recorded = dict[tuple[str, int], str]
"""Digests by code and version."""
PARTS = 3


def digest(text: str) -> tuple[int, str]:
    """The version a file gives itself, and the digest of all else that it says."""
    said = tomllib.loads(text)
    version = said.pop("version", 0)
    plain = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str, separators=(",", ":"))
    return version, hashlib.sha256(plain.encode()).hexdigest()


def recorded(text: str) -> Recorded:
    """The register, from its text; lines that begin with ``#`` are for people."""
    lines = (line.split() for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return {(parts[0], int(parts[1])): parts[2] for parts in lines if len(parts) == PARTS}


def shipped(folder: Path) -> list[tuple[str, str]]:
    """The files of a folder, as code and text."""
    return [(file.stem, file.read_text("utf-8")) for file in sorted(folder.glob("*.toml"))]


def faults(files: Iterable[tuple[str, str]], known: Mapping[tuple[str, int], str]) -> list[LineFault]:
    """Files that changed under a version that is recorded, or went back behind one. A version nobody recorded is new."""
    found: list[LineFault] = []
    for code, text in files:
        version, said = digest(text)
        latest = max((v for c, v in known if c == code), default=0)
        line = next((n for n, row in enumerate(text.splitlines(), 1) if row.startswith("version")), 1)
        name = f"law/offences/{code}.toml"
        if known.get((code, version), said) != said:
            found.append(
                LineFault(name, line, "changed", f"version {version} said something else: make it {latest + 1}")
            )
        elif version < latest:
            found.append(LineFault(name, line, "version", f"version {latest} is recorded already"))
    return found


def written(files: Iterable[tuple[str, str]], known: Mapping[tuple[str, int], str]) -> Recorded:
    """The register with the versions that are new; nothing that stands in it changes."""
    return {**{(code, digest(text)[0]): digest(text)[1] for code, text in files}, **known}
