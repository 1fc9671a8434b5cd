"""Answers that nobody asks for again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guangyue.records.database import Db

__all__ = ["KEPT", "forget_answers"]

KEPT = "30 days"
"""How long a key gives the same answer: longer than any phone stays without a network."""


def forget_answers(db: Db) -> int:
    """Let go of the answers kept under keys for longer; answers with how many."""
    return db.execute("delete from command where at < clock_timestamp() - %s::interval", [KEPT]).rowcount
