"""Joint questioning (联合询问): who asked under which power; police alone check who somebody is.

Penalty Law 42, 55; Procedure for Traffic Offences 48; Liaocheng City Appearance Rules 60, 63. What urban management learns
of the identity is whether it was verified and what the matter's paper needs.
"""

from __future__ import annotations

from guangyue.desks.streets.course.papers import lawful
from guangyue.desks.streets.procedures.offences import CODES
from guangyue.desks.streets.who import COMMANDER, COUNTY, HANDLERS, HEADS, POLICE, STATION, URBAN
from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    REASON,
    Action,
    Ask,
    Checked,
    Competent,
    Count,
    Done,
    Field,
    Kind,
    Outcome,
    Recording,
    Related,
    Relation,
    State,
    T,
    Task,
    Who,
)

__all__ = ["QUESTIONING"]

READERS = (*HANDLERS, STATION, COUNTY)
RECORD = lawful(
    "record",
    T("联合询问笔录", "Record of joint questioning"),
    basis="F-questioning",
    fills={
        "number": "@number", "party": "party_name", "facts": "answers", "time": "@moment", "place": "street",
        "agency": "@agency", "officer_signature": "@officer", "party_signature": "party_signed",
    },
    numbered="questioning",
)  # fmt: skip
TAPE = Recording("tape", T("询问同步录音录像", "Recording of the questioning"), required=False)
POWER = Ask(Field("power", Kind.TEXT, T("依据的职权", "Under which power")), at_least=4)
ASKED = Ask(Field("asked", Kind.LINES, T("问答", "Questions and answers"), visible=READERS), at_least=2)

SIDE = Task("side", T("派员到场，联合询问", "Come and question jointly"), owner=Who("anyone", "anyone"))
"""Urban management asks a police unit to come, and the police a unit of urban management: each sees the record from then on."""

QUESTIONING = Procedure(
    code="streets.questioning",
    version=2,
    title=T("联合询问", "Joint questioning"),
    subject="party",
    law=T(
        "行政处罚法第42、55条；处理程序规定第48条；聊城市城镇容貌和环境卫生管理条例第60、63条",
        "Penalty Law art. 42, 55; Procedure for Traffic Offences art. 48; Liaocheng City Appearance Rules art. 60, 63",
    ),
    fields=(
        Field("street", Kind.TEXT, T("询问地点", "Where")),
        Field("purpose", Kind.LINES, T("询问目的", "Purpose")),
        Field("party_name", Kind.PARTY, T("被询问人", "Who is questioned"), visible=READERS, personal=True),
        Field("identity_verified", Kind.FLAG, T("身份已由公安核实", "Identity verified by the police")),
        Field("minor", Kind.FLAG, T("未满十八周岁", "Under eighteen"), visible=READERS),
        Field("answers", Kind.LINES, T("询问结果", "What came out"), visible=READERS),
        Field(
            "party_signed",
            Kind.CHOICE,
            T("被询问人签名", "Signature of the person"),
            choices=(("signed", T("已签名", "Signed")), ("refused", T("拒签，已注明", "Refused; noted"))),
        ),
    ),
    states=(
        State("asking", T("询问中", "Questioning")),
        Outcome("signed", T("笔录已签", "Record signed")),
        Outcome("broken_off", T("中止询问", "Broken off")),
    ),
    tasks=(SIDE,),
    relations=(Relation("case", T("所属案件", "The matter it belongs to"), CODES),),
    actions=(
        Action(
            "begin",
            T("开始联合询问", "Begin"),
            (URBAN, *POLICE),
            opens="asking",
            relates="case",
            tasks=("side",),
            form=(Ask("street"), Ask("purpose", at_least=4)),
            requires=(
                Related("case"),
                Checked("rights", T("已出示证件、告知权利义务", "credentials shown, rights and duties told")),
            ),
            law=T("行政处罚法第55条", "Penalty Law art. 55"),
        ),
        Action(
            "ask_urban",
            T("城管询问", "Urban management asks"),
            (URBAN,),
            repeat=True,
            form=(POWER, ASKED),
            evidence=(TAPE,),
            requires=(Competent("question"),),
            law=T("行政处罚法第42、55条", "Penalty Law art. 42, 55"),
        ),
        Action(
            "ask_police",
            T("公安询问", "Police ask"),
            POLICE,
            repeat=True,
            form=(POWER, ASKED),
            evidence=(TAPE,),
            requires=(Competent("question"),),
        ),
        Action(
            "check_identity",
            T("查验身份", "Check the identity"),
            POLICE,
            repeat=True,
            form=(
                Ask(Field("why", Kind.LINES, T("查验目的", "Why it is checked")), at_least=4),
                Ask(Field("ground", Kind.TEXT, T("法律依据", "Legal basis")), at_least=4),
                Ask("identity_verified"),
                Ask("party_name"),
                Ask("minor", required=False),
            ),
            requires=(Competent("ask_identity"),),
            law=T("居民身份证法第15条", "Resident Identity Card Law art. 15"),
        ),
        Action(
            "sign",
            T("笔录签字，结束", "Sign and end"),
            (URBAN, *POLICE),
            moves={"asking": "signed"},
            form=(Ask("answers", at_least=2), Ask("party_signed")),
            documents=(RECORD,),
            requires=(Done("ask_urban"), Done("check_identity")),
        ),
        Action(
            "break_off", T("中止询问", "Break off"), (URBAN, *POLICE), moves={"asking": "broken_off"}, form=(REASON,)
        ),
    ),
    figures=(
        Count("begun", T("联合询问", "Joint questionings"), of="begin"),
        Count("identities", T("公安查验身份", "Identities checked by police"), of="check_identity"),
    ),
    overseers=(*HEADS, COMMANDER),
)
