"""A lost passport in three days (护照急办), as in ST-21: three clocks, a relay of departments, an approval by another person."""

from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    KERNEL_ITSELF,
    REASON,
    Action,
    Ask,
    Competent,
    Count,
    Deadline,
    DoneByActor,
    Field,
    Kind,
    Notice,
    Outcome,
    Party,
    PhotoSet,
    Role,
    State,
    T,
    Task,
    Term,
)

CLERK = Role("clerk", agency="service_hall")
HEAD = Role("agency_head")
STAFF = Role("clerk")
APPLICANT = Party("applicant")

GROUND = PhotoSet("ground", T("加急事由证明", "Proof of the urgent ground"), at_least=1, located=False)
DONE = Notice("done", APPLICANT, T("您的{item}已办好，请领取。", "Your {item} is ready to collect."))

PASSPORT = Procedure(
    code="counter.urgent",
    version=1,
    title=T("“办不成事”窗口急办", "Urgent item at the last-resort window"),
    subject="item",
    law=T("护照法第6条", "Passport Law art. 6"),
    fields=(
        Field("item", Kind.TEXT, T("事项", "Item")),
        Field("applicant", Kind.PERSON, T("申请人", "Applicant"), visible=(STAFF, HEAD, APPLICANT), personal=True),
        Field("ground", Kind.CHOICE, T("加急事由", "Urgent ground"), choices=(
            ("conference", T("紧急出国参加会议", "Urgent conference abroad")), ("funeral", T("奔丧探病", "Funeral or illness")),
        )),
    ),
    states=(
        State("registered", T("已登记", "Registered")),
        State("urgent", T("加急办理中", "Urgent")),
        State("ordinary", T("按普通时限办理", "Ordinary")),
        State("made", T("已制证", "Made")),
        Outcome("delivered", T("办成", "Delivered")),
        Outcome("impossible", T("办不成，已说明理由", "Not possible, with reasons")),
    ),
    deadlines=(
        Deadline(
            "ordinary", T("普通时限", "Ordinary time"), Term("L-PASS.2"), ("registered", "urgent", "ordinary", "made"), mode="reference",
        ),
        Deadline("target", T("急办目标", "Urgent target"), Term("S-PASS-URG"), ("urgent", "made"), starts_on=("approve",), mode="alarm", tells=(HEAD,)),
    ),
    tasks=(
        Task("chain", T("部门接力", "Relay of departments"), owner=STAFF, mode="relay", term=Term("S-DAY"), then="finish"),
    ),
    actions=(
        Action("register", T("登记", "Register"), (CLERK,), opens="registered", form=(Ask("item"), Ask("applicant"), Ask("ground", required=False))),
        Action(
            "approve", T("批准加急", "Approve the urgent track"), (HEAD,), moves={"registered": "urgent"}, evidence=(GROUND,),
            form=(Ask("ground"),), tasks=("chain",), unless_same_person_as=("register",),
            requires=(Competent("approve_urgent", given={"own_clerking": DoneByActor(("register",))}),),
        ),
        Action("refuse_urgent", T("不予加急", "Refuse urgency"), (HEAD,), moves={"registered": "ordinary"}, form=(REASON,), tasks=("chain",)),
        Action("finish", T("制证完成", "Made"), (KERNEL_ITSELF,), moves={"urgent": "made", "ordinary": "made"}, notices=(DONE,)),
        Action("deliver", T("交付", "Deliver"), (CLERK,), moves={"made": "delivered"}),
        Action("give_up", T("确实办不成", "Not possible"), (HEAD,), moves={"registered": "impossible", "urgent": "impossible", "ordinary": "impossible"}, form=(REASON,)),
    ),
    figures=(
        Count("delivered", T("办成件数", "Delivered"), of="deliver"),
        Count("late", T("急办超时", "Urgent target missed"), of="lapse:target"),
    ),
)  # fmt: skip
