"""This installation's vault: its keyring by the settings, its data keys in the database.

Settings (all optional): ``GUANGYUE_KEYRING`` (the document), ``GUANGYUE_KEYRING_FILE``, ``GUANGYUE_CIPHER``
(``aes-256-gcm`` or ``sm4-gcm``). Outside production a missing keyring is made.
"""

from __future__ import annotations

import secrets
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, transaction

from guangyue.city.errors import CityError
from guangyue.city.personal.keyring import Keyring, load
from guangyue.city.personal.suites import Suite, new_secret
from guangyue.city.personal.vault import Vault, WrappedKey, wrap

if TYPE_CHECKING:
    from guangyue.city.models import DataKey

__all__ = ["add_data_key", "forget", "from_environment", "keyring_path", "suite", "vault", "wrapped"]

LIFE = 60.0
"""Seconds a process goes on with the keys it has read: a rotation elsewhere is seen at most this much later."""

_local = threading.local()
_generation = 0


def suite() -> Suite:
    """The cipher suite of new keys."""
    return Suite(getattr(settings, "GUANGYUE_CIPHER", Suite.AES))


def keyring_path() -> Path:
    """The keyring's file."""
    named = getattr(settings, "GUANGYUE_KEYRING_FILE", "")
    return Path(named) if named else Path(settings.GUANGYUE_HOME) / "keys" / "keyring.json"


def vault() -> Vault:
    """The vault of this thread; made anew after `forget` and once a minute."""
    kept: tuple[int, float, Vault] | None = getattr(_local, "vault", None)
    if kept is None or kept[0] != _generation or time.monotonic() >= kept[1]:
        kept = (_generation, time.monotonic() + LIFE, Vault(_keyring(), DatabaseKeys()))
        _local.vault = kept
    return kept[2]


def from_environment() -> bool:
    """Whether the keyring is given by the environment rather than by a file."""
    return bool(getattr(settings, "GUANGYUE_KEYRING", ""))


def forget(**_: object) -> None:
    """Drop cached keys in every thread: after a rotation, a restore, or a fresh test database."""
    global _generation  # noqa: PLW0603 - one number, read by every thread's next call
    _generation += 1


def _keyring() -> Keyring:
    return load(
        keyring_path(),
        given=getattr(settings, "GUANGYUE_KEYRING", None) or None,
        suite=suite(),
        make=getattr(settings, "GUANGYUE_ENV", "production") != "production",
    )


class DatabaseKeys:
    """Wrapped data keys in the table ``city_datakey``, cached once they are surely committed.

    A key made in a transaction that rolls back is gone with everything it sealed; cached, it would go on sealing values
    nobody could ever open. So it is cached only after commit.
    """

    def __init__(self) -> None:
        self._known: dict[int, WrappedKey] = {}
        self._current: WrappedKey | None = None

    def current(self) -> WrappedKey:
        """The data key in use; the first one is made when there is none."""
        if self._current is not None:
            return self._current
        from guangyue.city.models import DataKey

        row = DataKey.objects.filter(retired_at=None).first() or self._first()
        key = wrapped(row)
        if connection.in_atomic_block:
            transaction.on_commit(lambda: self._keep(key, current=True), using=DEFAULT_DB_ALIAS)
        else:
            self._keep(key, current=True)
        return key

    def numbered(self, number: int) -> WrappedKey:
        """A data key by number."""
        if number in self._known:
            return self._known[number]
        from guangyue.city.models import DataKey

        row = DataKey.objects.filter(number=number).first()
        if row is None:
            raise CityError("personal.key.missing", key=number)
        key = wrapped(row)
        if not connection.in_atomic_block:
            self._keep(key, current=False)
        return key

    def _keep(self, key: WrappedKey, *, current: bool) -> None:
        self._known[key.number] = key
        if current:
            self._current = key

    @staticmethod
    def _first() -> DataKey:
        from guangyue.city.models import DataKey

        with transaction.atomic(), connection.cursor() as cursor:
            # Two processes that both seal their first value must agree on one key.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('guangyue.city.datakey'))")
            return DataKey.objects.filter(retired_at=None).first() or add_data_key(_keyring(), suite())


def add_data_key(ring: Keyring, chosen: Suite) -> DataKey:
    """Insert a fresh data key, in use from the commit on; the caller retires the one before."""
    from guangyue.city.models import DataKey

    key = wrap(ring, secrets.randbelow(2**31 - 1) + 1, chosen, new_secret(chosen))
    return DataKey.objects.create(number=key.number, suite=key.suite, master=key.master, wrapped=key.wrapped)


def wrapped(row: DataKey) -> WrappedKey:
    """A row as the vault takes it."""
    return WrappedKey(row.number, Suite(row.suite), row.master, bytes(row.wrapped))
