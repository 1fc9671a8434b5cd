"""An inspection against a checklist (网格巡查): a block walked by the city's standards, what falls short, and whether it was mended.

Mission S1-17: both agencies work by the standards of the civilised city and of fine-grained management. Penalty Law 74: what
is counted are places looked at and mended; nobody has a number of penalties to reach.
"""

from __future__ import annotations

from guangyue.desks.streets.procedures.offences import CODES
from guangyue.desks.streets.who import COMMANDER, FIELD, HEADS, HELPERS
from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    REASON,
    Action,
    Ask,
    Competent,
    Count,
    Deadline,
    Field,
    FromField,
    Kind,
    Outcome,
    PhotoSet,
    Relation,
    State,
    T,
)

__all__ = ["CHECKLIST", "INSPECTION"]

WHO = (*FIELD, *HELPERS, *HEADS)
CHECKLIST = (
    ("parking", T("机动车停放有序，不占人行道和盲道", "Cars parked in order, off pavements and tactile paths")),
    ("bicycles", T("非机动车入位停放", "Bicycles stand where they belong")),
    ("bays", T("公共车位无圈占、无地锁", "No public bay fenced off, no ground lock")),
    ("stalls", T("道路无占道经营", "No stalls on the road")),
    ("shopfront", T("门店无店外经营、堆放", "No trading and no goods outside shops")),
    ("ads", T("墙面、杆体无乱贴乱画", "No stickers or paint on walls and poles")),
    ("clean", T("路面、绿地整洁，垃圾及时清运", "Streets and greens clean, rubbish taken away")),
    ("works", T("井盖、护栏、标志标线完好", "Manholes, railings, signs and markings whole")),
    ("fire_lane", T("消防通道畅通", "Fire lanes free")),
    ("posters", T("公益宣传完好", "Public notices in good order")),
)
"""What is looked at. The city may word its own list: that is a new version of this file."""

SEEN = PhotoSet("seen", T("巡查照片", "Photographs"), at_least=0, located=True)
SHORT = PhotoSet("short", T("问题照片", "Photographs of what falls short"), at_least=1, located=True)
MENDED = PhotoSet("mended", T("整改后照片", "Photographs after it was mended"), at_least=1, located=True)

INSPECTION = Procedure(
    code="streets.inspection",
    version=1,
    title=T("网格巡查", "Inspection"),
    subject="place",
    law=T(
        "聊城市城镇容貌和环境卫生管理条例第60条；行政处罚法第74条",
        "Liaocheng City Appearance Rules art. 60; Penalty Law art. 74",
    ),
    fields=(
        Field("street", Kind.TEXT, T("路段、网格", "Street or grid")),
        Field("place", Kind.PLACE, T("位置", "Position")),
        Field(
            "standard",
            Kind.CHOICE,
            T("检查标准", "Standard"),
            choices=(
                ("civic", T("全国文明城市创建", "Civilised city")),
                ("fine", T("城市精细化管理", "Fine-grained management")),
            ),
        ),
        Field("met", Kind.CHOICES, T("符合的项目", "What meets it"), choices=CHECKLIST),
        Field("short", Kind.CHOICES, T("不符合的项目", "What falls short"), choices=CHECKLIST),
        Field("found", Kind.LINES, T("问题说明", "What was found")),
        Field("mend_by", Kind.MOMENT, T("整改期限", "To be mended by")),
    ),
    states=(
        State("walking", T("巡查中", "Under way")),
        State("short", T("待整改", "To be mended")),
        State("late", T("逾期未整改", "Not mended in time")),
        Outcome("met", T("全部符合", "All in order")),
        Outcome("mended", T("已整改", "Mended")),
        Outcome("passed_on", T("已转有权部门", "Passed on to whose it is")),
        Outcome("cancelled", T("已取消", "Cancelled")),
    ),
    deadlines=(
        Deadline("mend", T("整改期限", "To be mended by"), FromField("mend_by"), during=("short",), lapses_to="late"),
    ),
    relations=(Relation("led_to", T("由此办理的案件", "Matters that came of it"), CODES),),
    actions=(
        Action(
            "begin",
            T("开始巡查", "Begin"),
            WHO,
            opens="walking",
            form=(Ask("street"), Ask("standard"), Ask("place", required=False)),
            requires=(Competent("report"),),
        ),
        Action(
            "meets",
            T("全部符合，办结", "All in order"),
            WHO,
            moves={"walking": "met"},
            form=(Ask("met"),),
            evidence=(SEEN,),
        ),
        Action(
            "falls_short",
            T("登记问题", "Write down what falls short"),
            WHO,
            moves={"walking": "short"},
            form=(Ask("met", required=False), Ask("short"), Ask("found", at_least=2), Ask("mend_by")),
            evidence=(SHORT,),
        ),
        Action(
            "mended",
            T("已整改", "Mended"),
            WHO,
            moves={"short": "mended", "late": "mended"},
            evidence=(MENDED,),
        ),
        Action(
            "tie",
            T("关联案件", "Tie the matter that came of it"),
            (*FIELD, *HEADS),
            repeat=True,
            during=("walking", "short", "late"),
            relates="led_to",
        ),
        Action(
            "pass_on",
            T("转有权部门处理", "Pass on to whose it is"),
            (*FIELD, *HEADS),
            moves={"short": "passed_on", "late": "passed_on"},
            form=(Ask(Field("to", Kind.TEXT, T("接收单位和回执", "Who received it, with receipt"))), REASON),
        ),
        Action("cancel", T("取消", "Cancel"), WHO, moves={"walking": "cancelled"}, form=(REASON,)),
    ),
    figures=(
        Count("inspections", T("巡查次数", "Inspections"), of="begin"),
        Count("in_order", T("全部符合", "All in order"), of="meets"),
        Count("fell_short", T("发现问题", "Fell short"), of="falls_short"),
        Count("mended", T("完成整改", "Mended"), of="mended"),
        Count("mended_late", T("逾期未整改", "Not mended in time"), of="lapse:mend"),
    ),
    overseers=(*HEADS, COMMANDER),
)
