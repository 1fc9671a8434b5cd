"""What the desk's address asks for: a view, filters, an order, a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from guangyue.kernel.grammar import State, T
from guangyue.kernel.grammar.values import YEARS
from guangyue.law import CITY, Text
from guangyue.records.database import db
from guangyue.records.figures import in_block, late_rows
from guangyue.records.library import LIBRARY
from guangyue.records.matters import Asked
from guangyue.web.console.showing import run_out

__all__ = ["VIEWS", "Filters", "day_of"]

SOON = timedelta(hours=24)
PAGE = 50
VIEWS: dict[str, Text] = {
    "open": T("在办", "Open"),
    "due": T("先到期", "Next due"),
    "mine": T("本人承办", "Mine"),
    "closed": T("已办结", "Closed"),
}
"""The views everybody has; one's own stand behind them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The address of a list, read leniently: what makes no sense is left out, never an error."""

    view: str = "open"
    procedure: str = ""
    state: str = ""
    unit: str = ""
    text: str = ""
    opened_from: str = ""
    opened_until: str = ""
    order: str = ""
    where: str = ""
    desk: str = ""
    agency: str = ""
    block: str = ""
    overdue: str = ""
    after: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> Filters:
        """From a query string."""
        said = {
            "view": given.get("view", ""), "procedure": given.get("procedure", "")[:60],
            "state": given.get("state", "")[:60], "unit": given.get("unit", "")[:40],
            "text": given.get("q", "").strip()[:80], "opened_from": _day(given.get("from", "")),
            "opened_until": _day(given.get("until", "")), "order": given.get("order", ""),
            "where": given.get("where", ""), "after": given.get("after", "")[:200],
            "desk": given.get("desk", "")[:30], "agency": given.get("agency", "")[:40],
            "block": given.get("block", "")[:90], "overdue": given.get("overdue", ""),
        }  # fmt: skip
        said["view"] = said["view"] if said["view"] in VIEWS else "open"
        usual = "deadline" if said["view"] == "due" else "newest"
        said["order"] = said["order"] if said["order"] in {"newest", "deadline"} - {usual} else ""
        said["where"] = said["where"] if said["where"] == "involved" else ""
        said["overdue"] = said["overdue"] if said["overdue"] == "1" and said["view"] != "closed" else ""
        said["desk"] = said["desk"] if any(c.startswith(f"{said['desk']}.") for c in LIBRARY.codes()) else ""
        return cls(**said)

    @property
    def restricted(self) -> bool:
        """Whether anything but a view everybody has is asked for."""
        return bool(self.procedure or self.state or self.unit or self.text or self.more or self.from_board)

    @property
    def more(self) -> bool:
        """Whether one of the rarer filters is set."""
        return bool(self.rarer)

    @property
    def rarer(self) -> int:
        """How many of the rarer filters are set."""
        return sum(map(bool, (self.opened_from, self.opened_until, self.order, self.where)))

    @property
    def from_board(self) -> bool:
        """Whether a number of a board led here."""
        return bool(self.desk or self.agency or self.block or self.overdue)

    @property
    def query(self) -> str:
        """The address again, without the page."""
        said = {
            "view": "" if self.view == "open" else self.view, "procedure": self.procedure, "state": self.state,
            "unit": self.unit, "q": self.text, "from": self.opened_from, "until": self.opened_until,
            "order": self.order, "where": self.where, "desk": self.desk, "agency": self.agency, "block": self.block,
            "overdue": self.overdue,
        }  # fmt: skip
        return urlencode({k: v for k, v in said.items() if v})

    def asked(self, most: int = PAGE) -> Asked:
        """The same for the records. A text that names a matter is looked for everywhere within reach."""
        closed = self.view == "closed"
        order: Any = self.order or ("deadline" if self.view == "due" else "newest")
        open_ = None if self.text else not closed
        return Asked(
            where="mine" if self.view == "mine" else "involved" if self.where or self.text else "held",
            procedures=self.procedures, states=(self.state,) if self.state else (),
            open=open_, units=(self.unit,) if self.unit else (), text=self.text, agency=self.agency,
            rows=self._rows(open_=open_),
            opened_from=_start(self.opened_from), opened_until=_start(self.opened_until, 1),
            order="newest" if closed or self.text else order, most=most, after=self.after,
        )  # fmt: skip

    def _rows(self, *, open_: bool | None) -> tuple[int, ...] | None:
        """What a board counted in a block, or as late; nothing where neither is asked for."""
        if self.overdue:
            asked = self.procedures or LIBRARY.codes()
            every = [(c, s) for c in asked for s in LIBRARY[c, 0].states]
            ran_out = [(c, s.code) for c, s in every if isinstance(s, State) and s.code in run_out(c)]
            held = (self.unit,) if self.unit else ()
            return tuple(late_rows(db(), ran_out, procedures=self.procedures, holders=held, block=self.block))
        return tuple(in_block(db(), self.block, open_=open_)) if self.block else None

    @property
    def procedures(self) -> tuple[str, ...]:
        """The procedures asked for: one, those of a desk, or all."""
        if self.procedure or not self.desk:
            return (self.procedure,) if self.procedure else ()
        return tuple(code for code in LIBRARY.codes() if code.startswith(f"{self.desk}."))


def day_of(text: str) -> date | None:
    """A day as an address writes it; None for what is none, or lies outside our time."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _day(text: str) -> str:
    found = day_of(text)
    return found.isoformat() if found else ""


def _start(day: str, add: int = 0) -> datetime | None:
    if not day:
        return None
    found = date.fromisoformat(day) + timedelta(days=add)
    return datetime(found.year, found.month, found.day, tzinfo=CITY)
