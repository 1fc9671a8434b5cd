"""When a term ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Due"]


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a term, and how far it can be relied on.

    Attributes:
        at: the end, aware, UTC.
        provisional: it rests on days the State Council has not settled yet.
        calendar_version: the calendar it was computed with.
        inclusive: ``at`` itself still counts (clock terms); else ``at`` is the first instant too late (24:00).
    """

    at: datetime
    provisional: bool
    calendar_version: str
    inclusive: bool

    def met_by(self, moment: datetime) -> bool:
        """Whether something done at a moment was in time."""
        return moment <= self.at if self.inclusive else moment < self.at
