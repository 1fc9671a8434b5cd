"""Service of the decision, and its collection by somebody else (处罚法 61, 67–73; 强制法 53, 54)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.desks.streets.course.fields import competent
from guangyue.desks.streets.course.papers import E_SERVICE, URGE
from guangyue.desks.streets.who import BANK, CLERK, HEADS, OFFICERS, TRAFFIC
from guangyue.kernel.grammar import (
    REASON,
    Action,
    AnyOf,
    Ask,
    Checked,
    Deadline,
    Expired,
    Field,
    FieldIs,
    FieldSet,
    FromField,
    Happened,
    Holds,
    Not,
    Outcome,
    PhotoSet,
    State,
    T,
    Term,
)
from guangyue.kernel.grammar import Kind as Of
from guangyue.law.competence.actors import Agency

if TYPE_CHECKING:
    from guangyue.law.competence.catalogue import Kind

__all__ = ["DECIDERS", "actions", "deadlines", "states"]

SERVED = (
    State("served", T("已送达", "Served")),
    Outcome("performed", T("已履行", "Performed"), record=True),
)
COLLECTED = (
    State("deferred", T("准予暂缓、分期", "Payment put off")),
    State("unpaid", T("逾期未缴", "Not paid in time")),
    State("cash", T("当场收缴，待交回", "Cash taken; to be handed in")),
    State("cash_in", T("罚款已交机关，待缴银行", "Cash with the agency; to the bank")),
    Outcome("to_court", T("已申请法院强制执行", "Court asked to enforce"), record=True),
)
WAYS = (
    ("direct", T("直接送达", "In person")),
    ("left", T("留置送达", "Left there")),
    ("mail", T("邮寄送达", "By mail")),
    ("electronic", T("电子送达", "Electronically")),
    ("public", T("公告送达", "By public notice")),
)
WAY = Field("way", Of.CHOICE, T("送达方式", "Way of service"), choices=WAYS)
PROOF = PhotoSet("proof", T("送达回证", "Proof of service"), at_least=0, located=False, timed=False)
SPOT = ("fine_on_spot", "fine_simple")


def states(kind: Kind) -> tuple[State | Outcome, ...]:
    """The states after a decision; those of money only where there can be a fine."""
    return (*SERVED, *COLLECTED) if _fines(kind) else SERVED


def DECIDERS(kind: Kind) -> tuple[str, ...]:  # noqa: N802 - a constant for each kind
    """Acts whose doer may not take the money."""
    return tuple(code for code in (*_spot(kind), "decide_fine") if code != "decide_fine" or _fines(kind))


def _fines(kind: Kind) -> bool:
    return any(band.least is not None for count in kind.counts for band in count.bands)


def _spot(kind: Kind) -> tuple[str, ...]:
    if not _fines(kind):
        return ()
    wanted = ((Agency.URBAN, "fine_on_spot"), (Agency.TRAFFIC_POLICE, "fine_simple"))
    return tuple(code for agency, code in wanted if agency in kind.agencies)


def deadlines(kind: Kind) -> tuple[Deadline, ...]:
    """The clocks of service and payment."""
    on_spot = _spot(kind)
    more = ("deferred", "unpaid") if _fines(kind) else ()
    serve = Deadline(
        "serve",
        T("送达决定书", "Service of the decision"),
        Term("L-APL-SERVE"),
        during=("decided",),
        mode="alarm",
        tells=OFFICERS,
    )
    reference = (
        Deadline(
            "reconsider",
            T("申请行政复议", "Reconsideration may be asked"),
            Term("L-REC.1"),
            during=("served", "performed", *more),
            starts_on=(*on_spot, "serve"),
            mode="reference",
        ),
        Deadline(
            "sue",
            T("提起行政诉讼（当场处罚须先申请复议）", "Suit; after an on-the-spot penalty reconsideration comes first"),
            Term("L-SUE.1"),
            during=("served", "performed", *more),
            starts_on=("serve",),
            mode="reference",
        ),
    )
    public = Deadline(
        "publish",
        T("公示处罚结果", "Penalty published"),
        Term("L-APL-PUB.1"),
        during=("served", "performed", *more),
        starts_on=(*on_spot, "serve"),
        stops_on=("publish",),
        mode="alarm",
        tells=OFFICERS,
    )
    if not _fines(kind):
        return (serve, public, *reference)
    filed = Deadline(
        "filed",
        T("当场处罚决定备案", "On-the-spot decision filed"),
        Term("L-TRAF-SIMPLE"),
        during=("served", "unpaid"),
        starts_on=("fine_simple",),
        stops_on=("file_simple",),
        mode="alarm",
        tells=(TRAFFIC,),
    )
    return (
        serve,
        public,
        *reference,
        Deadline(
            "pay",
            T("缴纳罚款", "Payment"),
            Term("L-PAY"),
            during=("served",),
            starts_on=(*on_spot, "serve", "deny"),
            lapses_to="unpaid",
        ),
        Deadline(
            "later",
            T("暂缓期限", "Payment put off until"),
            FromField("pay_by"),
            during=("deferred",),
            lapses_to="unpaid",
        ),
        Deadline(
            "urged",
            T("催告满十日", "Ten days from the reminder"),
            Term("L-ENF.1"),
            during=("unpaid",),
            starts_on=("urge",),
            mode="reference",
        ),
        Deadline(
            "cash_agency",
            T("当场收缴款交机关", "Cash to the agency"),
            Term("L-APL-CASH.1"),
            during=("cash",),
            mode="alarm",
            tells=(*OFFICERS, *HEADS),
        ),
        Deadline(
            "cash_bank",
            T("罚款缴付银行", "Cash to the bank"),
            Term("L-APL-CASH.2"),
            during=("cash_in",),
            mode="alarm",
            tells=(CLERK, *HEADS),
        ),
        *((filed,) if "fine_simple" in on_spot else ()),
    )


def actions(kind: Kind) -> tuple[Action, ...]:
    """The acts of service and payment."""
    fines = _fines(kind)
    consent = Holds(
        AnyOf((Not(FieldIs("way", ("electronic",))), FieldSet("consent"))),
        T("电子送达须当事人签字同意。", "Electronic service needs the party's signed consent."),
    )
    e_asked = (
        Ask(Field("consent", Of.TEXT, T("同意电子送达的签名", "Signed consent")), required=False),
        Ask(Field("e_address", Of.TEXT, T("电子送达地址", "Address")), required=False),
        Ask(Field("sent_at", Of.MOMENT, T("系统显示发送成功的时间", "Time sent")), required=False),
    )
    served = (
        Action(
            "attempt",
            T("送达未成", "Attempt at service"),
            OFFICERS,
            repeat=True,
            during=("decided",),
            form=(Ask(WAY), REASON),
        ),
        Action(
            "serve",
            T("送达", "Serve"),
            OFFICERS,
            moves={"decided": "served"},
            form=(Ask(WAY), *e_asked),
            evidence=(PROOF,),
            documents=(E_SERVICE,),
            requires=(
                consent,
                Checked("privacy", T("公开前已做隐私检查", "privacy was checked before publishing")),
            ),
            law=T("行政处罚法第61条", "Penalty Law art. 61"),
        ),
        Action(
            "publish",
            T("公示处罚结果", "Publish the penalty"),
            OFFICERS,
            repeat=True,
            during=("served", "performed", *(("deferred", "unpaid") if fines else ())),
            requires=(
                Checked("hidden", T("个人信息已隐去", "personal data are hidden")),
                Holds(
                    Not(FieldIs("minor", (True,))), T("未成年人的处罚不公示。", "A minor's penalty is not published.")
                ),
            ),
            law=T(
                "行政处罚法第48条；国办发〔2018〕118号",
                "Penalty Law art. 48; State Council Office Notice (2018) No. 118",
            ),
        ),
        Action(
            "close_warning",
            T("警告已送达，办结", "Warning served: close"),
            OFFICERS,
            moves={"served": "performed"},
            requires=(Holds(Happened("decide_warning"), T("罚款须缴清后办结。", "A fine closes when it is paid.")),),
        ),
    )
    return (*served, *_collected(kind)) if fines else served


def _collected(kind: Kind) -> tuple[Action, ...]:
    deciders, on_spot = DECIDERS(kind), _spot(kind)
    receipt = Ask(Field("receipt", Of.TEXT, T("票据号码", "Receipt number")))
    fined = Holds(
        AnyOf(tuple(Happened(code) for code in deciders)), T("本案没有罚款。", "There is no fine in this matter.")
    )
    spot_only = Holds(
        AnyOf(tuple(Happened(code) for code in on_spot)),
        T("只有当场作出的罚款可以当场收缴。", "Only a fine given on the spot may be taken in cash."),
    )
    said = tuple(
        Ask(Field(code, Of.FLAG, title), required=False)
        for code, title in (
            ("uncollectable", T("不当场收缴事后难以执行", "Hard to collect later")),
            ("slow_traffic", T("行人、乘车人或者非机动车驾驶人", "Pedestrian, passenger or rider")),
            ("no_objection", T("当事人没有异议", "No objection from the party")),
        )
    )
    return (
        Action(
            "pay",
            T("已缴款", "Paid"),
            (BANK, CLERK),
            moves={"served": "performed", "deferred": "performed", "unpaid": "performed"},
            form=(receipt,),
            requires=(fined,),
            unless_same_person_as=deciders,
            law=T("行政处罚法第67条", "Penalty Law art. 67"),
        ),
        Action(
            "collect_cash",
            T("当场收缴", "Take it in cash"),
            OFFICERS,
            moves={"served": "cash"},
            form=(receipt, *said),
            requires=(
                competent("collect_cash", fine=True),
                spot_only,
                Checked("official_receipt", T("出具财政部门统一票据", "an official receipt of the treasury is given")),
            ),
            law=T(
                "行政处罚法第68至71条；道路交通安全法第108条",
                "Penalty Law art. 68–71; Road Traffic Safety Law art. 108",
            ),
        ),
        Action("hand_in", T("交回机关", "Hand in"), OFFICERS, moves={"cash": "cash_in"}, form=(receipt,)),
        Action(
            "pay_in",
            T("缴付银行", "Pay in at the bank"),
            (CLERK, BANK),
            moves={"cash_in": "performed"},
            form=(receipt,),
            unless_same_person_as=deciders,
        ),
        Action(
            "defer",
            T("准予暂缓、分期缴纳", "Put off payment"),
            HEADS,
            moves={"served": "deferred", "unpaid": "deferred"},
            form=(REASON, Ask("pay_by")),
            requires=(fined,),
            law=T("行政处罚法第66条", "Penalty Law art. 66"),
        ),
        Action(
            "urge",
            T("催告", "Urge"),
            OFFICERS,
            repeat=True,
            during=("unpaid",),
            documents=(URGE,),
            law=T("行政强制法第54条", "Compulsion Law art. 54"),
        ),
        Action(
            "to_court",
            T("申请法院强制执行", "Ask the court to enforce"),
            HEADS,
            moves={"unpaid": "to_court"},
            requires=(Expired("urged"),),
            law=T("行政强制法第53、54条", "Compulsion Law art. 53, 54"),
        ),
        *(
            (
                Action(
                    "file_simple",
                    T("当场决定备案", "File the on-the-spot decision"),
                    (TRAFFIC,),
                    repeat=True,
                    during=("served", "unpaid"),
                    requires=(Holds(Happened("fine_simple"), T("没有简易程序决定。", "There is no simple decision.")),),
                    law=T("处理程序规定第44条", "Procedure for Traffic Offences art. 44"),
                ),
            )
            if "fine_simple" in on_spot
            else ()
        ),
    )
