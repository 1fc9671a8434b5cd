"""A coercive measure on the spot (行政强制措施): a vehicle detained, reported, approved or lifted, verified, given back.

Procedure for Traffic Offences 25–32. Urban management has no such power in the table of competence and does not stand here.
"""

from __future__ import annotations

from guangyue.desks.streets.course.papers import lawful
from guangyue.desks.streets.procedures.offences import CODES
from guangyue.desks.streets.who import CHIEF, COMMANDER, HANDLERS, PARTY, TRAFFIC
from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    REASON,
    Action,
    Ask,
    Competent,
    Count,
    Deadline,
    DoneByActor,
    Extend,
    Field,
    Kind,
    Outcome,
    PhotoSet,
    Relation,
    State,
    T,
    Term,
)

__all__ = ["MEASURE"]

VOUCHER = lawful(
    "voucher",
    T("公安交通管理行政强制措施凭证", "Voucher of a coercive measure"),
    basis="F-traffic-measure",
    fills={
        "number": "@number", "party": "party_name", "plate": "vehicle_text", "vehicle_type": "vehicle_type",
        "facts": "facts", "kind": "@printed", "basis": "@law", "come_where": "@printed", "come_when": "@printed",
        "remedy": "@printed", "agency": "@agency", "seal": "@seal", "officer_signature": "@officer",
        "party_signature": "party_signed",
    },
    numbered="voucher",
)  # fmt: skip
TAKEN = PhotoSet("taken", T("被扣车辆照片", "Photographs of the vehicle"), at_least=2, panoramas=1, located=True)

MEASURE = Procedure(
    code="streets.measure",
    version=1,
    title=T("扣留车辆", "Vehicle detained"),
    subject="vehicle",
    law=T("道路交通安全违法行为处理程序规定第25至32条", "Procedure for Traffic Offences art. 25–32"),
    fields=(
        Field("party_name", Kind.PARTY, T("当事人", "Party"), visible=HANDLERS, personal=True),
        Field("vehicle_text", Kind.TEXT, T("车辆牌号（没有的写“无”）", "Plate, or “none”")),
        Field("vehicle_type", Kind.TEXT, T("车辆类型", "Type of vehicle")),
        Field("facts", Kind.LINES, T("违法事实", "Facts")),
        Field("street", Kind.TEXT, T("地点", "Where")),
        Field("yard", Kind.TEXT, T("停放场所", "Where it is kept")),
        Field(
            "party_signed",
            Kind.CHOICE,
            T("当事人签名", "Party's signature"),
            choices=(("signed", T("已签名", "Signed")), ("refused", T("拒签，已注明", "Refused; noted"))),
        ),
    ),
    states=(
        State("taken", T("已扣留，待报告批准", "Detained; to be approved")),
        State("approved", T("已批准", "Approved")),
        State("verifying", T("核实手续", "Papers being verified")),
        Outcome("lifted", T("不予批准，已解除", "Not approved: lifted")),
        Outcome("returned", T("已发还", "Given back")),
    ),
    deadlines=(
        Deadline(
            "report", T("报告并补办批准", "Reported and approved"), Term("L-TRAF-COERCE.1"), during=("taken",),
            mode="alarm", tells=(TRAFFIC, CHIEF),
        ),
        Deadline(
            "hand_in", T("车辆交所属机关", "Vehicle handed in"), Term("L-TRAF-COERCE.2"), during=("taken", "approved"),
            starts_on=("take",), stops_on=("hand_in",), mode="alarm", tells=(TRAFFIC, CHIEF),
        ),
        Deadline(
            "verify", T("核实车辆手续", "Papers verified"), Term("L-TRAF-COERCE.4"), during=("verifying",), mode="alarm",
            tells=(TRAFFIC, CHIEF),
        ),
    ),
    relations=(Relation("case", T("所属案件", "The matter it belongs to"), CODES),),
    actions=(
        Action(
            "take",
            T("扣留车辆", "Detain"),
            (TRAFFIC,),
            opens="taken",
            relates="case",
            form=(
                Ask("party_name"), Ask("vehicle_text"), Ask("vehicle_type"), Ask("facts"), Ask("street"),
                Ask("party_signed"),
            ),
            evidence=(TAKEN,),
            documents=(VOUCHER,),
            requires=(Competent("seize"),),
            law=T("处理程序规定第25、26条", "Procedure for Traffic Offences art. 25, 26"),
        ),
        Action(
            "approve",
            T("批准", "Approve"),
            (CHIEF,),
            moves={"taken": "approved"},
            requires=(
                Competent(
                    "approve_seizure",
                    given={"own_case": DoneByActor(("take",)), "own_clerking": DoneByActor(("take",))},
                ),
            ),
            unless_same_person_as=("take",),
        ),
        Action("lift", T("不予批准，立即解除", "Lift"), (CHIEF,), moves={"taken": "lifted"}, form=(REASON,)),
        Action(
            "hand_in", T("交所属机关", "Hand in"), (TRAFFIC,), repeat=True, during=("taken", "approved"),
            form=(Ask("yard"),),
        ),
        Action(
            "bring_papers",
            T("当事人提供手续", "The party brings papers"),
            (TRAFFIC, PARTY),
            moves={"approved": "verifying"},
        ),
        Action(
            "longer", T("延长核实", "More time"), (CHIEF,), repeat=True, during=("verifying",), verb=Extend("verify"),
            law=T("处理程序规定第30条", "Procedure for Traffic Offences art. 30"),
        ),
        Action(
            "give_back",
            T("发还车辆", "Give back"),
            (TRAFFIC,),
            moves={"approved": "returned", "verifying": "returned"},
            form=(Ask("party_signed"),),
        ),
    ),
    figures=(
        Count("taken", T("扣留车辆", "Vehicles detained"), of="take"),
        Count("returned", T("发还车辆", "Given back"), of="give_back"),
        Count("lifted", T("解除", "Lifted"), of="lift"),
    ),
    overseers=(COMMANDER,),
)  # fmt: skip
