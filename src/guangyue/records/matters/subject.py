"""What a matter is about, as a keyed hash: found by whoever knows it, read by nobody (盲索引)."""

from __future__ import annotations

from guangyue.city.personal import Kind
from guangyue.city.personal.installed import vault

__all__ = ["follow_code", "plate_key", "plate_keys"]

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 8


def plate_key(plate: str) -> bytes:
    """What a matter about a vehicle is found by; written however the plate is spaced or cased."""
    return vault().search_key(Kind.PLATE, plate)


def plate_keys(plate: str) -> list[bytes]:
    """The keys to look for, the ones being rotated out included."""
    return vault().search_keys(Kind.PLATE, plate)


def follow_code(ref: str) -> str:
    """The code under which whoever opened a matter follows it without an account; eight letters that cannot be mistaken.

    It is derived from the matter's id by a key, and stored nowhere.
    """
    from django.utils.crypto import salted_hmac

    number = int.from_bytes(salted_hmac("guangyue.records.follow", ref, algorithm="sha256").digest()[:8], "big")
    code = ""
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(_LETTERS))
        code += _LETTERS[rest]
    return code
