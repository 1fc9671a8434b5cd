"""Ninety applications handed in together (批量办理), each with a result of its own."""

from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    KERNEL_ITSELF,
    REASON,
    Action,
    Ask,
    Child,
    ChildrenClosed,
    Count,
    Deadline,
    Field,
    Kind,
    Outcome,
    Party,
    Role,
    Running,
    Split,
    State,
    T,
    Term,
    Then,
)

CLERK = Role("clerk")
HEAD = Role("agency_head")
APPLICANT = Party("applicant")

PERMIT = Procedure(
    code="counter.permit",
    version=1,
    title=T("居住证", "Residence permit"),
    subject="person",
    law=T("居住证暂行条例第9条", "Residence Permit Regulations art. 9"),
    fields=(
        Field("name", Kind.PERSON, T("姓名", "Name"), visible=(CLERK, HEAD, APPLICANT), personal=True),
        Field("papers", Kind.CHOICES, T("材料", "Papers"), choices=(
            ("id", T("身份证", "Identity card")), ("lease", T("租房合同", "Lease")), ("work", T("就业证明", "Proof of work")))),
    ),
    states=(
        State("received", T("已收件", "Received")),
        State("review", T("复核中", "Under review")),
        Outcome("granted", T("准予", "Granted")),
        Outcome("refused", T("不予", "Refused"), record=True),
    ),
    deadlines=(
        Deadline("decide", T("办理期限", "Decision"), Term("L-ID.2"), ("received",), mode="alarm", tells=(HEAD,)),
        Deadline("appeal", T("申请复核", "Review may be asked"), Term("L-REC.1"), ("refused",), mode="reference"),
    ),
    actions=(
        Action("receive", T("收件", "Receive"), (KERNEL_ITSELF, CLERK), opens="received", form=(Ask("name"), Ask("papers"))),
        Action("grant", T("准予", "Grant"), (CLERK,), moves={"received": "granted", "review": "granted"}),
        Action("refuse", T("不予", "Refuse"), (CLERK,), moves={"received": "refused", "review": "refused"}, form=(REASON,), unless_same_person_as=("ask_review",)),
        Action(
            "ask_review", T("申请复核", "Ask for review"), (APPLICANT,), moves={"refused": "review"}, from_outcome=("refused",),
            form=(REASON,), requires=(Running("appeal"),),
        ),
    ),
    figures=(Count("granted", T("准予件数", "Granted"), of="enters:granted"), Count("refused", T("不予件数", "Refused"), of="enters:refused")),
)  # fmt: skip

BATCH = Procedure(
    code="counter.batch",
    version=1,
    title=T("批量申请", "Batch of applications"),
    subject="organisation",
    fields=(Field("organisation", Kind.TEXT, T("单位", "Organisation")),),
    states=(
        State("open", T("办理中", "Open")),
        Outcome("complete", T("全部办结", "Complete")),
        Outcome("handed_back", T("退回", "Handed back")),
    ),
    children=(
        Child("permits", T("居住证", "Permits"), "counter.permit", opening="receive", then=(Then("all", "complete"),)),
    ),
    actions=(
        Action("hand_in", T("批量收件", "Hand in"), (CLERK,), opens="open", form=(Ask("organisation"),), children=("permits",)),
        Action("add", T("补充一件", "Add"), (CLERK,), repeat=True, verb=Split("permits")),
        Action("complete", T("全部办结", "Complete"), (KERNEL_ITSELF,), moves={"open": "complete"}),
        Action(
            "hand_back", T("退回单位", "Hand back"), (HEAD,), moves={"open": "handed_back"}, form=(REASON,),
            requires=(ChildrenClosed("permits"),),
        ),
    ),
    figures=(Count("batches", T("批次", "Batches"), of="complete"),),
)  # fmt: skip
