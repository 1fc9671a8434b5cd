"""In the street: look, explain, advise, warn orally, admonish, order; or hand over to whose matter it is (处罚法 5, 33; 条例 55, 58)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.desks.streets.course.fields import PARTY_ASKED, WHO_AND_WHERE, competent
from guangyue.desks.streets.course.papers import HANDED, ORDER, RECEIPT, REGISTRATION, SUMMONS
from guangyue.desks.streets.who import FIELD, OFFICERS, TRAFFIC, holding
from guangyue.kernel.grammar import (
    REASON,
    Action,
    Ask,
    Checked,
    Competent,
    Deadline,
    Field,
    FromField,
    Outcome,
    PhotoSet,
    Priors,
    Recording,
    State,
    T,
    Term,
)
from guangyue.kernel.grammar import Kind as Of
from guangyue.law.competence.actors import AGENCIES, Agency

if TYPE_CHECKING:
    from guangyue.law.competence.catalogue import Kind

__all__ = ["LADDER", "OPEN", "STATES", "actions", "deadlines", "priors"]

STATES = (
    State("found", T("已发现，待处理", "Found")),
    State("handed_over", T("已移交，待签收", "Handed over; to be received")),
    State("ordered", T("已责令改正", "Ordered to correct")),
    State("due", T("改正期满，待复查", "Time is over; look again")),
    State("unmended", T("逾期未改正", "Order not obeyed")),
    Outcome("corrected", T("已改正，不予处罚", "Corrected; no penalty")),
    Outcome("warned_orally", T("口头警告", "Oral warning"), record=True),
    Outcome("dropped", T("不予处罚", "No penalty")),
)
OPEN = ("found", "ordered", "due", "unmended")
"""Where the matter is still in the street."""

LADDER = {
    "explain": "explain", "advise": "advise", "admonish": "admonish", "order": "order", "refuses": "refused",
    "unmended": "refused",
}  # fmt: skip
"""Acts that are steps of the law's ladder; the kernel lets no fine pass before those that the offence demands."""

CLOCKS = (
    Deadline(
        "correct", T("改正期限", "Time to correct"), FromField("correct_by"), during=("ordered",), lapses_to="due"
    ),
    Deadline(
        "receive",
        T("移交签收", "Receipt of the hand-over"),
        Term("S-HANDOVER"),
        during=("handed_over",),
        mode="alarm",
        tells=OFFICERS,
    ),
    Deadline(
        "registered",
        T("登记保存证据的处理", "Registered evidence dealt with"),
        Term("L-APL-REG"),
        during=("found", "ordered", "due", "unmended", "told", "heard", "investigating"),
        starts_on=("register",),
        stops_on=("release",),
        mode="alarm",
        tells=OFFICERS,
    ),
)

COME = Deadline(
    "come",
    T("到指定地点接受处理", "Come and have it handled"),
    Term("L-TRAF-NOTICE.1"),
    during=OPEN,
    starts_on=("summon",),
    mode="reference",
)


def deadlines(kind: Kind) -> tuple[Deadline, ...]:
    """The clocks in the street."""
    return (*CLOCKS, COME) if Agency.TRAFFIC_POLICE in kind.agencies else CLOCKS


VOICE = Recording("voice", T("语音说明", "Voice note"), required=False)
TALK = Recording("talk", T("现场执法记录", "Recording of the talk"), required=False)
EDUCATED = Ask("education", at_least=2)
OFFER = Field("offer", Of.LINES, T("提供的帮助（建议，不是条件）", "Help offered: advice, never a condition"))


def priors(kind: Kind) -> Priors:
    """What is on record from before; it suggests and never decides, and what is sealed is not among it."""
    return Priors(
        outcomes=("warned_orally", "warned", "performed"),
        shows=("measure", "offence"),
        first=kind.first,
        again=kind.again,
        look_back=kind.look_back,
    )


