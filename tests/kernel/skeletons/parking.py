"""Illegal parking under joint enforcement (城警联动 · 违停): remind first, review only who stays (ST-03, ST-04)."""

from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    REASON,
    Action,
    Ask,
    Competent,
    Count,
    Deadline,
    DoneByActor,
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
from guangyue.law import Span, Unit

URBAN = Role("urban_officer", agency="urban")
TRAFFIC = Role("traffic_officer", agency="traffic_police")
AUXILIARY = Role("auxiliary")
REVIEWER = Role("traffic_reviewer", agency="traffic_police")
CHIEF = Role("agency_head", agency="traffic_police")
OWNER = Party("owner")
CARRIER = System("carrier")
FIELD = (URBAN, TRAFFIC, AUXILIARY)

FIRST = PhotoSet("first", T("首次取证照片", "First photographs"), at_least=1, panoramas=1, legible_plate=True)
SECOND = PhotoSet(
    "second", T("再次取证照片", "Second photographs"), at_least=1, legible_plate=True,
    apart=Span(10, Unit.MINUTE), together_with=("first",),
)  # fmt: skip
REMIND = Notice(
    "remind",
    OWNER,
    T("您的车辆{plate}停放在{street}，请在10分钟内驶离。", "Please move {plate} from {street} within ten minutes."),
    urgent=True,
)
SLIP = Paper(
    "slip", T("违法停车提示单", "Parking reminder slip"), statutory=False, numbered="slip", basis="F-reminder",
    fills={
        "number": "@number", "plate": "plate", "time": "@moment", "place": "street", "basis": "@law",
        "how_to_be_heard": "@printed", "agency": "@agency",
    },
)  # fmt: skip

PARKING = Procedure(
    code="streets.parking",
    version=1,
    title=T("违法停车", "Illegal parking"),
    subject="vehicle",
    law=T("道路交通安全法第56、93、114条", "Road Traffic Safety Law art. 56, 93, 114"),
    fields=(
        Field("plate", Kind.PLATE, T("号牌", "Plate")),
        Field("street", Kind.TEXT, T("地点", "Place")),
        Field("owner", Kind.PARTY, T("车主", "Owner"), visible=(TRAFFIC, REVIEWER), personal=True),
    ),
    states=(
        State("noticed", T("已拍照", "Photographed")),
        State("reminded", T("已提醒车主", "Owner reminded")),
        State("overdue", T("十分钟后仍未驶离", "Still there after ten minutes")),
        State("unreached", T("未能联系车主", "Owner could not be reached")),
        State("in_review", T("等待交警审核", "Waiting for traffic police")),
        State("objected", T("车主提出异议", "Owner objects")),
        Outcome("left", T("按时驶离", "Left in time")),
        Outcome("decided", T("处罚", "Penalty"), record=True),
        Outcome("dropped", T("不予处罚", "Dropped")),
    ),
    deadlines=(
        Deadline("reach", T("联系车主", "Reach the owner"), Term("S-REACH"), during=("noticed",), lapses_to="unreached"),
        Deadline(
            "grace", T("驶离宽限", "Time to leave"), Term("S-GRACE"), during=("reminded",),
            starts_on=("reminder_accepted",), lapses_to="overdue",
        ),
        Deadline(
            "review", T("审核期限", "Review"), Term("L-TRAF-REV"), during=("in_review",), mode="alarm", tells=(CHIEF,)
        ),
        Deadline(
            "objection", T("异议审查", "Objection"), Term("L-TRAF-OBJ.2"), during=("objected",), mode="alarm", tells=(CHIEF,)
        ),
    ),
    actions=(
        Action(
            "record", T("拍照登记", "Record"), FIELD, opens="noticed",
            form=(Ask("plate"), Ask("street"), Ask("owner", required=False)), evidence=(FIRST,), notices=(REMIND,),
            requires=(Competent("photograph"),),
        ),
        Action("reminder_accepted", T("短信已送达运营商", "Reminder accepted"), (CARRIER,), moves={"noticed": "reminded"}),
        Action(
            "gone", T("已驶离", "Gone"), FIELD, moves={"reminded": "left", "overdue": "dropped", "unreached": "dropped"}
        ),
        Action(
            "still_there", T("仍未驶离", "Still there"), FIELD, moves={"overdue": "in_review", "unreached": "in_review"},
            evidence=(SECOND,), documents=(SLIP,), hands_over_to="traffic_police",
        ),
        Action(
            "approve", T("审核通过", "Approve"), (REVIEWER,), moves={"in_review": "decided"}, irreversible=True,
            unless_same_person_as=("record", "still_there"), requires=(Competent("review_record", given={"own_case": DoneByActor(("record", "still_there"))}),),
            law=T("道路交通安全违法行为处理程序规定第19条", "Procedure for Traffic Offences art. 19"), sends=(Send("traffic_platform", "violation", ("plate",)),),
        ),
        Action("reject", T("退回", "Reject"), (REVIEWER,), moves={"in_review": "dropped"}, form=(REASON,)),
        Action(
            "object", T("提出异议", "Object"), (OWNER,), moves={"decided": "objected"}, from_outcome=("decided",),
            form=(REASON,),
        ),
        Action("uphold", T("异议成立", "Uphold"), (REVIEWER,), moves={"objected": "dropped"}, form=(REASON,)),
        Action("deny", T("异议不成立", "Deny"), (REVIEWER,), moves={"objected": "decided"}, form=(REASON,)),
    ),
    figures=(
        Count("reminders", T("提醒次数", "Reminders"), of="reminder_accepted"),
        Count("penalties", T("处罚起数", "Penalties"), of="approve"),
        Count("overstayed", T("逾时未离", "Overstayed"), of="lapse:grace"),
    ),
)  # fmt: skip
