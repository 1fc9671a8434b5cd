"""Objection, withdrawal, annulment, reopening (处罚法 48, 75; 复议法 20, 23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.desks.streets.course.general import HANDS_ON
from guangyue.desks.streets.course.money import DECIDERS, states
from guangyue.desks.streets.who import HEADS, LEGAL, OFFICERS, PARTY, URBAN_REVIEWER
from guangyue.kernel.grammar import (
    REASON,
    Action,
    Annul,
    Deadline,
    Outcome,
    PhotoSet,
    Reopen,
    State,
    T,
    Term,
)

if TYPE_CHECKING:
    from guangyue.law.competence.catalogue import Kind

__all__ = ["DEADLINES", "STATES", "actions"]

STATES = (
    State("warning_objected", T("对警告提出异议", "Objection to the warning")),
    State("objected", T("对处罚提出异议", "Objection to the penalty")),
    State("paid_objected", T("履行后提出异议", "Objection after performance")),
    Outcome("annulled", T("已撤销", "Annulled")),
)
OBJECTED = ("warning_objected", "objected", "paid_objected")
DEADLINES = (
    Deadline(
        "objection",
        T("答复异议", "Answer to the objection"),
        Term("S-OBJECT"),
        during=OBJECTED,
        mode="alarm",
        tells=(*HEADS, LEGAL),
    ),
    Deadline(
        "unpublish",
        T("撤回已公开的决定", "Published decision withdrawn"),
        Term("L-APL-WDR"),
        during=("annulled",),
        starts_on=("annul", "uphold"),
        stops_on=("unpublish",),
        mode="alarm",
        tells=OFFICERS,
    ),
)
SUPPLIED = PhotoSet("supplied", T("异议材料", "Papers with the objection"), at_least=0, located=False, timed=False)


def actions(kind: Kind) -> tuple[Action, ...]:
    """What follows when somebody says that it was wrong."""
    reviewers = (LEGAL, URBAN_REVIEWER, *HEADS)
    known = {state.code for state in states(kind)}
    decided = {"decided", "served", "unpaid", "deferred"} & {"decided", *known}
    closed = ("warned", "warned_orally", "performed", *(("to_court",) if "to_court" in known else ()))
    involved = (*HANDS_ON, "warn", *DECIDERS(kind), "decide_warning")
    return (
        Action(
            "object",
            T("提出异议", "Object"),
            (PARTY,),
            moves={
                "warned": "warning_objected", "performed": "paid_objected",
                **dict.fromkeys(sorted(decided - {"decided"}), "objected"),
            },
            from_outcome=("warned", "performed"),
            form=(REASON,),
            evidence=(SUPPLIED,),
        ),
        Action(
            "uphold",
            T("异议成立，撤销", "Objection upheld: annul"),
            reviewers,
            moves=dict.fromkeys(OBJECTED, "annulled"),
            form=(REASON,),
            unless_same_person_as=involved,
        ),
        Action(
            "deny",
            T("异议不成立", "Objection denied"),
            reviewers,
            moves={"warning_objected": "warned", "objected": "served", "paid_objected": "performed"},
            form=(REASON,),
            unless_same_person_as=involved,
        ),
        Action(
            "annul",
            T("撤销", "Annul"),
            HEADS,
            moves=dict.fromkeys((*closed, *sorted(decided)), "annulled"),
            from_outcome=closed,
            verb=Annul(),
            law=T("行政处罚法第48、75条", "Penalty Law art. 48, 75"),
        ),
        Action(
            "unpublish",
            T("撤回公开信息并说明理由", "Withdraw what was published, with reasons"),
            OFFICERS,
            repeat=True,
            during=("annulled",),
            form=(REASON,),
            law=T("行政处罚法第48条", "Penalty Law art. 48"),
        ),
        Action(
            "reopen",
            T("重新办理", "Reopen"),
            HEADS,
            moves={"dropped": "found", "corrected": "found", "annulled": "found"},
            from_outcome=("dropped", "corrected", "annulled"),
            verb=Reopen(),
        ),
    )  # fmt: skip
