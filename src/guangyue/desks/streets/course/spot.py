"""On the spot: told, heard, then a warning notice or a fine inside the on-the-spot limit (处罚法 44, 45, 51, 52; 程序规定 44, 45)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.desks.streets.course.fields import PARTY_ASKED, competent, maximum
from guangyue.desks.streets.course.papers import SIMPLE, SPOT, WARNING
from guangyue.desks.streets.course.street import LADDER, priors
from guangyue.desks.streets.who import LEGAL, OFFICERS, TRAFFIC, URBAN, URBAN_REVIEWER
from guangyue.kernel.grammar import (
    REASON,
    Action,
    Ask,
    Checked,
    FieldIs,
    FieldNotAbove,
    Holds,
    Not,
    Outcome,
    State,
    T,
    WithinBand,
)
from guangyue.law.competence.actors import Agency

if TYPE_CHECKING:
    from guangyue.kernel.grammar import Requirement
    from guangyue.law.competence.catalogue import Kind

__all__ = ["STATES", "actions", "fine_rules"]

STATES = (
    State("told", T("已告知，听取陈述申辩", "Told; to be heard")),
    State("heard", T("已听取陈述申辩", "Heard")),
    Outcome("warned", T("警告通知", "Warning notice"), record=True),
    Outcome("sealed", T("已封存", "Sealed")),
)
_MINOR = FieldIs("minor", (True,))
_SPOT_MAXIMUM = T(
    "顶格处罚不能当场作出：须写明理由，经一般程序和法制审核。",
    "The maximum is not for the spot: it needs written reasons, the general procedure and legal review.",
)
NOT_HEAVIER = T(
    "罚款不得高于告知的数额：不得因陈述、申辩加重处罚；有新事实的，重新告知。",
    "The fine may not be above what was told: nobody pays for speaking up. New facts are told anew.",
)


NOT_TOLD = T(
    "告知当事人的处理不是罚款，不得罚款；需要罚款的，退回补充调查后重新告知。",
    "The party was told of something else than a fine. If a fine is called for, send it back and tell anew.",
)


def fine_rules() -> tuple[Requirement, ...]:
    """What binds every fine: its band, the steps before it, and never more than was told."""
    return (
        WithinBand("fine", "offence", steps=LADDER),
        Holds(FieldIs("measure", ("fine",)), NOT_TOLD),
        Holds(FieldNotAbove("fine", "told_fine"), NOT_HEAVIER),
    )


def actions(kind: Kind) -> tuple[Action, ...]:
    """The acts on the spot."""
    top = maximum(kind)
    fines = any(band.least is not None for count in kind.counts for band in count.bands)
    warn = (*PARTY_ASKED, Ask("facts"), Ask("education", at_least=2))
    slight = Checked("slight", T("初次违法或者情节轻微", "a first or a minor offence"))
    return (
        Action(
            "tell",
            T("告知事实、理由、依据和权利", "Tell facts, grounds and rights"),
            OFFICERS,
            moves={"found": "told", "due": "told", "unmended": "told"},
            form=(
                *PARTY_ASKED,
                Ask("facts"),
                Ask("measure", among=("none", "warning", *(("fine",) if fines else ()))),
                Ask("told_fine", required=False),
            ),
            requires=(
                competent("decide_warning"),
                Checked("card_shown", T("已出示执法证件", "credentials were shown")),
            ),
            consults=priors(kind),
            law=T("行政处罚法第44、52、55条", "Penalty Law art. 44, 52, 55"),
        ),
        Action(
            "hear",
            T("记录陈述、申辩", "Record statement and defence"),
            OFFICERS,
            moves={"told": "heard"},
            form=(Ask("statement", required=False), Ask("answer")),
            law=T("行政处罚法第45条", "Penalty Law art. 45"),
        ),
        Action(
            "warn",
            T("初次轻微，出具警告通知", "First and minor: warning notice"),
            OFFICERS,
            moves={"heard": "warned"},
            form=warn,
            documents=(WARNING,),
            requires=(
                competent("decide_warning"),
                slight,
                Holds(Not(_MINOR), T("未成年人请用“警告并封存”。", "For a minor, warn and seal.")),
            ),
            consults=priors(kind),
            law=T("行政处罚法第33条", "Penalty Law art. 33"),
        ),
        Action(
            "warn_minor",
            T("未成年人，警告并封存", "A minor: warn and seal"),
            OFFICERS,
            moves={"heard": "sealed"},
            form=warn,
            documents=(WARNING,),
            requires=(competent("decide_warning"), slight, Holds(_MINOR, T("只用于未成年人。", "Only for a minor."))),
            law=T("行政处罚法第30、33条", "Penalty Law art. 30, 33"),
        ),
        Action(
            "seal",
            T("封存记录", "Seal the record"),
            (LEGAL, URBAN_REVIEWER),
            moves={"warned_orally": "sealed", "warned": "sealed", "performed": "sealed"},
            from_outcome=("warned_orally", "warned", "performed"),
            form=(REASON,),
        ),
        *(_fines(kind, top) if fines else ()),
    )


def _fines(kind: Kind, top: object) -> tuple[Action, ...]:
    rules: tuple[Requirement, ...] = (competent("fine_on_spot", fine=True), *fine_rules())
    if top is not None:
        rules = (*rules, Holds(Not(top), _SPOT_MAXIMUM))  # type: ignore[arg-type]  # a condition
    adult = Holds(Not(_MINOR), T("未成年人的罚款须经一般程序。", "A minor's fine takes the general procedure."))
    asked = (Ask("fine", at_least=1), Ask("aggravation", required=False), Ask("party_signed"))
    made = []
    if Agency.URBAN in kind.agencies:
        made.append(
            Action(
                "fine_on_spot",
                T("当场罚款", "Fine on the spot"),
                (URBAN,),
                moves={"heard": "served"},
                form=asked,
                documents=(SPOT,),
                requires=(*rules, adult),
                consults=priors(kind),
                law=T("行政处罚法第51、52条；行政复议法第23条", "Penalty Law art. 51, 52; Reconsideration Law art. 23"),
            )
        )
    if Agency.TRAFFIC_POLICE in kind.agencies:
        made.append(
            Action(
                "fine_simple",
                T("简易程序罚款", "Fine by the simple procedure"),
                (TRAFFIC,),
                moves={"heard": "served"},
                form=(*asked, Ask("vehicle_text"), Ask("vehicle_type")),
                documents=(SIMPLE,),
                requires=(*rules, adult),
                consults=priors(kind),
                law=T(
                    "道路交通安全法第107条；处理程序规定第44、45条；行政复议法第23条",
                    "Road Traffic Safety Law art. 107; Procedure for Traffic Offences art. 44, 45; Reconsideration Law art. 23",
                ),
            )
        )
    return tuple(made)
