"""Mediation in three stages with two promises (三步调解), as in ST-40 and ST-41. People's Mediation Law art. 17, 25–33."""

from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    KERNEL_ITSELF,
    REASON,
    Action,
    AnyOf,
    Ask,
    Checked,
    Child,
    Competent,
    Count,
    Deadline,
    Field,
    FieldIs,
    FromField,
    Happened,
    Holds,
    Kind,
    Outcome,
    Paper,
    Party,
    Reopen,
    Role,
    State,
    T,
    Term,
    Then,
)

MEDIATOR = Role("mediator")
OFFICER = Role("station_officer", agency="police")
WHO = (MEDIATOR, OFFICER)
SIDES = (Party("side_a"), Party("side_b"))

AGREEMENT = Paper(
    "agreement", T("调解协议书", "Agreement"), needs=("facts", "liability", "due"), basis="F-mediation",
    fills={
        "parties": "parties", "dispute": "facts", "agreement": "terms", "signatures": "@printed",
        "mediator_signature": "@officer", "committee_seal": "@seal", "copies": "@printed",
    },
)  # fmt: skip

PROMISE = Procedure(
    code="community.promise",
    version=1,
    title=T("承诺", "Promise"),
    subject="promise",
    fields=(
        Field("side", Kind.TEXT, T("承诺人", "Who promises")),
        Field("what", Kind.LINES, T("承诺内容", "What")),
        Field("due", Kind.DATE, T("履行日期", "By when")),
    ),
    states=(
        State("given", T("待履行", "Given")),
        Outcome("kept", T("已履行", "Kept")),
        Outcome("broken", T("未履行", "Broken")),
    ),
    deadlines=(Deadline("due", T("履行期限", "Performance"), FromField("due"), ("given",), mode="alarm", tells=WHO),),
    actions=(
        Action("give", T("承诺", "Give"), (KERNEL_ITSELF,), opens="given", form=(Ask("side"), Ask("what"), Ask("due"))),
        Action("keep", T("已履行", "Kept"), WHO, moves={"given": "kept"}),
        Action("break", T("未履行", "Broken"), WHO, moves={"given": "broken"}, form=(REASON,)),
    ),
)  # fmt: skip

MEDIATION = Procedure(
    code="community.mediation",
    version=1,
    title=T("矛盾纠纷调解", "Mediation"),
    subject="dispute",
    law=T("人民调解法第17、25至33条", "People's Mediation Law art. 17, 25–33"),
    fields=(
        Field("parties", Kind.LINES, T("当事人", "Parties"), visible=(*WHO, *SIDES), personal=True),
        Field("cause", Kind.TEXT, T("起因", "Cause")),
        Field("facts", Kind.LINES, T("事实", "Facts")),
        Field("liability", Kind.LINES, T("责任", "Liability")),
        Field("terms", Kind.LINES, T("协议内容", "Terms")),
        Field("due", Kind.DATE, T("履行期限", "Performance")),
        Field("escalating", Kind.FLAG, T("可能激化", "May escalate")),
        Field("signed", Kind.FLAG, T("双方已签名", "Signed by both sides")),
    ),
    states=(
        State("calming", T("平息情绪", "Calm down")),
        State("finding", T("查明原因", "Find out")),
        State("facing", T("换位沟通", "See the other side")),
        State("agreed", T("达成协议", "Agreed")),
        Outcome("settled", T("履行完毕", "Settled")),
        Outcome("failed", T("调解不成，已告知救济途径", "Failed; remedies told")),
        Outcome("unkept", T("协议未履行", "Not kept")),
    ),
    deadlines=(
        Deadline("confirm", T("共同申请司法确认", "Joint application for confirmation"), Term("L-MED-CONF.1"), ("agreed",), mode="reference"),
    ),
    children=(
        Child(
            "promises", T("承诺", "Promises"), "community.promise", opening="give",
            then=(Then("any", "unkept", closed_as=("broken",)), Then("all", "settle", closed_as=("kept",))),
        ),
    ),
    actions=(
        Action(
            "begin", T("开始调解", "Begin"), WHO, opens="calming", form=(Ask("parties"),), requires=(Competent("mediate"),),
        ),
        Action("calmed", T("情绪平稳", "Calmed"), WHO, moves={"calming": "finding"}, form=(Ask("cause", required=False),)),
        Action("found", T("原因查明", "Found out"), WHO, moves={"finding": "facing"}, form=(Ask("cause"), Ask("facts"))),
        Action("oral_consent", T("口头协议已记录", "Oral consent on record"), WHO, repeat=True, during=("facing",)),
        Action(
            "agree", T("达成协议", "Agree"), WHO, moves={"facing": "agreed"}, documents=(AGREEMENT,), children=("promises",),
            form=(Ask("liability"), Ask("terms"), Ask("due"), Ask("signed", required=False)),
            requires=(
                Holds(
                    AnyOf((FieldIs("signed", (True,)), Happened("oral_consent"))),
                    T("双方须签名，或者把口头同意记录在案。", "Both sides sign, or their oral consent is put on record."),
                ),
                Checked("remedy", T("已告知可在三十日内申请司法确认", "told of judicial confirmation within thirty days")),
            ),
        ),
        Action(
            "refuse", T("一方拒绝", "A side refuses"), (*WHO, *SIDES), form=(REASON,),
            moves={"calming": "failed", "finding": "failed", "facing": "failed"},
        ),
        Action(
            "report", T("报告公安机关", "Report to the police"), WHO, repeat=True, during=("calming", "finding", "facing"),
            form=(Ask("escalating"),), hands_over_to="police",
        ),
        Action("settle", T("履行完毕", "Performed"), (KERNEL_ITSELF,), moves={"agreed": "settled"}),
        Action("unkept", T("未履行", "Not kept"), (KERNEL_ITSELF,), moves={"agreed": "unkept"}),
        Action("again", T("重新调解", "Again"), WHO, moves={"unkept": "facing"}, from_outcome=("unkept",), verb=Reopen()),
    ),
    figures=(
        Count("settled", T("调解成功", "Settled"), of="settle"),
        Count("failed", T("调解不成", "Failed"), of="enters:failed"),
    ),
)  # fmt: skip
