"""The keys that never enter the database: master keys that wrap data keys, and search keys (主密钥与检索密钥).

A keyring is a JSON document, given by the environment (``GUANGYUE_KEYRING``, for a secret manager) or by a file that
only its owner may read (``GUANGYUE_KEYRING_FILE``, default ``keys/keyring.json`` under ``GUANGYUE_HOME``). Losing it
loses every personal datum; backing it up beside the database gives them away. Two different places, then.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import stat
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from guangyue.city.errors import CityError
from guangyue.city.personal.suites import Suite, new_secret

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Keyring", "MasterKey", "SearchKey", "load", "save"]


@dataclass(frozen=True, slots=True, repr=False)
class MasterKey:
    """Wraps data keys; `made` is when it came into use, in seconds since 1970."""

    id: str
    suite: Suite
    secret: bytes
    made: int


@dataclass(frozen=True, slots=True, repr=False)
class SearchKey:
    """Keys the hashes by which sealed values are found; `number` stands in front of each hash, `made` as in a master."""

    number: int
    suite: Suite
    secret: bytes
    made: int


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """Masters and search keys, oldest first; the last of each is the one in use."""

    masters: tuple[MasterKey, ...]
    searches: tuple[SearchKey, ...]

    @classmethod
    def new(cls, suite: Suite) -> Keyring:
        """A fresh keyring with one key of each use."""
        return cls((), ()).with_new_master(suite).with_new_search(suite)

    @property
    def master(self) -> MasterKey:
        """The master that wraps new data keys."""
        return self.masters[-1]

    @property
    def search(self) -> SearchKey:
        """The search key that new hashes are made with."""
        return self.searches[-1]

    def master_named(self, key_id: str) -> MasterKey:
        """The master of an id.

        Raises:
            CityError: ``personal.key.missing``: the keyring does not hold it.
        """
        for key in self.masters:
            if key.id == key_id:
                return key
        raise CityError("personal.key.missing", key=key_id)

    def with_new_master(self, suite: Suite) -> Keyring:
        """This keyring with one more master, in use from now on."""
        key = MasterKey(f"m{secrets.token_hex(4)}", suite, new_secret(suite), int(time.time()))
        return replace(self, masters=(*self.masters, key))

    def with_new_search(self, suite: Suite) -> Keyring:
        """This keyring with one more search key, in use from now on."""
        number = 1 + max((key.number for key in self.searches), default=0)
        key = SearchKey(number, suite, secrets.token_bytes(32), int(time.time()))
        return replace(self, searches=(*self.searches, key))

    def without(self, *, masters: frozenset[str] = frozenset(), searches: frozenset[int] = frozenset()) -> Keyring:
        """This keyring without keys that nothing uses any more.

        Raises:
            CityError: ``personal.key.in_use``: the key in use would go.
        """
        if self.master.id in masters or self.search.number in searches:
            raise CityError("personal.key.in_use")
        return Keyring(
            tuple(key for key in self.masters if key.id not in masters),
            tuple(key for key in self.searches if key.number not in searches),
        )

    def dumps(self) -> str:
        """The JSON document."""
        return json.dumps(
            {
                "version": 1,
                "masters": [
                    {"id": k.id, "suite": k.suite, "secret": _text(k.secret), "made": k.made} for k in self.masters
                ],
                "searches": [
                    {"number": k.number, "suite": k.suite, "secret": _text(k.secret), "made": k.made}
                    for k in self.searches
                ],
            },
            indent=1,
        )

    @classmethod
    def loads(cls, document: str) -> Keyring:
        """Read the JSON document.

        Raises:
            CityError: ``personal.keyring.malformed``; the message repeats nothing of it.
        """
        try:
            given = json.loads(document)
            ring = cls(
                tuple(MasterKey(k["id"], Suite(k["suite"]), _secret(k), int(k["made"])) for k in given["masters"]),
                tuple(
                    SearchKey(int(k["number"]), Suite(k["suite"]), _secret(k), int(k["made"]))
                    for k in given["searches"]
                ),
            )
        except (ValueError, KeyError, TypeError):
            raise CityError("personal.keyring.malformed") from None
        if not (ring.masters and ring.searches):
            raise CityError("personal.keyring.malformed")
        return ring


def load(path: Path, *, given: str | None = None, suite: Suite = Suite.AES, make: bool = False) -> Keyring:
    """The installation's keyring.

    Args:
        path: its file.
        given: the document itself, from the environment; wins over the file.
        suite: the suite of a keyring made now.
        make: whether to make one when there is none; never in production, where a missing keyring is an accident.

    Raises:
        CityError: ``personal.keyring.missing``, ``personal.keyring.open`` (others may read the file), ``…malformed``.
    """
    if given:
        return Keyring.loads(given)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if not make:
            raise CityError("personal.keyring.missing", path=path.name) from None
        try:
            return save(Keyring.new(suite), path, replacing=False)
        except FileExistsError:
            mode = path.stat().st_mode
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CityError("personal.keyring.open", path=path.name)
    return Keyring.loads(path.read_text(encoding="utf-8"))


def save(ring: Keyring, path: Path, *, replacing: bool = True) -> Keyring:
    """Write the file so that a power cut leaves the old or the new one, readable by its owner alone.

    Raises:
        FileExistsError: another process was first, and `replacing` is off.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(ring.dumps())
            file.flush()
            os.fsync(file.fileno())
        if replacing:
            fresh.replace(path)
        else:
            path.hardlink_to(fresh)
    finally:
        fresh.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return ring


def _text(secret: bytes) -> str:
    return base64.b64encode(secret).decode("ascii")


def _secret(key: dict[str, str]) -> bytes:
    return base64.b64decode(key["secret"], validate=True)
