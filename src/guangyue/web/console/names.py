"""Units and people by name, as colleagues may see them: units by their name, people by their number."""

from __future__ import annotations

import time
from collections.abc import Iterable

from guangyue.city.models import Account, Unit
from guangyue.kernel.grammar import T
from guangyue.kernel.grammar.who import AGENCY_TITLES, SYSTEM_TITLES
from guangyue.law import Text

__all__ = ["agency_of", "forget", "people", "unit_name", "units"]

FRESH = 60.0
_read: list[tuple[float, dict[str, Text], dict[str, str]]] = []
"""When they were read, names by code, agencies by code; replaced as one, since other threads look at the same time."""


def units() -> dict[str, Text]:
    """Every unit by code; read anew once a minute, names of units are no secret."""
    return _known()[1]


def _known() -> tuple[float, dict[str, Text], dict[str, str]]:
    now = time.monotonic()
    kept = _read[:]
    if kept and now - kept[0][0] <= FRESH:
        return kept[0]
    rows = list(Unit.objects.order_by("path").values_list("code", "name_zh", "name_en", "agency__kind"))
    names = {code: Text(zh, en or zh) for code, zh, en, _ in rows}
    found = now, names, {code: kind for code, _, _, kind in rows}
    _read[:] = [found]
    return found


def forget() -> None:
    """Read them anew next time."""
    _read.clear()


def unit_name(code: str) -> Text:
    """Who has a matter: a unit, or for want of one an agency."""
    return units().get(code) or AGENCY_TITLES.get(code) or T(code or "–", code or "–")


def agency_of(code: str) -> str:
    """The kind of agency a unit belongs to; an agency's own code stays."""
    return _known()[2].get(code, code)


def people(actors: Iterable[str]) -> dict[str, Text]:
    """Those who acted: staff by number, machines by their name."""
    wanted = set(actors)
    ids = {int(a.partition(":")[2]) for a in wanted if a.startswith("account:") and a[8:].isdigit()}
    rows = Account.objects.filter(pk__in=ids).values_list("pk", "person__number", "username", "kind")
    known = {f"account:{pk}": (number or name, kind) for pk, number, name, kind in rows}
    found: dict[str, Text] = {}
    for actor in wanted:
        if actor in known:
            number, kind = known[actor]
            found[actor] = T(number, number) if kind == "staff" else T("当事人", "a party")
        else:
            found[actor] = SYSTEM_TITLES.get(actor, T(actor, actor))
    return found
