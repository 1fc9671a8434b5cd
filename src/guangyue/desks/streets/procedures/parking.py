"""Illegal parking under joint enforcement (城警联动 · 违停): remind first, review only who stays.

Road Traffic Safety Law 56, 90, 93, 114; Procedure for Traffic Offences 5, 14, 18, 19, 23; Liaocheng Road Traffic Safety
Rules 42, 55, 77. Urban management photographs, reminds and hands over; only traffic police decide (law.md A1, A9).
"""

from __future__ import annotations

from guangyue.desks.streets.who import CARRIER, CHIEF, COMMANDER, FIELD, OWNER, REVIEWER, TRAFFIC, URBAN_HEAD
from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    REASON,
    Action,
    Ask,
    Checked,
    Competent,
    Count,
    Deadline,
    DoneByActor,
    Field,
    Kind,
    Notice,
    Outcome,
    Paper,
    PhotoSet,
    Priors,
    Recording,
    Send,
    State,
    T,
    Term,
)
from guangyue.law import Span, Unit
from guangyue.law.competence.offences import PLACES

POLICE_ONLY = (TRAFFIC, REVIEWER, CHIEF, OWNER)

FIRST = PhotoSet(
    "first", T("首次取证照片", "First photographs"), at_least=1, panoramas=1, legible_plate=True, located=True
)
SECOND = PhotoSet(
    "second",
    T("十分钟后的取证照片", "Photographs after ten minutes"),
    at_least=1,
    legible_plate=True,
    located=True,
    apart=Span(10, Unit.MINUTE),
    together_with=("first",),
)
AFFIXED = PhotoSet("affixed", T("提示单张贴照片", "Photograph of the slip on the car"), at_least=1, located=True)
SUPPLIED = PhotoSet("supplied", T("异议材料", "Papers with the objection"), at_least=0, located=False, timed=False)
VOICE = Recording("voice", T("语音说明", "Voice note"), required=False)
REMIND = Notice(
    "remind",
    OWNER,
    T(
        "【城警联动】您的车辆{plate}于{street}违法停放，请在10分钟内驶离，及时驶离不予处罚。",
        "[Joint enforcement] Your car {plate} is parked illegally at {street}. Leave within ten minutes and no penalty follows.",
    ),
    urgent=True,
)
TOLD = Notice(
    "decided",
    OWNER,
    T(
        "您的车辆{plate}在{street}的违法停车记录已经交警审核，可凭单号和号牌查看证据、提出异议。",
        "Traffic police have reviewed the parking record of {plate} at {street}. See the evidence or object with slip number and plate.",
    ),
)
ADMONISHED = Notice(
    "admonished",
    OWNER,
    T(
        "您的车辆{plate}在{street}的违法停车经交警审核属情节轻微，本次不予处罚，请按规定停放车辆。",
        "Traffic police found the illegal parking of {plate} at {street} minor: no penalty this time. Please park lawfully.",
    ),
)
SLIP = Paper(
    "slip",
    T("违法停车提示单", "Parking reminder slip"),
    needs=("plate", "street"),
    basis="F-reminder",
    fills={
        "number": "@number", "plate": "plate", "time": "@moment", "place": "street", "basis": "@law",
        "how_to_be_heard": "@printed", "agency": "@agency",
    },
    statutory=False,
    numbered="slip",
)  # fmt: skip
STATUTORY = Paper(
    "notice",
    T("违法停车告知单", "Statutory parking notice"),
    needs=("plate", "street", "vehicle"),
    basis="F-traffic-slip",
    fills={
        "number": "@number", "plate": "plate", "vehicle_type": "vehicle", "facts": "@printed", "basis": "@law",
        "time": "@moment", "place": "street", "come_where": "@printed", "come_when": "@printed", "agency": "@agency",
    },
    numbered="notice",
)  # fmt: skip
PRIORS = Priors(
    outcomes=("decided", "admonished"),
    shows=("measure",),
    first=T(
        "没有记录。初次、轻微并已改正的，可以教育或口头警告。",
        "No record. A first, minor and corrected offence may be met with education or an oral warning.",
    ),
    again=T("有记录，请结合情节选择处理方式。", "There are records; weigh them with the circumstances."),
)
OWN_CASE = {"own_case": DoneByActor(("record", "still_there", "hand_over_unreached"))}

