"""Officers who act together with whoever signed in (协同民警): named by their number, counted by what they hold now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from guangyue.city.models import Account
from guangyue.city.viewer import viewer_for
from guangyue.kernel import Actor, Matter, Procedure
from guangyue.web.acting import best, capacities

__all__ = ["together"]


def together(
    named: Sequence[str], procedure: Procedure, matter: Matter, act: str, at: datetime
) -> tuple[tuple[str, ...], dict[str, Actor]]:
    """The officers a command names, as the journal knows them, and each in the capacity in which the act may be done.

    Args:
        named: numbers of staff. Nobody's number stays as it was said and does not count.
        procedure: what is followed.
        matter: on which the act is done.
        act: what is to be done together.
        at: for which moment roles are looked up.
    """
    if not named:
        return (), {}
    found = {
        a.person.number: a
        for a in Account.objects.filter(person__number__in=named, kind="staff", is_active=True).select_related("person")
        if a.person is not None
    }
    ids = tuple(f"account:{found[n].pk}" if n in found else n for n in named)
    held = {
        f"account:{account.pk}": best(capacities(viewer_for(account, at=at, strong=True)), procedure, matter, act)
        for account in found.values()
    }
    return ids, held
