r"""The links of a chain (哈希链), as the database and the stand-alone checker compute them too.

``hash = SHA-256(prev ‖ seq ‖ "\n" ‖ body)`` with ``seq`` in decimal digits and ``body`` in UTF-8. The link before the
first names the chain, so that no chain can be passed off as another's.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

__all__ = ["access_genesis", "leaf", "link", "matter_genesis"]


def matter_genesis(matter: int) -> bytes:
    """The link before the first entry of a matter."""
    return sha256(b"guangyue/1 matter %d\n" % matter).digest()


def access_genesis(day: date) -> bytes:
    """The link before the first entry of a day's access log."""
    return sha256(f"guangyue/1 access {day.isoformat()}\n".encode()).digest()


def link(prev: bytes, seq: int, body: str) -> bytes:
    """The hash of one entry."""
    return sha256(prev + b"%d\n" % seq + body.encode()).digest()


def leaf(chain: str, seq: int, head: bytes) -> bytes:
    """What a seal says of one chain: ``guangyue/1 matter 17 4 <head in hex>``."""
    return f"guangyue/1 {chain} {seq} {head.hex()}\n".encode()
