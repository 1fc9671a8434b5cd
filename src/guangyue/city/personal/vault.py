"""Seals, opens and indexes values; pure but for the store of wrapped data keys it is given (信封加密).

A sealed value is ``01 | data key number (4) | nonce (12) | ciphertext and tag``. Inside stand a random salt of 16 bytes
and the text, padded to 32 bytes so that the length of a name is not told. The label of the field (``city.person.name``)
is authenticated with it: a value moved to another column does not open.

The salt makes the *digest* that the journal keeps instead of the value. Erasing the sealed value erases the salt, and
the digest left in the journal proves nothing about anybody any more while its chain stays whole.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from guangyue.city.errors import CityError
from guangyue.city.personal.kinds import Kind, normalise
from guangyue.city.personal.suites import Aead, Suite, aead, keyed_hash

if TYPE_CHECKING:
    from guangyue.city.personal.keyring import Keyring

__all__ = ["SEARCH_KEY", "DataKeys", "Opened", "Vault", "WrappedKey", "commitment", "key_number", "wrap"]

SEARCH_KEY = 34
"""Bytes of a search key: the number of its key (2) and the keyed hash (32)."""
_VERSION = 1
_HEADER = 5
_SALT = 16
_BLOCK = 32
_END = b"\x80"


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as the database holds it: encrypted under a master key."""

    number: int
    suite: Suite
    master: str
    wrapped: bytes


class DataKeys(Protocol):
    """Where wrapped data keys are kept."""

    def current(self) -> WrappedKey:
        """The data key new values are sealed with."""

    def numbered(self, number: int) -> WrappedKey:
        """A data key by number; raises CityError ``personal.key.missing``."""


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """A value in plain text with its salt."""

    text: str
    salt: bytes


def commitment(label: str, salt: bytes, text: str) -> str:
    """The salted digest that stands in the journal for a value: hex SHA-256 over label, salt and text."""
    parts = (label.encode(), salt, text.encode())
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).hexdigest()


def key_number(token: bytes) -> int:
    """The number of the data key that sealed a value.

    Raises:
        CityError: ``personal.tampered``: not a sealed value.
    """
    if len(token) <= _HEADER or token[0] != _VERSION:
        raise CityError("personal.tampered")
    return int.from_bytes(token[1:_HEADER], "big")


def wrap(ring: Keyring, number: int, suite: Suite, secret: bytes) -> WrappedKey:
    """A data key wrapped under the keyring's master in use."""
    master = ring.master
    sealed = aead(master.suite, master.secret).seal(secret, _wrap_context(number, suite))
    return WrappedKey(number, suite, master.id, sealed)


class Vault:
    """Seals and opens with one keyring and one store of data keys."""

    def __init__(self, ring: Keyring, keys: DataKeys) -> None:
        self.ring = ring
        self.keys = keys
        self._opened: dict[WrappedKey, Aead] = {}

    def seal(self, label: str, text: str) -> bytes:
        """Seal a text for a field."""
        return self._seal(label, Opened(text, secrets.token_bytes(_SALT)))

    def open(self, label: str, token: bytes) -> Opened:
        """Open a sealed value.

        Raises:
            CityError: ``personal.tampered`` or ``personal.key.missing``.
        """
        key = self.keys.numbered(key_number(token))
        padded = self._cipher(key).open(token[_HEADER:], _context(label, token[:_HEADER]))
        plain, end, _ = padded.rpartition(_END)
        if not end or len(plain) < _SALT:
            raise CityError("personal.tampered")
        return Opened(plain[_SALT:].decode(), plain[:_SALT])

    def reseal(self, label: str, token: bytes, to_label: str | None = None) -> bytes:
        """The same value and salt under the data key in use, for rotation, or for another field."""
        return self._seal(to_label or label, self.open(label, token))

    def digest(self, label: str, token: bytes) -> str:
        """The salted digest of a sealed value, for the journal."""
        opened = self.open(label, token)
        return commitment(label, opened.salt, opened.text)

    def search_key(self, kind: Kind, text: str) -> bytes:
        """The keyed hash stored beside a value, by which equal values are found."""
        return self.search_keys(kind, text)[-1]

    def search_keys(self, kind: Kind, text: str) -> list[bytes]:
        """The keyed hashes to look for: under the search key in use and under those being rotated out."""
        message = kind.encode() + b"\0" + normalise(kind, text).encode()
        return [k.number.to_bytes(2, "big") + keyed_hash(k.suite, k.secret, message) for k in self.ring.searches]

    def unwrap(self, key: WrappedKey) -> bytes:
        """The secret of a data key.

        Raises:
            CityError: ``personal.key.missing`` (its master is not in the keyring) or ``personal.tampered``.
        """
        master = self.ring.master_named(key.master)
        return aead(master.suite, master.secret).open(key.wrapped, _wrap_context(key.number, key.suite))

    def _seal(self, label: str, value: Opened) -> bytes:
        key = self.keys.current()
        header = bytes((_VERSION,)) + key.number.to_bytes(4, "big")
        plain = value.salt + value.text.encode() + _END
        padded = plain + bytes(-len(plain) % _BLOCK)
        return header + self._cipher(key).seal(padded, _context(label, header))

    def _cipher(self, key: WrappedKey) -> Aead:
        if key not in self._opened:
            self._opened[key] = aead(key.suite, self.unwrap(key))
        return self._opened[key]


def _context(label: str, header: bytes) -> bytes:
    return b"guangyue.personal\0" + header + label.encode()


def _wrap_context(number: int, suite: Suite) -> bytes:
    return b"guangyue.datakey\0" + number.to_bytes(4, "big") + suite.encode()
