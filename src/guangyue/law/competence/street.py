"""Powers in the street: volunteers, auxiliaries, urban management, traffic police (街面执法职权)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law.competence.actions import Action as Do
from guangyue.law.competence.actions import Fact as If
from guangyue.law.competence.actors import Agency, Level, Party, Role
from guangyue.law.competence.offences import Offence
from guangyue.law.competence.table import may, must_not
from guangyue.law.laws import (
    CITY_APPEARANCE,
    CITY_TRAFFIC,
    PENALTY,
    PERSONAL_DATA,
    POLICE_PROCEDURE,
    PROVINCE_TRAFFIC,
    TRAFFIC,
    TRAFFIC_NORMS,
    TRAFFIC_PROCEDURE,
)

if TYPE_CHECKING:
    from guangyue.law.competence.powers import Ban, Power

__all__ = ["BANS", "POWERS"]

_HELPERS = (Role.VOLUNTEER, Role.GRID_WORKER, Role.PARKING_STEWARD)
_HELP = (Do.REMIND, Do.PHOTOGRAPH, Do.REPORT, Do.HELP, Do.KEEP_ORDER, Do.GUARD_SCENE, Do.PUBLICISE)
_PENALISE = (
    Do.ORAL_WARNING, Do.ORDER_CORRECTION, Do.FINE_ON_SPOT, Do.DECIDE_WARNING, Do.DECIDE_FINE, Do.COLLECT_CASH,
    Do.SUSPEND_LICENCE, Do.REVOKE_LICENCE, Do.DETAIN,
)  # fmt: skip
_COERCE = (Do.TOW, Do.SEIZE, Do.DETAIN, Do.FORCE_EVICTION, Do.TAKE_BIOMETRICS, Do.AFFIX_SLIP)
_APPROVE = (
    Do.REVIEW_RECORD, Do.LEGAL_REVIEW, Do.APPROVE_SEIZURE, Do.APPROVE_QUICK, Do.APPROVE_EXTENSION, Do.APPROVE_TRANSFER,
    Do.APPROVE_URGENT, Do.APPROVE_ROUTES, Do.GROUP_DECISION,
)  # fmt: skip
_URBAN, _TRAFFIC = (Agency.URBAN,), (Agency.TRAFFIC_POLICE,)
_SPOT_LIMITS = ((Party.CITIZEN, "M-APL-SPOT-CITIZEN"), (Party.ORGANISATION, "M-APL-SPOT-ORG"))
_TRAFFIC_SPOT = ((Party.CITIZEN, "M-TRAF-SPOT"), (Party.ORGANISATION, "M-TRAF-SPOT"))
_CASH = ((Party.CITIZEN, "M-APL-CASH"), (Party.ORGANISATION, "M-APL-CASH"))

# fmt: off
POWERS: tuple[Power, ...] = (
    *(may(f"{role}-help", role, _HELP, CITY_TRAFFIC, "52") for role in _HELPERS),

    may("auxiliary-help", Role.AUXILIARY, _HELP, TRAFFIC_NORMS, "5"),
    may("auxiliary-led", Role.AUXILIARY, (Do.RECEIVE, Do.REGISTER, Do.TAKE_EVIDENCE, Do.MEDIATE, Do.SERVE),
        POLICE_PROCEDURE, "52", needs=(If.POLICE_PRESENT, If.FULL_RECORDING)),

    may("urban-parking", Role.URBAN_OFFICER, (Do.REMIND, Do.PHOTOGRAPH, Do.HAND_OVER, Do.REPORT, Do.PUBLICISE, Do.HELP),
        CITY_TRAFFIC, "55", at=_URBAN),
    may("urban-order", Role.URBAN_OFFICER, (Do.ORAL_WARNING, Do.ORDER_CORRECTION, Do.INVESTIGATE_GENERAL, Do.SERVE),
        CITY_APPEARANCE, "58", at=_URBAN, needs=(If.TWO_OFFICERS, If.CERTIFIED)),
    may("urban-spot", Role.URBAN_OFFICER, (Do.FINE_ON_SPOT, Do.DECIDE_WARNING), PENALTY, "42, 51", at=_URBAN,
        needs=(If.TWO_OFFICERS, If.CERTIFIED), limits=_SPOT_LIMITS),
    may("urban-cash", Role.URBAN_OFFICER, (Do.COLLECT_CASH,), PENALTY, "68", at=_URBAN,
        needs=(If.TWO_OFFICERS, If.CERTIFIED), limits=_CASH),
    may("urban-cash-hard", Role.URBAN_OFFICER, (Do.COLLECT_CASH,), PENALTY, "68", at=_URBAN,
        needs=(If.TWO_OFFICERS, If.CERTIFIED, If.UNCOLLECTABLE)),
    may("urban-question", Role.URBAN_OFFICER, (Do.QUESTION,), PENALTY, "42, 55", at=_URBAN,
        needs=(If.TWO_OFFICERS, If.CERTIFIED)),
    may("urban-review", Role.URBAN_REVIEWER, (Do.REVIEW_RECORD,), PENALTY, "41, 57", at=_URBAN,
        excludes=(If.OWN_CASE,)),

    may("traffic-street", Role.TRAFFIC_OFFICER,
        (Do.REMIND, Do.PHOTOGRAPH, Do.HAND_OVER, Do.REPORT, Do.HELP, Do.PUBLICISE, Do.ORAL_WARNING, Do.ORDER_TO_LEAVE,
         Do.ASK_IDENTITY, Do.SERVE, Do.TAKE_EVIDENCE), TRAFFIC, "87, 93", at=_TRAFFIC),
    may("traffic-slip", Role.TRAFFIC_OFFICER, (Do.AFFIX_SLIP,), TRAFFIC_PROCEDURE, "12", at=_TRAFFIC,
        needs=(If.DRIVER_ABSENT,)),
    may("traffic-tow", Role.TRAFFIC_OFFICER, (Do.TOW,), TRAFFIC, "93", at=_TRAFFIC,
        needs=(If.DRIVER_ABSENT, If.OBSTRUCTS)),
    may("traffic-spot", Role.TRAFFIC_OFFICER, (Do.FINE_ON_SPOT, Do.DECIDE_WARNING), TRAFFIC, "107", at=_TRAFFIC,
        limits=_TRAFFIC_SPOT),
    may("traffic-order", Role.TRAFFIC_OFFICER, (Do.ORDER_CORRECTION,), PROVINCE_TRAFFIC, "75", at=_TRAFFIC),
    may("traffic-measure", Role.TRAFFIC_OFFICER, (Do.SEIZE,), TRAFFIC_PROCEDURE, "25", at=_TRAFFIC),
    may("traffic-question", Role.TRAFFIC_OFFICER, (Do.QUESTION,), TRAFFIC_PROCEDURE, "48", at=_TRAFFIC,
        needs=(If.TWO_OFFICERS,)),
    may("traffic-cash", Role.TRAFFIC_OFFICER, (Do.COLLECT_CASH,), TRAFFIC, "108", at=_TRAFFIC,
        needs=(If.SLOW_TRAFFIC, If.NO_OBJECTION)),
    may("traffic-general", Role.TRAFFIC_OFFICER, (Do.INVESTIGATE_GENERAL,), TRAFFIC_PROCEDURE, "48", at=_TRAFFIC,
        needs=(If.TWO_OFFICERS,)),
    may("traffic-identity", Role.TRAFFIC_OFFICER, (Do.QUERY_IDENTITY, Do.SEE_POLICE_DATA), PERSONAL_DATA, "34",
        at=_TRAFFIC, needs=(If.CASE_NUMBER,)),
    may("traffic-review", Role.TRAFFIC_REVIEWER, (Do.REVIEW_RECORD,), TRAFFIC_PROCEDURE, "19", at=_TRAFFIC,
        excludes=(If.OWN_CASE,)),
    may("traffic-review-data", Role.TRAFFIC_REVIEWER, (Do.QUERY_IDENTITY, Do.SEE_POLICE_DATA), PERSONAL_DATA, "34",
        at=_TRAFFIC, needs=(If.CASE_NUMBER,)),
    may("traffic-decide", Role.AGENCY_HEAD, (Do.DECIDE_WARNING, Do.DECIDE_FINE, Do.SUSPEND_LICENCE), TRAFFIC_PROCEDURE,
        "6", at=_TRAFFIC, level=(Level.COUNTY, Level.CITY), excludes=(If.OWN_CASE,)),
    may("traffic-revoke", Role.AGENCY_HEAD, (Do.REVOKE_LICENCE,), TRAFFIC_PROCEDURE, "6", at=_TRAFFIC,
        level=(Level.CITY,), excludes=(If.OWN_CASE,)),
    may("urban-decide", Role.AGENCY_HEAD, (Do.DECIDE_WARNING, Do.DECIDE_FINE, Do.ORDER_CORRECTION), PENALTY, "57",
        at=_URBAN, level=(Level.COUNTY, Level.CITY), excludes=(If.OWN_CASE,)),
)

BANS: tuple[Ban, ...] = (
    *(must_not(f"N-{role}-identity", role, (Do.ASK_IDENTITY, Do.QUERY_IDENTITY),
               ("协助人员不得查验、查询他人身份。", "Helpers must not ask for or look up anybody's identity."),
               CITY_TRAFFIC, "52") for role in _HELPERS),
    *(must_not(f"N-{role}-penalty", role, (*_PENALISE, *_COERCE, *_APPROVE),
               ("协助人员不得处罚、强制或者审批。", "Helpers must not penalise, coerce or approve."),
               PENALTY, "42") for role in _HELPERS),
    *(must_not(f"N-{role}-data", role, (Do.SEE_POLICE_DATA,),
               ("协助人员不得查看警务数据。", "Helpers must not see police data."), PERSONAL_DATA, "34")
      for role in _HELPERS),

    must_not("N-auxiliary-decide", Role.AUXILIARY, _PENALISE,
             ("辅警、协管员不得作出处罚决定。", "Auxiliaries must not decide or give penalties."), TRAFFIC_NORMS, "5"),
    must_not("N-auxiliary-coerce", Role.AUXILIARY, _COERCE,
             ("辅警、协管员不得采取强制措施。", "Auxiliaries must not use coercion."), TRAFFIC_NORMS, "5"),
    must_not("N-auxiliary-approve", Role.AUXILIARY, _APPROVE,
             ("辅警、协管员不得审核、审批。", "Auxiliaries must not review or approve."), POLICE_PROCEDURE, "52"),

    must_not("N-urban-parking", Role.URBAN_OFFICER, (*_PENALISE, Do.INVESTIGATE_GENERAL),
             ("道路上的违法停车由公安交管部门处罚，城管可以提醒、拍照、移交。",
              "Parking on roads is penalised by traffic police; urban management may remind, photograph, hand over."),
             CITY_TRAFFIC, "55, 63", offences=(Offence.PARKING, Offence.PARKING_LONG, Offence.BAY_OCCUPIED)),
    must_not("N-urban-identity", Role.URBAN_OFFICER, (Do.QUERY_IDENTITY, Do.SEE_POLICE_DATA),
             ("城管不得在公安系统查询身份，请向公安提出核验请求。",
              "Urban management must not query police systems; ask the police to verify."), PERSONAL_DATA, "34"),
    must_not("N-urban-liberty", Role.URBAN_OFFICER, (Do.DETAIN,),
             ("限制人身自由的处罚只能由公安机关和法律规定的其他机关行使。",
              "Only the police and agencies named by law may restrict liberty."), PENALTY, "18"),
    must_not("N-urban-review-parking", Role.URBAN_REVIEWER, (Do.REVIEW_RECORD,),
             ("道路违法停车记录由公安交管部门审核。", "Parking records of roads are reviewed by traffic police."),
             CITY_TRAFFIC, "55, 63", offences=(Offence.PARKING,)),

    must_not("N-traffic-detain", Role.AGENCY_HEAD, (Do.DETAIN,),
             ("行政拘留由县级以上公安机关决定，公安交管部门不得决定。",
              "Detention is decided by the county police or above, not by the traffic department."),
             TRAFFIC, "111", at=_TRAFFIC),
    must_not("N-traffic-officer-detain", Role.TRAFFIC_OFFICER, (Do.DETAIN,),
             ("行政拘留由县级以上公安机关决定。", "Detention is for the county police or above."), TRAFFIC, "111"),
)
# fmt: on
