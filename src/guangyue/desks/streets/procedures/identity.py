"""An identity request (身份核验请求): urban management asks, police approve, police look, and only the minimum goes back.

Personal Information Protection Law 6, 34; Liaocheng Road Traffic Safety Rules 57; City Appearance Rules 63. There is no
search for people here: a request belongs to a matter, says why and on what ground, and expires.
"""

from __future__ import annotations

from guangyue.desks.streets.course.papers import lawful
from guangyue.desks.streets.procedures.offences import CODES
from guangyue.desks.streets.who import CHIEF, COMMANDER, COUNTY, HANDLERS, POLICE, POLICE_HEAD, URBAN, URBAN_HEAD
from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    REASON,
    Action,
    AnyOf,
    Ask,
    Checked,
    Competent,
    Count,
    Deadline,
    Field,
    FieldIs,
    FieldSet,
    Happened,
    Holds,
    Kind,
    Not,
    Outcome,
    Related,
    Relation,
    Running,
    State,
    T,
    Term,
    Withdraw,
)
from guangyue.law import Text

__all__ = ["IDENTITY"]

APPROVERS = (COUNTY, POLICE_HEAD, CHIEF)
READERS = (*HANDLERS, *POLICE, POLICE_HEAD)
REQUEST = lawful(
    "request",
    T("身份核验请求书", "Identity request"),
    basis="F-identity",
    fills={
        "number": "@number", "reason": "purpose_said", "basis": "basis", "term": "@printed", "agency": "@agency",
        "date": "@moment", "officer_signature": "@officer",
    },
    numbered="identity",
)  # fmt: skip


def _only(asked: str, value: str, title: Text) -> Holds:
    """What was not asked for is not given."""
    return Holds(AnyOf((Not(FieldSet(value)), FieldIs(asked, (True,)))), title)


IDENTITY = Procedure(
    code="streets.identity",
    version=1,
    title=T("身份核验请求", "Identity request"),
    subject="party",
    law=T(
        "个人信息保护法第6、34条；聊城市道路交通安全条例第57条；聊城市城镇容貌和环境卫生管理条例第63条",
        "Personal Information Protection Law art. 6, 34; Liaocheng Road Traffic Safety Rules art. 57; City Appearance Rules art. 63",
    ),
    fields=(
        Field(
            "purpose",
            Kind.CHOICE,
            T("用途", "Purpose"),
            choices=(
                ("paper", T("制作法律文书", "to draw up a paper of the matter")),
                ("service", T("送达文书", "to serve a paper")),
                ("age", T("核实是否成年", "to learn whether the party is of age")),
            ),
        ),
        Field("purpose_said", Kind.LINES, T("具体用途", "The purpose in words")),
        Field("basis", Kind.LINES, T("法律依据", "Legal basis")),
        Field("known", Kind.LINES, T("已知情况", "What is known"), visible=READERS, personal=True),
        Field("asked_name", Kind.FLAG, T("需要姓名", "The name is needed")),
        Field("asked_address", Kind.FLAG, T("需要送达地址", "The address for service is needed")),
        Field("asked_age", Kind.FLAG, T("需要是否成年", "Whether of age is needed")),
        Field("verified", Kind.FLAG, T("身份已核实", "Identity verified")),
        Field("party_name", Kind.PARTY, T("姓名", "Name"), visible=READERS, personal=True),
        Field("party_address", Kind.TEXT, T("送达地址", "Address for service"), visible=READERS, personal=True),
        Field("minor", Kind.FLAG, T("未满十八周岁", "Under eighteen"), visible=READERS),
    ),
    states=(
        State("asked", T("待公安审批", "Waiting for police approval")),
        State("approved", T("已批准，待核验", "Approved; to be checked")),
        State("answered", T("已答复", "Answered")),
        Outcome("used", T("已用于办案", "Used in the matter")),
        Outcome("denied", T("不予批准", "Not approved")),
        Outcome("expired", T("已过有效期", "Expired")),
        Outcome("withdrawn", T("已撤回", "Withdrawn")),
    ),
    deadlines=(
        Deadline("approve", T("审批", "Approval"), Term("S-IDENT.1"), during=("asked",), mode="alarm", tells=APPROVERS),
        Deadline(
            "valid",
            T("批准有效期", "Approval lasts"),
            Term("S-IDENT.2"),
            during=("approved", "answered"),
            starts_on=("approve",),
            lapses_to="expired",
        ),
    ),
    relations=(Relation("case", T("所属案件", "The matter it belongs to"), CODES),),
    actions=(
        Action(
            "ask",
            T("请求核验身份", "Ask for an identity check"),
            (URBAN,),
            opens="asked",
            relates="case",
            form=(
                Ask("purpose"),
                Ask("purpose_said", at_least=4),
                Ask("basis", at_least=4),
                Ask("known", at_least=2),
                Ask("asked_name", required=False),
                Ask("asked_address", required=False),
                Ask("asked_age", required=False),
            ),
            documents=(REQUEST,),
            hands_over_to="police",
            requires=(
                Related("case"),
                Holds(
                    AnyOf(tuple(FieldIs(name, (True,)) for name in ("asked_name", "asked_address", "asked_age"))),
                    T("请勾选需要的信息，只能请求办案必需的。", "Tick what is needed, and only what the matter needs."),
                ),
                Checked("necessary", T("只请求办案必需的最少信息", "only the least that the matter needs is asked")),
            ),
            law=T("个人信息保护法第6、34条", "Personal Information Protection Law art. 6, 34"),
        ),
        Action(
            "approve",
            T("批准核验", "Approve"),
            APPROVERS,
            moves={"asked": "approved"},
            unless_same_person_as=("ask",),
        ),
        Action("deny", T("不予批准", "Do not approve"), APPROVERS, moves={"asked": "denied"}, form=(REASON,)),
        Action(
            "answer",
            T("核验并答复", "Check and answer"),
            POLICE,
            moves={"approved": "answered"},
            form=(
                Ask("verified"),
                Ask("party_name", required=False),
                Ask("party_address", required=False),
                Ask("minor", required=False),
            ),
            requires=(
                Competent("query_identity", given={"case_number": Happened("ask")}),
                Running("valid"),
                _only(
                    "asked_name",
                    "party_name",
                    T("没有请求姓名，不得提供。", "The name was not asked for; do not give it."),
                ),
                _only(
                    "asked_address",
                    "party_address",
                    T("没有请求地址，不得提供。", "The address was not asked for; do not give it."),
                ),
                _only(
                    "asked_age", "minor", T("没有请求年龄，不得提供。", "The age was not asked for; do not give it.")
                ),
            ),
            unless_same_person_as=("approve",),
        ),
        Action(
            "use",
            T("用于本案文书", "Used in the matter's paper"),
            (URBAN, URBAN_HEAD),
            moves={"answered": "used"},
            form=(Ask(Field("used_for", Kind.TEXT, T("用于哪份文书", "For which paper"))),),
            requires=(Running("valid"),),
        ),
        Action(
            "withdraw",
            T("撤回请求", "Withdraw"),
            (URBAN, URBAN_HEAD),
            moves={"asked": "withdrawn", "approved": "withdrawn"},
            verb=Withdraw(),
        ),
    ),
    figures=(
        Count("asked", T("核验请求", "Identity requests"), of="ask"),
        Count("denied", T("不予批准", "Not approved"), of="deny"),
        Count("answered", T("已答复", "Answered"), of="answer"),
        Count("expired", T("过期未用", "Expired unused"), of="lapse:valid"),
    ),
    overseers=(URBAN_HEAD, COMMANDER),
)
