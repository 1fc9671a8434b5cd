"""Who may do what, where, and what it may cost (职权、管辖、幅度).

>>> from datetime import date
>>> from guangyue.law.competence import Act, Action, Agency, Level, Role, may
>>> act = Act(role=Role.AUXILIARY, action=Action.REMIND, agency=Agency.POLICE, level=Level.STATION, on=date(2026, 3, 1))
>>> bool(may(act))
True
"""

from __future__ import annotations

from guangyue.law.competence.actions import ACTIONS, FACTS, PENALTIES, Action, Fact
from guangyue.law.competence.actors import AGENCIES, LEVELS, ROLES, Agency, Level, Party, Role
from guangyue.law.competence.bands import BANDS, LADDERS, STEPS, Band, Ladder, Step, applicable_band, may_fine
from guangyue.law.competence.matrix import BANS, POWERS, may
from guangyue.law.competence.offences import COMPETENCE, OFFENCES, PLACES, Competence, Offence, Place, competent
from guangyue.law.competence.powers import Act, Ban, Power

__all__ = [
    "ACTIONS",
    "AGENCIES",
    "BANDS",
    "BANS",
    "COMPETENCE",
    "FACTS",
    "LADDERS",
    "LEVELS",
    "OFFENCES",
    "PENALTIES",
    "PLACES",
    "POWERS",
    "ROLES",
    "STEPS",
    "Act",
    "Action",
    "Agency",
    "Ban",
    "Band",
    "Competence",
    "Fact",
    "Ladder",
    "Level",
    "Offence",
    "Party",
    "Place",
    "Power",
    "Role",
    "Step",
    "applicable_band",
    "competent",
    "may",
    "may_fine",
]
