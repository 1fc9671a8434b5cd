"""A series of thefts and its members (串并案), as in ST-08: one act of the series reaches every member."""

from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    KERNEL_ITSELF,
    REASON,
    Action,
    Ask,
    Child,
    Count,
    Deadline,
    FanOut,
    Field,
    Kind,
    Merge,
    Outcome,
    Related,
    Relation,
    Role,
    State,
    T,
    Task,
    Term,
    Then,
    Transfer,
)

INVESTIGATOR = Role("investigator", agency="police")
CHIEF = Role("commander", agency="police")

THEFT = Procedure(
    code="cases.theft",
    version=1,
    title=T("盗窃案件", "Theft"),
    subject="case",
    fields=(
        Field("place", Kind.TEXT, T("地点", "Place")),
        Field("loss", Kind.MONEY, T("损失", "Loss")),
        Field("victim", Kind.PERSON, T("被害人", "Victim"), visible=(INVESTIGATOR, CHIEF), personal=True),
        Field("suspects", Kind.INTEGER, T("到案人数", "Arrested")),
    ),
    states=(
        State("filed", T("已立案", "Filed")),
        State("arrested", T("嫌疑人到案", "Suspects arrested")),
        Outcome("solved", T("破案", "Solved")),
        Outcome("merged", T("并入他案", "Went up in another case")),
    ),
    deadlines=(
        Deadline("golden", T("黄金24小时", "Golden 24 hours"), Term("S-GOLD-24"), ("filed",), mode="alarm", tells=(CHIEF,)),
    ),
    actions=(
        Action("file", T("立案", "File"), (INVESTIGATOR,), opens="filed", form=(Ask("place"), Ask("loss", at_least=0), Ask("victim"))),
        Action("link_arrest", T("关联到案嫌疑人", "Link the arrest"), (KERNEL_ITSELF, INVESTIGATOR), moves={"filed": "arrested"}),
        Action(
            "return_goods", T("发还财物", "Return goods"), (INVESTIGATOR,), repeat=True, during=("arrested",),
            form=(Ask(Field("value", Kind.MONEY, T("价值", "Value")), at_least=1),),
        ),
        Action("solve", T("破案", "Solve"), (INVESTIGATOR,), moves={"arrested": "solved"}),
        Action("merge", T("并案", "Merge"), (INVESTIGATOR,), moves={"filed": "merged"}, verb=Merge("into")),
        Action("transfer", T("移交", "Transfer"), (CHIEF,), repeat=True, verb=Transfer()),
    ),
    relations=(Relation("into", T("主案", "Main case"), to=("cases.theft",)),),
    figures=(
        Count("solved", T("破案数", "Solved"), of="solve"),
        Count("returned", T("发还金额", "Value returned"), of="return_goods", sums="value"),
    ),
)  # fmt: skip

SUSPECT = Procedure(
    code="cases.suspect",
    version=1,
    title=T("嫌疑人", "Suspect"),
    subject="person",
    fields=(
        Field("name", Kind.PERSON, T("姓名", "Name"), visible=(INVESTIGATOR, CHIEF), personal=True),
        Field("city", Kind.TEXT, T("所在城市", "City")),
    ),
    states=(
        State("known", T("已确定", "Known")),
        State("located", T("已定位", "Located")),
        Outcome("arrested", T("已抓获", "Arrested")),
        Outcome("cleared", T("排除嫌疑", "Cleared")),
    ),
    actions=(
        Action("name", T("确定嫌疑人", "Name a suspect"), (KERNEL_ITSELF,), opens="known", form=(Ask("name"),)),
        Action("locate", T("定位", "Locate"), (INVESTIGATOR,), moves={"known": "located", "located": "located"}, form=(Ask("city"),)),
        Action("arrest", T("抓获", "Arrest"), (INVESTIGATOR,), moves={"located": "arrested"}, officers=2, form=(Ask("city"),)),
        Action("clear", T("排除", "Clear"), (INVESTIGATOR,), moves={"known": "cleared", "located": "cleared"}, form=(REASON,)),
    ),
)  # fmt: skip

SERIES = Procedure(
    code="cases.series",
    version=1,
    title=T("系列案件", "Series"),
    subject="series",
    fields=(Field("method", Kind.TEXT, T("作案手法", "Method")),),
    states=(
        State("proposed", T("研判中", "Proposed")),
        State("hunting", T("专案侦办", "Task force at work")),
        State("caught", T("全部到案", "All arrested")),
        Outcome("closed", T("结案", "Closed")),
        Outcome("dissolved", T("不成立", "Dissolved")),
    ),
    relations=(Relation("member", T("成员案件", "Member case"), to=("cases.theft",), many=True),),
    tasks=(Task("force", T("专案组分工", "Work of the task force"), owner=INVESTIGATOR, mode="all"),),
    children=(
        Child(
            "suspects", T("嫌疑人", "Suspects"), procedure="cases.suspect", opening="name",
            then=(Then("all", "all_caught", closed_as=("arrested", "cleared")),),
        ),
    ),
    actions=(
        Action("propose", T("提出串案", "Propose"), (INVESTIGATOR,), opens="proposed", form=(Ask("method"),), relates="member"),
        Action("link", T("串入", "Link"), (INVESTIGATOR,), repeat=True, relates="member"),
        Action("unlink", T("剔除", "Unlink"), (INVESTIGATOR,), repeat=True, unrelates="member", form=(REASON,)),
        Action(
            "form_force", T("成立专案组", "Form a task force"), (CHIEF,), moves={"proposed": "hunting"}, tasks=("force",),
            requires=(Related("member", 10),),
        ),
        Action("name_suspects", T("确定嫌疑人", "Name suspects"), (INVESTIGATOR,), repeat=True, during=("hunting",), children=("suspects",)),
        Action(
            "all_caught", T("全部到案", "All caught"), (KERNEL_ITSELF,), moves={"hunting": "caught"},
            fans_out=(FanOut("member", "link_arrest"),),
        ),
        Action("close", T("结案", "Close"), (CHIEF,), moves={"caught": "closed"}, fans_out=(FanOut("member", "solve"),)),
        Action("dissolve", T("撤销串案", "Dissolve"), (CHIEF,), moves={"proposed": "dissolved", "hunting": "dissolved"}, form=(REASON,)),
    ),
    figures=(Count("caught", T("专案告破", "Series solved"), of="all_caught"),),
)  # fmt: skip
