"""What a list is asked for: filters, order, and where the page before ended."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

__all__ = ["MOST", "Asked", "BadCursorError", "Cursor", "SortOrder", "Where"]

MOST = 200
"""The longest page."""
FOREVER = datetime.max.replace(tzinfo=UTC)
SortOrder = Literal["newest", "deadline"]
Where = Literal["held", "involved", "mine", "party"]


class BadCursorError(ValueError):
    """A cursor that no list has given, or that belongs to another order."""

    code = "list.cursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Filters; what is left empty does not restrict. All of them hold together.

    Attributes:
        where: ``held``: in the hands of units within reach, or in one's own charge; ``involved``: also what those units
            once held, recorded or had a task in; ``mine``: in one's own charge; ``party``: where one is a party oneself.
        procedures, states: codes.
        open: only open matters (True) or only closed ones (False).
        units: only what these units hold (codes); those out of reach bring nothing.
        agency: only what units of this agency hold, by its kind in the law's sense.
        text: a number of the matter or of one of its papers, a plate, or the exact value of a personal field.
        subject: keyed hash of what the matter is about, see `matters.subject`.
        opened_from, opened_until: from (inclusive) to (exclusive) when it was opened.
        due_before: a clock that falls due before this moment is running.
        cells: H3 cells, for a block or what a map shows. place: the place, as lines show it.
        rows: these rows only, as far as they may be seen: what a board counted in a block.
        order: ``newest``: by opening, the latest first; ``deadline``: open matters by their next clock, those without one
            at the end.
        most: the length of a page, up to `MOST`.
        after: the ``next`` of the page before.
    """

    where: Where = "held"
    procedures: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    open: bool | None = None
    units: tuple[str, ...] = ()
    agency: str = ""
    text: str = ""
    subject: bytes | None = None
    opened_from: datetime | None = None
    opened_until: datetime | None = None
    due_before: datetime | None = None
    cells: tuple[int, ...] = ()
    place: str = ""
    rows: tuple[int, ...] | None = None
    order: SortOrder = "newest"
    most: int = 50
    after: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last line of a page: its place in the order, and its row."""

    order: SortOrder
    at: datetime
    id: int
    at_end: bool = field(default=False)
    """In the order of deadlines: among those without a clock."""

    def written(self) -> str:
        """As a page hands it out: opaque, short, without anything a reader may not know."""
        said = json.dumps([self.order[0], "" if self.at_end else self.at.isoformat(), self.id])
        return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, order: SortOrder) -> Cursor:
        """A cursor handed back.

        Raises:
            BadCursorError: it is none, or of another order.
        """
        try:
            kind, at, id_ = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            moment = datetime.fromisoformat(at) if at else FOREVER
            if kind != order[0] or not isinstance(id_, int) or moment.tzinfo is None:
                raise BadCursorError(text)
        except (ValueError, TypeError) as fault:
            raise BadCursorError(text) from fault
        return cls(order, moment, id_, at_end=not at)
