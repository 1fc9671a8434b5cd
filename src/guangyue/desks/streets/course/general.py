"""The general procedure: filed, investigated, told, heard, reviewed, decided (处罚法 42, 44, 45, 54–64).

The decision is the head's and never the investigator's; a hearing is offered where the amount calls for it; the maximum,
and what was heard in a hearing, goes through legal review first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.desks.streets.course.fields import PARTY_ASKED, competent, hearing_case, maximum
from guangyue.desks.streets.course.papers import DECISION, DECISION_WARNING, TOLD, TOLD_FINE
from guangyue.desks.streets.course.spot import fine_rules
from guangyue.desks.streets.course.street import priors
from guangyue.desks.streets.who import HEADS, HOST, LEGAL, OFFICERS, PARTY, URBAN_REVIEWER
from guangyue.kernel.grammar import (
    REASON,
    Action,
    AnyOf,
    Ask,
    Checked,
    Competent,
    Deadline,
    Done,
    DoneByActor,
    Expired,
    Field,
    FieldSet,
    Happened,
    Holds,
    Not,
    Outcome,
    PhotoSet,
    Recording,
    Requirement,
    Resume,
    Running,
    State,
    Suspend,
    T,
    Term,
)
from guangyue.kernel.grammar import Kind as Of

if TYPE_CHECKING:
    from guangyue.law.competence.catalogue import Kind

__all__ = ["DEADLINES", "HANDS_ON", "STATES", "actions"]

STATES = (
    State("investigating", T("已立案，调查中", "Filed; investigated")),
    State("notified", T("已告知拟处罚内容", "Intended penalty told")),
    State("hearing", T("听证", "Hearing")),
    State("defended", T("陈述申辩期满或者已听取", "Heard, or the time is over")),
    State("reviewed", T("法制审核通过", "Passed legal review")),
    State("decided", T("已决定，待送达", "Decided; to be served")),
    Outcome("transferred", T("移送公安机关", "Transferred to the police")),
)
COURSE = ("investigating", "notified", "hearing", "defended", "reviewed")
HANDS_ON = ("record", "tell", "file", "question", "conclude", "notify")
"""Acts whose doer neither reviews nor decides the matter."""

DEADLINES = (
    Deadline(
        "decide",
        T("作出处罚决定", "Decision"),
        Term("L-APL-90"),
        during=COURSE,
        starts_on=("file",),
        mode="alarm",
        tells=(*OFFICERS, *HEADS),
    ),
    Deadline(
        "defence",
        T("陈述申辩、要求听证", "Statement, or request of a hearing"),
        Term("L-APL-HEAR.1"),
        during=("notified",),
        lapses_to="defended",
    ),
    Deadline(
        "hearing_notice",
        T("听证通知满七日", "Seven days from the notice of hearing"),
        Term("L-APL-HEAR.2"),
        during=("hearing",),
        starts_on=("call_hearing",),
        mode="reference",
    ),
)
OWN = {"own_case": DoneByActor(HANDS_ON)}
PAPERS = PhotoSet("papers", T("案卷材料", "Papers of the file"), at_least=0, located=False, timed=False)
QUESTIONED = Recording("questioned", T("询问同步录音录像", "Recording of the questioning"), required=False)


def actions(kind: Kind) -> tuple[Action, ...]:
    """The acts of the general procedure."""
    told_fine = any(band.least is not None for count in kind.counts for band in count.bands)
    return (
        Action(
            "file",
            T("立案", "File"),
            OFFICERS,
            moves={
                "found": "investigating",
                "unmended": "investigating",
                "due": "investigating",
                "heard": "investigating",
            },
            form=(*PARTY_ASKED, Ask("party_address", required=False), Ask("facts")),
            requires=(competent("investigate_general"),),
            consults=priors(kind),
            law=T("行政处罚法第42、54、60条", "Penalty Law art. 42, 54, 60"),
        ),
        Action(
            "question",
            T("询问", "Question"),
            OFFICERS,
            repeat=True,
            during=("investigating",),
            form=(
                Ask(Field("asked", Of.LINES, T("询问内容", "Questions and answers")), at_least=2),
                Ask("party_signed"),
            ),
            evidence=(QUESTIONED,),
            requires=(competent("question"),),
            law=T("行政处罚法第55条", "Penalty Law art. 55"),
        ),
        Action(
            "conclude",
            T("调查终结", "Conclude the investigation"),
            OFFICERS,
            repeat=True,
            during=("investigating",),
            form=(Ask("facts"), Ask("evidence_list"), Ask("aggravation", required=False)),
            evidence=(PAPERS,),
            requires=(competent("investigate_general"),),
            law=T("行政处罚法第57条", "Penalty Law art. 57"),
        ),
        Action(
            "notify",
            T("告知拟作出的处罚", "Tell the intended penalty"),
            OFFICERS,
            moves={"investigating": "notified"},
            form=(
                Ask("measure", among=("warning", *(("fine",) if told_fine else ()))),
                Ask("told_fine", required=False),
            ),
            documents=(TOLD, *((TOLD_FINE,) if told_fine else ())),
            requires=(competent("investigate_general"), Done("conclude")),
            law=T("行政处罚法第44、45、63、64条", "Penalty Law art. 44, 45, 63, 64"),
        ),
        *_heard(),
        *_reviewed(),
        *_decided(kind, fines=told_fine),
        Action(
            "suspend",
            T("中止", "Suspend"),
            HEADS,
            repeat=True,
            during=COURSE,
            verb=Suspend(),
        ),
        Action("resume", T("恢复", "Resume"), HEADS, repeat=True, during=COURSE, while_suspended=True, verb=Resume()),
        Action(
            "transferred",
            T("公安机关已立案，案件移送", "The police opened a case: transferred"),
            HEADS,
            moves=dict.fromkeys(("investigating", "notified", "defended", "reviewed"), "transferred"),
            form=(Ask(Field("case_number", Of.TEXT, T("公安机关案号", "The police's case number"))),),
            while_suspended=True,
            law=T("移送规定第11、12条", "Provisions on Transferring Suspected Crimes art. 11, 12"),
        ),
    )


def _heard() -> tuple[Action, ...]:
    offered = hearing_case()
    hosted = {"own_investigation": DoneByActor(HANDS_ON)}
    return (
        Action(
            "state",
            T("陈述、申辩", "State and defend"),
            (PARTY,),
            repeat=True,
            during=("told", "notified"),
            form=(Ask("statement", at_least=2),),
            evidence=(PAPERS,),
            law=T("行政处罚法第45条", "Penalty Law art. 45"),
        ),
        Action(
            "defended",
            T("复核陈述、申辩", "Answer the statement"),
            OFFICERS,
            moves={"notified": "defended"},
            form=(Ask("statement", required=False), Ask("answer")),
            requires=(
                Checked("waived", T("当事人书面放弃听证", "the party waived the hearing in writing"), when=offered),
            ),
            law=T("行政处罚法第45条", "Penalty Law art. 45"),
        ),
        Action(
            "ask_hearing",
            T("要求听证", "Ask for a hearing"),
            (PARTY, *OFFICERS),
            moves={"notified": "hearing"},
            requires=(
                Holds(
                    offered,
                    T(
                        "拟罚款未达到较大数额，不适用听证；可以陈述、申辩。",
                        "The amount does not call for a hearing; a statement may be made.",
                    ),
                ),
                Running("defence"),
            ),
            law=T("行政处罚法第63、64条", "Penalty Law art. 63, 64"),
        ),
        Action(
            "call_hearing",
            T("发出听证通知", "Give notice of the hearing"),
            (HOST,),
            repeat=True,
            during=("hearing",),
            form=(
                Ask(Field("held_at", Of.MOMENT, T("听证时间", "When"))),
                Ask(Field("held_where", Of.TEXT, T("听证地点", "Where"))),
            ),
            requires=(Competent("run_hearing", given=hosted),),
            unless_same_person_as=HANDS_ON,
        ),
        Action(
            "hold_hearing",
            T("举行听证", "Hold the hearing"),
            (HOST,),
            moves={"hearing": "defended"},
            form=(Ask("statement"), Ask("answer")),
            requires=(Competent("run_hearing", given=hosted), Expired("hearing_notice")),
            unless_same_person_as=HANDS_ON,
            law=T("行政处罚法第64条", "Penalty Law art. 64"),
        ),
        Action(
            "leave_hearing",
            T("撤回听证要求", "Withdraw the request"),
            (PARTY, HOST),
            moves={"hearing": "defended"},
            form=(REASON,),
        ),
    )


def _reviewed() -> tuple[Action, ...]:
    by = (LEGAL, URBAN_REVIEWER)
    return (
        Action(
            "review",
            T("法制审核通过", "Pass legal review"),
            by,
            moves={"defended": "reviewed"},
            form=(Ask(Field("opinion", Of.LINES, T("审核意见", "Opinion")), at_least=2),),
            requires=(Competent("legal_review", given=OWN),),
            unless_same_person_as=HANDS_ON,
            law=T("行政处罚法第58条", "Penalty Law art. 58"),
        ),
        Action(
            "send_back",
            T("退回补充调查", "Send back"),
            (*by, *HEADS),
            moves={"defended": "investigating", "reviewed": "investigating"},
            form=(REASON,),
            unless_same_person_as=HANDS_ON,
        ),
        Action(
            "discuss",
            T("负责人集体讨论", "Group decision"),
            HEADS,
            repeat=True,
            during=("defended", "reviewed"),
            form=(Ask(Field("minutes", Of.LINES, T("讨论记录", "Minutes")), at_least=2),),
            requires=(Competent("group_decision"),),
            law=T("行政处罚法第57条", "Penalty Law art. 57"),
        ),
    )


def _decided(kind: Kind, *, fines: bool) -> tuple[Action, ...]:
    top, offered = maximum(kind), hearing_case()
    weighty = offered if top is None else AnyOf((offered, top))
    moves = {"defended": "decided", "reviewed": "decided"}
    reviewed = Done("review", when=weighty)
    discussed = Done("discuss", when=offered)
    address = (Ask("party_address"),)
    rules: tuple[Requirement, ...] = (
        competent("decide_fine", fine=True, given=OWN),
        *fine_rules(),
        reviewed,
        discussed,
    )
    if top is not None:
        rules = (
            *rules,
            Holds(
                AnyOf((Not(top), FieldSet("top_reason"))),
                T("顶格处罚须写明理由。", "The maximum needs its reasons in writing."),
            ),
        )
    fine = Action(
        "decide_fine",
        T("决定罚款", "Decide a fine"),
        HEADS,
        moves=moves,
        form=(*address, Ask("fine", at_least=1), Ask("aggravation", required=False), Ask("top_reason", required=False)),
        documents=(DECISION,),
        requires=rules,
        unless_same_person_as=HANDS_ON,
        consults=priors(kind),
        law=T("行政处罚法第57、59条", "Penalty Law art. 57, 59"),
    )
    return (
        *((fine,) if fines else ()),
        Action(
            "decide_warning",
            T("决定警告", "Decide a warning"),
            HEADS,
            moves=moves,
            form=address,
            documents=(DECISION_WARNING,),
            requires=(competent("decide_warning", given=OWN),),
            unless_same_person_as=HANDS_ON,
            consults=priors(kind),
            law=T("行政处罚法第57、59条", "Penalty Law art. 57, 59"),
        ),
        Action(
            "decide_none",
            T("决定不予处罚", "Decide on no penalty"),
            HEADS,
            moves={"defended": "dropped", "reviewed": "dropped"},
            form=(REASON,),
            requires=(Holds(Not(Happened("annul")), T("该决定已撤销。", "This decision was annulled.")),),
            unless_same_person_as=HANDS_ON,
            law=T("行政处罚法第33、57条", "Penalty Law art. 33, 57"),
        ),
    )
