"""Powers of the police, reviewers, hearing hosts and heads of agencies (公安与审批职权)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law.competence.actions import Action as Do
from guangyue.law.competence.actions import Fact as If
from guangyue.law.competence.actors import Agency, Level, Party, Role
from guangyue.law.competence.table import may, must_not
from guangyue.law.laws import (
    COMPULSION,
    PENALTY,
    PERSONAL_DATA,
    POLICE_POWERS,
    POLICE_PROCEDURE,
    POLICE_PROCEDURE_2025,
    SECURITY,
    SECURITY_2012,
    TRANSFER,
)

if TYPE_CHECKING:
    from guangyue.law.competence.powers import Ban, Power

__all__ = ["BANS", "POWERS"]

_POLICE = (Agency.POLICE,)
_UPPER = (Level.COUNTY, Level.CITY)
_BOTH = (Role.STATION_OFFICER, Role.COUNTY_OFFICER)
_PERMITTED = ((If.DEPUTY, If.DEPUTY_PERMISSION),)


def _for_all(code: str) -> tuple[tuple[Party, str], ...]:
    return (Party.CITIZEN, code), (Party.ORGANISATION, code)


# fmt: off
POWERS: tuple[Power, ...] = (
    *(may(f"{role}-service", role,
          (Do.REMIND, Do.PHOTOGRAPH, Do.REPORT, Do.HELP, Do.PUBLICISE, Do.RECEIVE, Do.REGISTER, Do.TAKE_EVIDENCE,
           Do.SERVE, Do.ASK_IDENTITY, Do.HAND_OVER, Do.ORAL_WARNING), POLICE_PROCEDURE, "52, 61", at=_POLICE)
      for role in _BOTH),
    *(may(f"{role}-identity", role, (Do.QUERY_IDENTITY, Do.SEE_POLICE_DATA), PERSONAL_DATA, "34", at=_POLICE,
          needs=(If.CASE_NUMBER,)) for role in (*_BOTH, Role.INVESTIGATOR)),
    *(may(f"{role}-two", role, (Do.QUESTION, Do.SEIZE, Do.INVESTIGATE_GENERAL), POLICE_PROCEDURE, "52", at=_POLICE,
          needs=(If.TWO_OFFICERS,)) for role in (*_BOTH, Role.INVESTIGATOR)),
    *(may(f"{role}-one", role, (Do.QUESTION, Do.SEIZE), SECURITY, "108", at=_POLICE,
          needs=(If.IN_CASE_AREA, If.FULL_RECORDING)) for role in _BOTH),
    *(may(f"{role}-mediate", role, (Do.MEDIATE,), POLICE_PROCEDURE, "52, 178", at=_POLICE,
          needs=(If.FULL_RECORDING,),
          excludes=(If.REFUSED,)) for role in _BOTH),
    *(may(f"{role}-biometrics", role, (Do.TAKE_BIOMETRICS,), SECURITY, "102", at=_POLICE, needs=(If.APPROVED,),
          when=((If.VICTIM, If.CONSENTED),)) for role in _BOTH),
    may("investigator", Role.INVESTIGATOR, (Do.INVESTIGATE, Do.PHOTOGRAPH, Do.TAKE_EVIDENCE, Do.REPORT, Do.SERVE),
        POLICE_PROCEDURE, "52", at=_POLICE),

    *(may(f"{role}-spot-one", role, (Do.FINE_ON_SPOT,), POLICE_PROCEDURE_2025, "39", at=_POLICE,
          limits=_for_all("M-PSA-SPOT")) for role in _BOTH),
    *(may(f"{role}-spot-one", role, (Do.FINE_ON_SPOT,), SECURITY, "119, 120", at=_POLICE,
          needs=(If.NO_OBJECTION, If.FULL_RECORDING), limits=_for_all("M-PSA-SPOT")) for role in _BOTH),
    *(may(f"{role}-spot-two", role, (Do.FINE_ON_SPOT,), SECURITY, "119", at=_POLICE, needs=(If.TWO_OFFICERS,),
          limits=_for_all("M-PSA-SPOT")) for role in _BOTH),
    *(may(f"{role}-cash", role, (Do.COLLECT_CASH,), law, art, at=_POLICE, needs=(If.NO_OBJECTION,),
          limits=_for_all("M-PSA-CASH")) for role in _BOTH for law, art in ((SECURITY_2012, "104"), (SECURITY, "123"))),
    *(may(f"{role}-cash-hard", role, (Do.COLLECT_CASH,), law, art, at=_POLICE, needs=(If.UNCOLLECTABLE,))
      for role in _BOTH for law, art in ((SECURITY_2012, "104"), (SECURITY, "123"))),

    *(may("station-decide", Role.STATION_OFFICER, (Do.DECIDE_WARNING, Do.DECIDE_FINE), law, art, at=_POLICE,
          level=(Level.STATION,), excludes=(If.NEGATIVE_LIST,), limits=_for_all("M-PSA-STATION"))
      for law, art in ((SECURITY_2012, "91"), (SECURITY, "109"))),
    *(may("county-decide", Role.COUNTY_OFFICER, (Do.DECIDE_WARNING, Do.DECIDE_FINE), law, art, at=_POLICE, level=_UPPER)
      for law, art in ((SECURITY_2012, "91"), (SECURITY, "109"))),
    *(may("county-detain", Role.COUNTY_OFFICER, (Do.DETAIN,), law, art, at=_POLICE, level=_UPPER, when=_PERMITTED)
      for law, art in ((SECURITY_2012, "91"), (SECURITY, "109"))),

    may("legal-review", Role.LEGAL_REVIEWER, (Do.LEGAL_REVIEW,), PENALTY, "58", excludes=(If.OWN_CASE,),
        when=((If.FIRST_REVIEW, If.LEGALLY_QUALIFIED),)),
    may("hearing-host", Role.HEARING_HOST, (Do.RUN_HEARING,), PENALTY, "64", excludes=(If.OWN_INVESTIGATION,)),

    may("head-seizure", Role.AGENCY_HEAD, (Do.APPROVE_SEIZURE, Do.APPROVE_EXTENSION), COMPULSION, "18, 25",
        excludes=(If.OWN_CLERKING, If.OWN_CASE)),
    may("head-quick", Role.AGENCY_HEAD, (Do.APPROVE_QUICK,), POLICE_PROCEDURE, "40, 41, 42, 43", at=_POLICE,
        needs=(If.ADMITTED, If.CONSENTED, If.KEY_EVIDENCE),
        excludes=(If.OWN_CLERKING, If.OWN_CASE, If.VULNERABLE, If.HEARING_CASE, If.LONG_DETENTION)),
    may("head-transfer", Role.AGENCY_HEAD, (Do.APPROVE_TRANSFER,), TRANSFER, "5",
        excludes=(If.OWN_CLERKING, If.OWN_CASE)),
    may("head-group", Role.AGENCY_HEAD, (Do.GROUP_DECISION,), PENALTY, "57"),
)

BANS: tuple[Ban, ...] = (
    must_not("N-station-detain", Role.STATION_OFFICER, (Do.DETAIN,),
             ("派出所不得决定行政拘留，请报县级公安机关。", "A station must not detain: for the county police."),
             SECURITY_2012, "91"),
    must_not("N-station-detain", Role.STATION_OFFICER, (Do.DETAIN,),
             ("派出所不得决定行政拘留，请报县级公安机关。", "A station must not detain: for the county police."),
             SECURITY, "109"),
    must_not("N-station-licence", Role.STATION_OFFICER, (Do.SUSPEND_LICENCE, Do.REVOKE_LICENCE),
             ("派出所不得暂扣、吊销证照。", "A station must not suspend or revoke licences."), POLICE_POWERS, ""),
)
# fmt: on