PARKING = Procedure(
    code="streets.parking",
    version=3,
    title=T("违法停车", "Illegal parking"),
    subject="vehicle",
    law=T(
        "道路交通安全法第56、90、93、114条；聊城市道路交通安全条例第42、55、77条",
        "Road Traffic Safety Law art. 56, 90, 93, 114; Liaocheng Road Traffic Safety Rules art. 42, 55, 77",
    ),
    fields=(
        Field("plate", Kind.PLATE, T("号牌号码", "Plate")),
        Field("street", Kind.TEXT, T("停放地点", "Where it stands")),
        Field("place", Kind.PLACE, T("位置", "Position")),
        Field(
            "place_type",
            Kind.CHOICE,
            T("场所类别", "Kind of place"),
            choices=tuple((place.value, text) for place, text in PLACES.items()),
        ),
        Field("colour", Kind.TEXT, T("车身颜色", "Colour")),
        Field("vehicle", Kind.TEXT, T("车辆类型", "Type of vehicle")),
        Field("owner", Kind.PARTY, T("车主", "Owner"), visible=POLICE_ONLY, personal=True),
        Field("clip", Kind.TEXT, T("执法记录仪片段", "Body-camera clip")),
        Field("offence", Kind.CODE, T("违法行为", "Offence")),
        Field(
            "measure",
            Kind.CHOICE,
            T("处理方式", "Measure"),
            visible=POLICE_ONLY,
            choices=(
                ("guide", T("教育引导", "Education")),
                ("oral_warning", T("口头警告", "Oral warning")),
                ("warning", T("警告（书面）", "Written warning")),
                ("fine", T("罚款", "Fine")),
            ),
        ),
    ),
    states=(
        State("noticed", T("已拍照，正在提醒车主", "Photographed; owner being reminded")),
        State("reminded", T("已提醒，等待驶离", "Reminded; time to leave")),
        State("overdue", T("十分钟已过，待复查", "Ten minutes over; look again")),
        State("unreached", T("未能提醒到车主", "Owner could not be reached")),
        State("in_review", T("待交警审核", "Waiting for traffic police")),
        State("objected", T("车主提出异议", "Owner objects")),
        Outcome("left", T("提醒后驶离", "Reminded, left")),
        Outcome("decided", T("已审核上传", "Reviewed and uploaded"), record=True),
        Outcome("admonished", T("轻微，已教育警告", "Minor: educated or warned")),
        Outcome("dropped", T("不予处罚", "No penalty")),
    ),
    deadlines=(
        Deadline(
            "reach",
            T("提醒车主", "Remind the owner"),
            Term("S-REACH"),
            during=("noticed",),
            lapses_to="unreached",
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
            T("审核录入", "Review and entry"),
            Term("L-TRAF-REV"),
            during=("in_review",),
            mode="alarm",
            tells=(REVIEWER, CHIEF),
        ),
        Deadline(
            "objection",
            T("异议审查", "Review of the objection"),
            Term("L-TRAF-OBJ.2"),
            during=("objected",),
            mode="alarm",
            tells=(REVIEWER, CHIEF),
        ),
    ),
    actions=(
        Action(
            "record",
            T("拍照登记", "Record"),
            FIELD,
            opens="noticed",
            form=(
                Ask("plate"),
                Ask("street"),
                Ask("place_type", required=False),
                Ask("place", required=False),
                Ask("colour", required=False),
                Ask("vehicle", required=False),
                Ask("clip", required=False),
            ),
            evidence=(FIRST, VOICE),
            notices=(REMIND,),
            requires=(Competent("photograph"),),
            law=T("处理程序规定第14、18条", "Procedure for Traffic Offences art. 14, 18"),
        ),
        Action(
            "reminder_accepted",
            T("提醒已被运营商接收", "Reminder accepted by the carrier"),
            (CARRIER,),
            moves={"noticed": "reminded", "unreached": "reminded"},
        ),
        Action(
            "reminder_refused",
            T("提醒未能送出", "Reminder not accepted"),
            (CARRIER,),
            moves={"noticed": "unreached"},
            form=(REASON,),
        ),
        Action(
            "gone",
            T("已驶离", "Gone"),
            FIELD,
            moves={"noticed": "left", "reminded": "left", "overdue": "dropped", "unreached": "dropped"},
        ),
        Action(
            "still_there",
            T("仍未驶离", "Still there"),
            FIELD,
            moves={"overdue": "in_review"},
            form=(Ask("clip", required=False),),
            evidence=(SECOND, VOICE),
            documents=(SLIP,),
            hands_over_to="traffic_police",
            requires=(Competent("hand_over"),),
            law=T("聊城市道路交通安全条例第55条", "Liaocheng Road Traffic Safety Rules art. 55"),
        ),
        Action(
            "hand_over_unreached",
            T("未提醒到，移交交警", "Hand over without reminder"),
            FIELD,
            moves={"unreached": "in_review"},
            form=(REASON, Ask("clip", required=False)),
            evidence=(SECOND, VOICE),
            documents=(SLIP,),
            hands_over_to="traffic_police",
            requires=(Competent("hand_over"),),
        ),
        Action(
            "affix",
            T("张贴提示单", "Slip affixed"),
            FIELD,
            repeat=True,
            during=("in_review",),
            evidence=(AFFIXED,),
        ),
        Action(
            "serve_notice",
            T("出具告知单", "Issue the statutory notice"),
            (TRAFFIC,),
            repeat=True,
            during=("overdue", "unreached", "in_review"),
            form=(Ask("vehicle"), Ask(Field("driver_absent", Kind.FLAG, T("驾驶人不在现场", "Driver absent")))),
            documents=(STATUTORY,),
            requires=(Competent("affix_slip"),),
            law=T("处理程序规定第12条", "Procedure for Traffic Offences art. 12"),
        ),
        Action(
            "approve",
            T("规范、确认无误", "Approve and upload"),
            (REVIEWER,),
            moves={"in_review": "decided"},
            form=(Ask("measure", among=("warning", "fine")),),
            irreversible=True,
            unless_same_person_as=("record", "still_there", "hand_over_unreached"),
            requires=(Competent("review_record", given=OWN_CASE),),
            consults=PRIORS,
            notices=(TOLD,),
            sends=(Send("traffic_platform", "violation", ("plate", "street", "place", "measure")),),
            law=T("处理程序规定第19条", "Procedure for Traffic Offences art. 19"),
        ),
        Action(
            "admonish",
            T("轻微，教育或口头警告", "Minor: educate or warn orally"),
            (REVIEWER,),
            moves={"in_review": "admonished"},
            form=(
                Ask("measure", among=("guide", "oral_warning")),
                Ask(Field("education", Kind.LINES, T("教育内容", "What was explained")), at_least=2),
            ),
            unless_same_person_as=("record", "still_there", "hand_over_unreached"),
            requires=(
                Competent("review_record", given=OWN_CASE),
                Checked("slight", T("情节轻微，未影响道路通行", "Minor, and nobody was obstructed")),
            ),
            consults=PRIORS,
            notices=(ADMONISHED,),
            law=T("行政处罚法第33条；道路交通安全法第87条", "Penalty Law art. 33; Road Traffic Safety Law art. 87"),
        ),
        Action(
            "reject",
            T("退回，不予处罚", "Reject"),
            (REVIEWER,),
            moves={"in_review": "dropped"},
            form=(REASON,),
            unless_same_person_as=("record", "still_there", "hand_over_unreached"),
        ),
        Action(
            "object",
            T("提出异议", "Object"),
            (OWNER,),
            moves={"decided": "objected"},
            from_outcome=("decided",),
            form=(REASON,),
            evidence=(SUPPLIED,),
            law=T("处理程序规定第5条", "Procedure for Traffic Offences art. 5"),
        ),
        Action(
            "uphold",
            T("异议成立，消除记录", "Objection upheld"),
            (REVIEWER,),
            moves={"objected": "dropped"},
            form=(REASON,),
            unless_same_person_as=("approve",),
            sends=(Send("traffic_platform", "erase", ("plate",)),),
        ),
        Action(
            "deny",
            T("异议不成立", "Objection denied"),
            (REVIEWER,),
            moves={"objected": "decided"},
            form=(REASON,),
            unless_same_person_as=("approve",),
        ),
    ),
    figures=(
        Count("reminders", T("提醒次数", "Reminders"), of="reminder_accepted"),
        Count("penalties", T("处罚起数", "Penalties"), of="approve"),
        Count("left_in_time", T("提醒后驶离", "Left in time"), of="enters:left"),
        Count("overstayed", T("逾时未离", "Overstayed"), of="lapse:grace"),
        Count("admonished", T("教育、口头警告", "Educated or warned"), of="admonish"),
        Count("objections", T("异议", "Objections"), of="object"),
        Count("upheld", T("异议成立", "Objections upheld"), of="uphold"),
    ),
    overseers=(URBAN_HEAD, COMMANDER),
)
