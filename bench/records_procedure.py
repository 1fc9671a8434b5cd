"""A parking procedure of the benches' and the records' tests own, so that their figures stay comparable."""

from __future__ import annotations

from guangyue.kernel import Actor, Procedure
from guangyue.kernel.grammar import (
    Action,
    Ask,
    Count,
    Deadline,
    Field,
    Kind,
    Notice,
    Outcome,
    Paper,
    Party,
    PhotoSet,
    Role,
    Send,
    State,
    System,
    T,
    Term,
)

__all__ = ["BENCHES", "CARRIER", "OFFICER", "PARKING", "REVIEWER"]

BENCHES = ()
OFFICER = Actor(id="17", roles=frozenset({"urban_officer"}), agency="urban", level="station", unit="urban-03")
REVIEWER = Actor(
    id="40", roles=frozenset({"traffic_reviewer"}), agency="traffic_police", level="county", unit="traffic-01"
)
CARRIER = Actor(id="carrier", system="carrier")

_FIELD = (Role("urban_officer", agency="urban"),)
_REVIEW = (Role("traffic_reviewer", agency="traffic_police"),)
_REMIND = Notice(
    "remind",
    Party("owner"),
    T("您的车辆{plate}停放在{street}，请在10分钟内驶离。", "Please move {plate} from {street} within ten minutes."),
    urgent=True,
)
_SLIP = Paper(
    "slip", T("违法停车提示单", "Parking reminder slip"), needs=("plate", "street"), statutory=False, numbered="slip"
)

PARKING = Procedure(
    code="bench.parking",
    version=1,
    title=T("违法停车", "Illegal parking"),
    subject="vehicle",
    fields=(
        Field("plate", Kind.PLATE, T("号牌", "Plate")),
        Field("street", Kind.TEXT, T("地点", "Place")),
        Field("owner", Kind.PARTY, T("车主", "Owner"), visible=_REVIEW, personal=True),
    ),
    states=(
        State("noticed", T("已拍照", "Photographed")),
        State("reminded", T("已提醒车主", "Owner reminded")),
        State("overdue", T("十分钟后仍未驶离", "Still there after ten minutes")),
        State("unreached", T("未能联系车主", "Owner could not be reached")),
        State("in_review", T("等待交警审核", "Waiting for traffic police")),
        Outcome("left", T("按时驶离", "Left in time")),
        Outcome("decided", T("处罚", "Penalty"), record=True),
        Outcome("dropped", T("不予处罚", "Dropped")),
    ),
    deadlines=(
        Deadline(
            "reach", T("联系车主", "Reach the owner"), Term("S-REACH"), during=("noticed",), lapses_to="unreached"
        ),
        Deadline(
            "grace",
            T("驶离宽限", "Time to leave"),
            Term("S-GRACE"),
            during=("reminded",),
            starts_on=("reminder_accepted",),
            lapses_to="overdue",
        ),
        Deadline(
            "review",
            T("审核期限", "Review"),
            Term("L-TRAF-REV"),
            during=("in_review",),
            mode="alarm",
            tells=(Role("agency_head", agency="traffic_police"),),
        ),
    ),
    actions=(
        Action(
            "record",
            T("拍照登记", "Record"),
            _FIELD,
            opens="noticed",
            form=(Ask("plate"), Ask("street"), Ask("owner", required=False)),
            evidence=(PhotoSet("first", T("首次取证照片", "First photographs"), panoramas=1, legible_plate=True),),
            notices=(_REMIND,),
        ),
        Action(
            "reminder_accepted",
            T("短信已送达运营商", "Reminder accepted"),
            (System("carrier"),),
            moves={"noticed": "reminded"},
        ),
        Action(
            "gone",
            T("已驶离", "Gone"),
            _FIELD,
            moves={"reminded": "left", "overdue": "dropped", "unreached": "dropped"},
        ),
        Action(
            "still_there",
            T("仍未驶离", "Still there"),
            _FIELD,
            moves={"overdue": "in_review", "unreached": "in_review"},
            evidence=(PhotoSet("second", T("再次取证照片", "Second photographs"), legible_plate=True),),
            documents=(_SLIP,),
            hands_over_to="traffic_police",
        ),
        Action(
            "approve",
            T("审核通过", "Approve"),
            _REVIEW,
            moves={"in_review": "decided"},
            irreversible=True,
            unless_same_person_as=("record", "still_there"),
            sends=(Send("traffic_platform", "violation", ("plate",)),),
        ),
        Action("reject", T("退回", "Reject"), _REVIEW, moves={"in_review": "dropped"}),
    ),
    figures=(
        Count("reminders", T("提醒次数", "Reminders"), of="reminder_accepted"),
        Count("penalties", T("处罚起数", "Penalties"), of="approve"),
        Count("overstayed", T("逾时未离", "Overstayed"), of="lapse:grace"),
    ),
)
