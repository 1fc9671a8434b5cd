"""Powers of courts, command rooms, windows, banks, mediators, parties and administrators (其他职权)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law.competence.actions import Action as Do
from guangyue.law.competence.actions import Fact as If
from guangyue.law.competence.actors import Agency, Role
from guangyue.law.competence.table import may, must_not
from guangyue.law.laws import (
    ANTI_FRAUD,
    CIVIL,
    CIVIL_2021,
    CLASSIFIED_PROTECTION,
    COURT_PRACTICE,
    LICENSING,
    MEDIATION,
    POLICE_POWERS,
    SERVICE_POWERS,
    SUPERVISION,
    TIME_LIMITS,
    TRAFFIC_PROCEDURE,
)

if TYPE_CHECKING:
    from guangyue.law.competence.powers import Ban, Power

__all__ = ["BANS", "POWERS"]

_COURT, _POLICE, _BANK = (Agency.COURT,), (Agency.POLICE,), (Agency.BANK,)
_EVICTION = ((CIVIL_2021, "257"), (CIVIL, "261"))
_SEARCH = ((CIVIL_2021, "255"), (CIVIL, "259"))
_ADMINS = (
    (Role.AUDITOR, Do.READ_AUDIT),
    (Role.SECURITY_ADMIN, Do.SET_SECURITY),
    (Role.SYSTEM_ADMIN, Do.OPERATE_SYSTEM),
)

# fmt: off
POWERS: tuple[Power, ...] = (
    *(may("executor-force", Role.COURT_EXECUTOR, (Do.FORCE_EVICTION,), law, art, at=_COURT, needs=(If.NOTICE_EXPIRED,))
      for law, art in _EVICTION),
    *(may("executor-record", Role.COURT_EXECUTOR, (Do.WRITE_TRANSCRIPT, Do.SERVE, Do.PHOTOGRAPH), law, art, at=_COURT)
      for law, art in _EVICTION),
    *(may("president-eviction", Role.COURT_PRESIDENT, (Do.SIGN_EVICTION,), law, art, at=_COURT)
      for law, art in _EVICTION),
    *(may("president-search", Role.COURT_PRESIDENT, (Do.SIGN_SEARCH,), law, art, at=_COURT) for law, art in _SEARCH),
    may("president-extension", Role.COURT_PRESIDENT, (Do.APPROVE_EXTENSION,), TIME_LIMITS, "5", at=_COURT),
    may("judge-list", Role.COURT_JUDGE, (Do.LIST_DISHONEST,), COURT_PRACTICE, "", at=_COURT),

    may("call-taker", Role.CALL_TAKER, (Do.TAKE_CALL, Do.REGISTER, Do.REPORT), POLICE_POWERS, "", at=_POLICE),
    may("dispatcher", Role.DISPATCHER, (Do.DISPATCH, Do.REPORT), POLICE_POWERS, "", at=_POLICE),
    may("commander", Role.COMMANDER, (Do.DISPATCH, Do.APPROVE_ROUTES, Do.REPORT), POLICE_POWERS, "", at=_POLICE),

    may("clerk", Role.CLERK, (Do.ACCEPT_APPLICATION, Do.RECEIVE, Do.SERVE), LICENSING, "32"),
    may("head-urgent", Role.AGENCY_HEAD, (Do.APPROVE_URGENT,), SERVICE_POWERS, "", excludes=(If.OWN_CLERKING,)),

    may("bank-hold", Role.BANK_STAFF, (Do.HOLD_TRANSFER, Do.REPORT), ANTI_FRAUD, "18", at=_BANK,
        needs=(If.CHECKS_DONE,)),
    may("analyst-warn", Role.FRAUD_ANALYST, (Do.ISSUE_WARNING, Do.REPORT), ANTI_FRAUD, "34", at=_POLICE),
    may("analyst-stop", Role.FRAUD_ANALYST, (Do.STOP_PAYMENT,), ANTI_FRAUD, "20", at=_POLICE, needs=(If.APPROVED,)),

    may("mediator", Role.MEDIATOR, (Do.MEDIATE,), MEDIATION, "17", excludes=(If.REFUSED,)),
    may("mediator-report", Role.MEDIATOR, (Do.REPORT,), MEDIATION, "25"),
    may("highway", Role.HIGHWAY_STAFF, (Do.REMIND, Do.REPORT, Do.HELP, Do.PUBLICISE), SERVICE_POWERS, "",
        at=(Agency.HIGHWAY,)),
    may("citizen", Role.CITIZEN, (Do.REPORT, Do.OBJECT), TRAFFIC_PROCEDURE, "5, 14, 23"),
    may("owner", Role.OWNER, (Do.OBJECT, Do.REPORT), TRAFFIC_PROCEDURE, "5"),
    may("carrier", Role.CARRIER, (Do.CONFIRM_DELIVERY,), SERVICE_POWERS, "", at=(Agency.TELECOM,)),
    may("supervisor", Role.SUPERVISOR, (Do.SUPERVISE,), SUPERVISION, ""),

    *(may(f"{role}", role, (action,), CLASSIFIED_PROTECTION, "8.1.5", excludes=(If.OTHER_ADMIN_ACCOUNT,))
      for role, action in _ADMINS),
)

BANS: tuple[Ban, ...] = (
    *(must_not("N-executor-sign", Role.COURT_EXECUTOR, (Do.SIGN_EVICTION,),
               ("腾退公告由院长签发。", "An eviction notice is signed by the court president."), law, art)
      for law, art in _EVICTION),
    *(must_not("N-executor-search", Role.COURT_EXECUTOR, (Do.SIGN_SEARCH,),
               ("搜查令由院长签发。", "A search warrant is signed by the court president."), law, art)
      for law, art in _SEARCH),
    must_not("N-clerk-approve", Role.CLERK, (Do.APPROVE_URGENT,),
             ("经手受理的人不得批准加急。", "Who takes an application in must not approve its urgent track."),
             SERVICE_POWERS, ""),
    must_not("N-bank-stop", Role.BANK_STAFF, (Do.STOP_PAYMENT,),
             ("紧急止付由公安机关决定，银行予以配合。", "The police order a stop of payment; the bank carries it out."),
             ANTI_FRAUD, "20"),
    must_not("N-supervisor-act", Role.SUPERVISOR, (Do.DECIDE_WARNING, Do.DECIDE_FINE, Do.FINE_ON_SPOT, Do.DETAIN),
             ("执法监督人员只监督，不办案。", "Supervisors supervise and do not decide cases."), SUPERVISION, ""),
    *(must_not(f"N-{role}-other", role, tuple(other for _, other in _ADMINS if other is not action),
               ("系统、安全、审计三类管理员权限分离。", "System, security and audit administration are kept apart."),
               CLASSIFIED_PROTECTION, "8.1.5") for role, action in _ADMINS),
)
# fmt: on
