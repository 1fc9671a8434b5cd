"""A personal value in the program: never plain text by accident (密封值)."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from typing_extensions import override

from guangyue.city.errors import CityError
from guangyue.city.personal.installed import vault
from guangyue.city.personal.kinds import ERASED, Kind, mask
from guangyue.city.personal.purpose import Purpose, Read, record

if TYPE_CHECKING:
    from guangyue.city.personal.vault import Opened

__all__ = ["ERASED_TOKEN", "Sealed"]

ERASED_TOKEN = b"\x00"
"""What the column holds after erasure: there was a value, and it is gone."""


class Sealed:
    """A sealed value: text and format show it masked, `reveal` opens it for a purpose and writes that down.

    It has no length, is not iterable, and does not turn into JSON, so a careless template, log line or API answer shows
    at most the mask. Two sealed values are equal when they are the same bytes; equal texts are found by the keyed hash.

    Attributes:
        kind: what the value is.
        label: the field it was sealed for (``city.person.phone``).
        token: the sealed bytes.
        owner: the primary key of its row as text, for the access log.
    """

    __slots__ = ("_search_key", "kind", "label", "owner", "token")

    def __init__(
        self, kind: Kind, label: str, token: bytes, owner: str = "", *, search_key: bytes | None = None
    ) -> None:
        self.kind = kind
        self.label = label
        self.token = token
        self.owner = owner
        self._search_key = search_key

    @classmethod
    def of(cls, kind: Kind, label: str, text: str) -> Sealed:
        """Seal a text."""
        return cls(kind, label, vault().seal(label, text))

    @property
    def erased(self) -> bool:
        """Whether the value was erased."""
        return self.token == ERASED_TOKEN

    def masked(self) -> str:
        """The value as a screen may show it."""
        return ERASED if self.erased else mask(self.kind, self._open().text)

    def reveal(self, purpose: Purpose) -> str:
        """The plain text, after the reading has been written to the access log.

        Raises:
            CityError: ``personal.erased``, ``personal.no_log``, ``personal.tampered``, ``personal.key.missing``.
        """
        self._note(purpose)
        return self._open().text

    def digest(self) -> str:
        """The salted digest that the journal keeps instead of the value.

        Raises:
            CityError: ``personal.erased``.
        """
        return vault().digest(self.label, self._token())

    def proof(self, purpose: Purpose) -> Opened:
        """Text and salt, with which anybody can recompute the digest in the journal; counts as a reading."""
        self._note(purpose)
        return self._open()

    def matches(self, text: str) -> bool:
        """Whether the value equals a text once both are normalised; tells no more than yes or no."""
        if self.erased:
            return False
        keyed = vault()
        mine, theirs = (keyed.search_key(self.kind, t) for t in (self._open().text, text))
        return hmac.compare_digest(mine, theirs)

    def sealed_for(self, label: str, kind: Kind | None = None) -> Sealed:
        """The same value for another field, without ever showing it; an erased one stays erased."""
        token = self.token if self.erased else vault().reseal(self.label, self.token, label)
        return Sealed(kind or self.kind, label, token)

    def search_key(self) -> bytes:
        """The keyed hash stored with the value, by which equal values are found.

        Raises:
            CityError: ``personal.erased``.
        """
        if self._search_key is None:
            self._search_key = vault().search_key(self.kind, self._open().text)
        return self._search_key

    @override
    def __str__(self) -> str:
        return self.masked()

    @override
    def __format__(self, spec: str) -> str:
        return format(self.masked(), spec)

    @override
    def __repr__(self) -> str:
        return f"Sealed({self.label})"

    @override
    def __eq__(self, other: object) -> bool:
        return self.token == other.token and self.label == other.label if isinstance(other, Sealed) else NotImplemented

    @override
    def __hash__(self) -> int:
        return hash((self.label, self.token))

    def _note(self, purpose: Purpose) -> None:
        self._token()
        record(Read(purpose=purpose, label=self.label, owner=self.owner, kind=self.kind))

    def _token(self) -> bytes:
        if self.erased:
            raise CityError("personal.erased")
        return self.token

    def _open(self) -> Opened:
        return vault().open(self.label, self._token())
