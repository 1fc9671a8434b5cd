"""A publicity visit (政策宣传): who went where, whom it reached, what was left. No penalty comes of it (mission S1-18)."""

from __future__ import annotations

from guangyue.desks.streets.who import COMMANDER, FIELD, HEADS, HELPERS
from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    REASON,
    Action,
    Ask,
    Competent,
    Count,
    Field,
    Kind,
    Outcome,
    PhotoSet,
    State,
    T,
)

__all__ = ["VISIT"]

WHO = (*FIELD, *HELPERS)
SHOWN = PhotoSet("shown", T("宣传照片", "Photographs of the visit"), at_least=0, located=True)

VISIT = Procedure(
    code="streets.visit",
    version=1,
    title=T("政策宣传", "Publicity visit"),
    subject="place",
    law=T(
        "行政处罚法第6条；聊城市道路交通安全条例第52条",
        "Penalty Law art. 6; Liaocheng Road Traffic Safety Rules art. 52",
    ),
    fields=(
        Field("topic", Kind.TEXT, T("宣传内容", "Topic")),
        Field("street", Kind.TEXT, T("地点", "Where")),
        Field("place", Kind.PLACE, T("位置", "Position")),
        Field("reached", Kind.INTEGER, T("宣传人数", "People reached")),
        Field("shops", Kind.INTEGER, T("走访门店", "Shops visited")),
        Field("leaflets", Kind.INTEGER, T("发放材料份数", "Leaflets left")),
        Field("said", Kind.LINES, T("群众意见", "What people said")),
    ),
    states=(
        State("out", T("宣传中", "On the way")),
        Outcome("held", T("已完成", "Held")),
        Outcome("cancelled", T("已取消", "Cancelled")),
    ),
    actions=(
        Action(
            "begin",
            T("开始宣传", "Begin"),
            WHO,
            opens="out",
            form=(Ask("topic", at_least=2), Ask("street"), Ask("place", required=False)),
            requires=(Competent("publicise"),),
        ),
        Action(
            "hold",
            T("完成登记", "Held"),
            WHO,
            moves={"out": "held"},
            form=(
                Ask("reached", at_least=0),
                Ask("shops", required=False, at_least=0),
                Ask("leaflets", required=False, at_least=0),
                Ask("said", required=False),
            ),
            evidence=(SHOWN,),
        ),
        Action("cancel", T("取消", "Cancel"), WHO, moves={"out": "cancelled"}, form=(REASON,)),
    ),
    figures=(
        Count("visits", T("宣传次数", "Visits"), of="hold"),
        Count("reached", T("宣传人数", "People reached"), of="hold", sums="reached"),
    ),
    overseers=(*HEADS, COMMANDER),
)
