"""Who may do what: all powers and bans, and the question to them (执法权责清单)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law.competence import police, services, street
from guangyue.law.competence.powers import judge
from guangyue.law.dated import Dated

if TYPE_CHECKING:
    from guangyue.law.competence.powers import Act, Ban, Power
    from guangyue.law.verdict import Allowed, Denied

__all__ = ["BANS", "POWERS", "may"]

POWERS: Dated[Power] = Dated((*street.POWERS, *police.POWERS, *services.POWERS))
BANS: Dated[Ban] = Dated((*street.BANS, *police.BANS, *services.BANS))


def may(act: Act) -> Allowed | Denied:
    """Whether somebody may do something, by the law of the day on which they do it."""
    return judge(act, POWERS, BANS)