def actions(kind: Kind) -> tuple[Action, ...]:
    """The acts in the street."""
    seen = kind.found
    found = PhotoSet(
        "found", T("现场照片", "Photographs"), at_least=seen.at_least, panoramas=seen.panoramas,
        legible_plate=seen.legible_plate, located=True, apart=seen.apart,
    )  # fmt: skip
    look = kind.rechecked
    again = PhotoSet(
        "rechecked", T("复查照片", "Photographs of the second look"), at_least=look.at_least, panoramas=look.panoramas,
        legible_plate=look.legible_plate, located=True, apart=look.apart, together_with=("found",) if look.apart else (),
    )  # fmt: skip
    plate = (Ask("plate"),) if kind.subject == "vehicle" else ()
    return (
        Action(
            "record",
            T("发现登记", "Record"),
            FIELD,
            opens="found",
            form=(*plate, *WHO_AND_WHERE, Ask("facts", required=False)),
            evidence=(found, VOICE),
            requires=(Competent("photograph"),),
        ),
        Action(
            "explain",
            T("教育引导", "Explain"),
            OFFICERS,
            repeat=True,
            during=OPEN,
            form=(EDUCATED,),
            evidence=(TALK,),
            consults=priors(kind),
        ),
        Action(
            "advise", T("劝导", "Advise"), OFFICERS, repeat=True, during=("found",), form=(EDUCATED,), evidence=(TALK,)
        ),
        Action(
            "offer_help",
            T("提供帮助", "Offer help"),
            OFFICERS,
            repeat=True,
            during=(*OPEN, "warned_orally"),
            form=(Ask(OFFER, at_least=2),),
        ),
        Action(
            "admonish",
            T("告诫", "Admonish"),
            OFFICERS,
            repeat=True,
            during=("found",),
            form=(*PARTY_ASKED, EDUCATED),
            evidence=(TALK,),
        ),
        Action(
            "warn_orally",
            T("口头警告，不予处罚", "Warn orally, no penalty"),
            OFFICERS,
            moves={"found": "warned_orally", "ordered": "warned_orally"},
            form=(*PARTY_ASKED, EDUCATED),
            requires=(
                competent("oral_warning"),
                Checked("slight", T("情节轻微，没有危害后果", "Minor, and no harm was done")),
            ),
            consults=priors(kind),
            law=T("行政处罚法第33条", "Penalty Law art. 33"),
        ),
        Action(
            "order",
            T("责令改正", "Order to correct"),
            OFFICERS,
            moves={"found": "ordered"},
            form=(*PARTY_ASKED, Ask("facts"), Ask("correct_by")),
            documents=(ORDER,),
            requires=(competent("order_correction"),),
            consults=priors(kind),
            law=T("行政处罚法第28条", "Penalty Law art. 28"),
        ),
        Action(
            "refuses",
            T("拒不改正", "Refuses to correct"),
            OFFICERS,
            moves={"ordered": "unmended"},
            form=(REASON,),
            evidence=(again,),
        ),
        Action(
            "unmended",
            T("逾期未改正", "Not corrected in time"),
            OFFICERS,
            moves={"due": "unmended"},
            evidence=(again,),
        ),
        Action(
            "corrected",
            T("已改正", "Corrected"),
            FIELD,
            moves={"found": "corrected", "ordered": "corrected", "due": "corrected"},
            evidence=(again,),
            law=T("行政处罚法第33条", "Penalty Law art. 33"),
        ),
        Action(
            "drop",
            T("不予处罚", "No penalty"),
            OFFICERS,
            moves={"found": "dropped", "due": "dropped", "unmended": "dropped", "told": "dropped", "heard": "dropped"},
            form=(REASON,),
            law=T("行政处罚法第33条", "Penalty Law art. 33"),
        ),
        Action(
            "register",
            T("先行登记保存证据", "Keep evidence by registration"),
            OFFICERS,
            repeat=True,
            during=("found", "ordered", "due", "unmended", "investigating"),
            form=(*PARTY_ASKED, Ask("facts"), Ask("goods"), Ask("keep_until"), Ask("party_signed")),
            documents=(REGISTRATION,),
            requires=(
                competent("investigate_general"),
                Checked("approved", T("已经行政机关负责人批准", "approved by the head of the agency")),
            ),
            law=T("行政处罚法第56条", "Penalty Law art. 56"),
        ),
        Action(
            "release",
            T("处理登记保存的证据", "Deal with registered evidence"),
            OFFICERS,
            repeat=True,
            during=("found", "ordered", "due", "unmended", "told", "heard", "investigating"),
            form=(REASON,),
        ),
        *(_summons() if Agency.TRAFFIC_POLICE in kind.agencies else ()),
        *(part for agency in kind.agencies for part in _hand_over(agency)),
    )


def _summons() -> tuple[Action, ...]:
    return (
        Action(
            "summon",
            T("开具处理通知书", "Notice to come"),
            (TRAFFIC,),
            repeat=True,
            during=("found", "ordered", "due", "unmended"),
            form=(*PARTY_ASKED, Ask("facts"), Ask("vehicle_text"), Ask("vehicle_type"), Ask("party_signed")),
            documents=(SUMMONS,),
            law=T("处理程序规定第46、47条", "Procedure for Traffic Offences art. 46, 47"),
        ),
    )


def _hand_over(agency: Agency) -> tuple[Action, ...]:
    """Handing the matter to a competent agency, and its receipt."""
    name = AGENCIES[agency]
    others = tuple(w for w in FIELD if w.agency != agency)
    return (
        Action(
            f"hand_to_{agency}",
            T(f"移交{name.zh}", f"Hand over to {name.en}"),
            others,
            moves={"found": "handed_over"},
            form=(Ask("facts"), REASON),
            documents=(HANDED,),
            hands_over_to=agency.value,
            requires=(Competent("hand_over"),),
            law=T("聊城市道路交通安全条例第55条", "Liaocheng Road Traffic Safety Rules art. 55"),
        ),
        Action(
            f"received_{agency}",
            T(f"{name.zh}签收", f"Received by {name.en}"),
            (holding(agency),),
            moves={"handed_over": "found"},
            documents=(RECEIPT,),
        ),
    )
