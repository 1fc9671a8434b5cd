"""A joint team (联合执法队): members of both agencies, and its roster. It stands only when both have sent people.

Liaocheng Road Traffic Safety Rules 55 (joint enforcement is organised by the government), City Appearance Rules 60.
Membership gives nobody a power: each acts under that of the own agency.
"""

from __future__ import annotations

from guangyue.desks.streets.who import CHIEF, COMMANDER, FIELD, HEADS, TRAFFIC, URBAN, URBAN_HEAD
from guangyue.kernel import Procedure
from guangyue.kernel.grammar import REASON, Action, Ask, Count, Done, Field, Kind, Outcome, State, T, Task, Who

__all__ = ["TEAM"]

LEADERS = (COMMANDER, *HEADS)
MEMBERS = Ask(Field("members", Kind.LINES, T("人员编号", "Numbers of the members")), at_least=2)
SHIFT = Field(
    "shift",
    Kind.CHOICE,
    T("班次", "Shift"),
    choices=(("early", T("早班", "Early")), ("day", T("白班", "Day")), ("late", T("夜班", "Late"))),
)

TEAM = Procedure(
    code="streets.team",
    version=2,
    title=T("联合执法队", "Joint team"),
    subject="team",
    law=T(
        "聊城市道路交通安全条例第55条；聊城市城镇容貌和环境卫生管理条例第60条",
        "Liaocheng Road Traffic Safety Rules art. 55; City Appearance Rules art. 60",
    ),
    fields=(
        Field("name", Kind.TEXT, T("队伍名称", "Name")),
        Field("area", Kind.TEXT, T("责任区域", "Area")),
        Field("task", Kind.LINES, T("任务", "Task")),
        Field("until", Kind.DATE, T("任务截止", "Until")),
    ),
    states=(
        State("forming", T("组建中", "Forming")),
        State("active", T("执勤中", "On duty")),
        Outcome("stood_down", T("已撤编", "Stood down")),
    ),
    tasks=(
        Task(
            "send", T("派员参加联合执法队", "Send members to the joint team"), owner=Who("anyone", "anyone"), mode="all"
        ),
    ),
    actions=(
        Action(
            "form",
            T("组建", "Form"),
            LEADERS,
            opens="forming",
            tasks=("send",),
            form=(Ask("name"), Ask("area"), Ask("task", at_least=2), Ask("until", required=False)),
        ),
        Action(
            "join_urban",
            T("城管派员", "Urban management sends members"),
            (URBAN_HEAD, URBAN),
            repeat=True,
            form=(MEMBERS,),
        ),
        Action(
            "join_traffic", T("交警派员", "Traffic police send members"), (CHIEF, TRAFFIC), repeat=True, form=(MEMBERS,)
        ),
        Action(
            "activate",
            T("开始执勤", "Go on duty"),
            LEADERS,
            moves={"forming": "active"},
            requires=(Done("join_urban"), Done("join_traffic")),
        ),
        Action(
            "roster",
            T("排班", "Roster"),
            (*LEADERS, URBAN, TRAFFIC),
            repeat=True,
            during=("active",),
            form=(
                Ask(Field("day", Kind.DATE, T("日期", "Day"))),
                Ask(SHIFT),
                Ask(Field("crew", Kind.LINES, T("当班人员编号", "Numbers of those on duty")), at_least=2),
                Ask(Field("where", Kind.TEXT, T("路段、点位", "Streets and points")), required=False),
            ),
        ),
        Action(
            "leave",
            T("人员退出", "Members leave"),
            LEADERS,
            repeat=True,
            during=("active",),
            form=(MEMBERS, REASON),
        ),
        Action(
            "report",
            T("执勤小结", "Report of the day"),
            FIELD,
            repeat=True,
            during=("active",),
            form=(Ask(Field("said", Kind.LINES, T("内容", "What was done")), at_least=2),),
        ),
        Action(
            "stand_down",
            T("撤编", "Stand down"),
            LEADERS,
            moves={"active": "stood_down", "forming": "stood_down"},
            form=(REASON,),
        ),
    ),
    figures=(
        Count("formed", T("组建队伍", "Teams formed"), of="form"),
        Count("shifts", T("排班", "Shifts"), of="roster"),
    ),
    overseers=HEADS,
)
