"""The gap register (管理空白台账): a place and an act that no rule gives to anybody, until a rule does.

Reported from the street, given an owner, decided by the headquarters, closed by a new version of the rules (mission
S1-15). The law tables name a gap themselves: *no agency is named for this offence at this place*.
"""

from __future__ import annotations

from guangyue.desks.streets.who import COMMANDER, FIELD, HEADS, HELPERS, LEGAL
from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    REASON,
    Action,
    Ask,
    Count,
    Deadline,
    Field,
    Kind,
    Outcome,
    PhotoSet,
    Reopen,
    State,
    T,
    Term,
)
from guangyue.law.competence.actors import AGENCIES, Agency
from guangyue.law.competence.places import PLACES

__all__ = ["GAP"]

DECIDERS = (COMMANDER, *HEADS, LEGAL)
SEEN = PhotoSet("seen", T("现场照片", "Photographs"), at_least=0, located=True)

GAP = Procedure(
    code="streets.gap",
    version=1,
    title=T("管理空白", "Gap in competence"),
    subject="place",
    law=T("聊城市城镇容貌和环境卫生管理条例第60条", "Liaocheng City Appearance Rules art. 60"),
    fields=(
        Field("what", Kind.LINES, T("什么问题", "What is the matter")),
        Field(
            "place_type",
            Kind.CHOICE,
            T("场所类别", "Kind of place"),
            choices=tuple((place.value, text) for place, text in PLACES.items()),
        ),
        Field("street", Kind.TEXT, T("地点", "Where")),
        Field("place", Kind.PLACE, T("位置", "Position")),
        Field("owner", Kind.TEXT, T("牵头单位", "Who follows it up")),
        Field(
            "competent",
            Kind.CHOICE,
            T("主管部门", "Competent agency"),
            choices=tuple(
                (a.value, AGENCIES[a]) for a in (Agency.URBAN, Agency.TRAFFIC_POLICE, Agency.POLICE, Agency.GOVERNMENT)
            ),
        ),
        Field("ground", Kind.LINES, T("理由和依据", "Grounds")),
        Field("rule", Kind.TEXT, T("规则版本", "Version of the rules")),
    ),
    states=(
        State("reported", T("已登记", "Registered")),
        State("owned", T("研究中", "Followed up")),
        State("decided", T("已明确，待修订规则", "Decided; rules to be changed")),
        Outcome("ruled", T("规则已更新", "Rules updated")),
        Outcome("no_gap", T("已有规定，不是空白", "A rule exists: no gap")),
    ),
    deadlines=(
        Deadline(
            "decide",
            T("明确主管部门", "Competence decided"),
            Term("S-GAP"),
            during=("reported", "owned"),
            mode="alarm",
            tells=(COMMANDER,),
        ),
    ),
    actions=(
        Action(
            "report",
            T("登记管理空白", "Register a gap"),
            (*FIELD, *HELPERS, *HEADS),
            opens="reported",
            form=(Ask("what", at_least=4), Ask("place_type"), Ask("street"), Ask("place", required=False)),
            evidence=(SEEN,),
        ),
        Action(
            "own",
            T("指定牵头单位", "Name who follows it up"),
            (COMMANDER,),
            moves={"reported": "owned"},
            form=(Ask("owner"),),
        ),
        Action(
            "decide",
            T("明确主管部门", "Decide who is competent"),
            DECIDERS,
            moves={"owned": "decided"},
            form=(Ask("competent"), Ask("ground", at_least=4)),
            unless_same_person_as=("report",),
        ),
        Action(
            "rule",
            T("规则已更新", "Rules updated"),
            (LEGAL,),
            moves={"decided": "ruled"},
            form=(Ask("rule"),),
            unless_same_person_as=("decide",),
        ),
        Action(
            "no_gap",
            T("已有规定", "A rule exists"),
            DECIDERS,
            moves={"reported": "no_gap", "owned": "no_gap"},
            form=(Ask("competent"), REASON),
        ),
        Action(
            "again",
            T("重新研究", "Look at it again"),
            (COMMANDER,),
            moves={"no_gap": "owned", "ruled": "owned"},
            from_outcome=("no_gap", "ruled"),
            verb=Reopen(),
        ),
    ),
    figures=(
        Count("reported", T("登记空白", "Gaps registered"), of="report"),
        Count("ruled", T("更新规则", "Rules updated"), of="rule"),
    ),
    overseers=HEADS,
)
