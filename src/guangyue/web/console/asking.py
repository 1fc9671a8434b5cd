"""What the desk's address asks for: a view, filters, an order, a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from guangyue.kernel.grammar import T
from guangyue.kernel.grammar.values import YEARS
from guangyue.law import CITY, Text
from guangyue.records.matters import Asked

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
        }  # fmt: skip
        said["view"] = said["view"] if said["view"] in VIEWS else "open"
        usual = "deadline" if said["view"] == "due" else "newest"
        said["order"] = said["order"] if said["order"] in {"newest", "deadline"} - {usual} else ""
        said["where"] = said["where"] if said["where"] == "involved" else ""
        return cls(**said)

    @property
    def restricted(self) -> bool:
        """Whether anything but a view everybody has is asked for."""
        return bool(self.procedure or self.state or self.unit or self.text or self.more)

    @property
    def more(self) -> bool:
        """Whether one of the rarer filters is set."""
        return bool(self.opened_from or self.opened_until or self.order or self.where)

    @property
    def query(self) -> str:
        """The address again, without the page."""
        said = {
            "view": "" if self.view == "open" else self.view, "procedure": self.procedure, "state": self.state,
            "unit": self.unit, "q": self.text, "from": self.opened_from, "until": self.opened_until,
            "order": self.order, "where": self.where,
        }  # fmt: skip
        return urlencode({k: v for k, v in said.items() if v})

    def asked(self, most: int = PAGE) -> Asked:
        """The same for the records. A text that names a matter is looked for everywhere within reach."""
        closed = self.view == "closed"
        order: Any = self.order or ("deadline" if self.view == "due" else "newest")
        return Asked(
            where="mine" if self.view == "mine" else "involved" if self.where or self.text else "held",
            procedures=(self.procedure,) if self.procedure else (), states=(self.state,) if self.state else (),
            open=None if self.text else not closed, units=(self.unit,) if self.unit else (), text=self.text,
            opened_from=_start(self.opened_from), opened_until=_start(self.opened_until, 1),
            order="newest" if closed or self.text else order, most=most, after=self.after,
        )  # fmt: skip


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
