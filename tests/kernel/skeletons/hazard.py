"""A round of the roofs (高空隐患排查): five sign-offs, many objects each with owner, colour and date, a watch that recurs.

Civil Code art. 1253–1254; Work Safety Law art. 41. Red is put right now, yellow by its date, green is looked at again.
"""

from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    CLOCK,
    KERNEL_ITSELF,
    REASON,
    Action,
    Ask,
    Child,
    Count,
    Daily,
    Deadline,
    Field,
    FromField,
    Kind,
    Notice,
    Outcome,
    Party,
    PhotoSet,
    Role,
    Schedule,
    State,
    T,
    Task,
    TaskDone,
    Term,
    Transfer,
)

OFFICER = Role("station_officer", agency="police")
GRID = Role("grid_worker")
CHIEF = Role("commander", agency="police")
SIGNER = Role("agency_head")
RESPONSIBLE = Party("responsible")

FOUND = PhotoSet("found", T("隐患照片", "Photographs of the hazard"), at_least=1, panoramas=1)
FIXED = PhotoSet("fixed", T("整改照片", "Photographs after the repair"), at_least=1)
TOLD = Notice("told", RESPONSIBLE, T("请于{due}前整改：{object}。", "Please put right by {due}: {object}."))
LOOK = Notice("look", GRID, T("今天请查看：{object}。", "Please look today at: {object}."), channel="desk")
OPEN = ("red", "yellow", "green")

HAZARD = Procedure(
    code="community.hazard",
    version=1,
    title=T("高空隐患", "Overhead hazard"),
    subject="place",
    law=T("民法典第1253、1254条；安全生产法第41条", "Civil Code art. 1253–1254; Work Safety Law art. 41"),
    fields=(
        Field("object", Kind.TEXT, T("隐患部位", "Object")),
        Field("owner", Kind.PARTY, T("责任人", "Person responsible"), visible=(OFFICER, GRID, CHIEF, RESPONSIBLE), personal=True),
        Field("due", Kind.DATE, T("整改日期", "To be put right by")),
    ),
    states=(
        State("red", T("红色：立即整改", "Red: now")),
        State("yellow", T("黄色：限期整改", "Yellow: by its date")),
        State("green", T("绿色：定期观察", "Green: watched")),
        Outcome("removed", T("已消除", "Removed")),
        Outcome("mistaken", T("误登", "Entered by mistake")),
    ),
    deadlines=(
        Deadline("now", T("立即整改", "Now"), Term("S-HAZ-RED"), ("red",), mode="alarm", tells=(CHIEF,)),
        Deadline("by_date", T("限期整改", "By its date"), FromField("due"), ("yellow",), starts_on=("enter_yellow", "to_yellow", "new_date"), lapses_to="red"),
    ),
    schedules=(Schedule("watch", T("定期观察", "Watch"), Daily("08:30", on=(1,)), does="watch_due", during=("green",)),),
    actions=(
        *(
            Action(
                f"enter_{colour}", T(f"登记（{word}）", f"Enter ({colour})"), (KERNEL_ITSELF, OFFICER), opens=colour,
                form=(Ask("object"), Ask("owner"), Ask("due", required=colour == "yellow")), notices=(TOLD,) if colour == "yellow" else (),
            )
            for colour, word in zip(OPEN, "红黄绿", strict=True)
        ),
        *(
            Action(
                f"to_{colour}", T(f"改为{word}色", f"Now {colour}"), (OFFICER,), moves={c: colour for c in OPEN if c != colour},
                form=(REASON, Ask("due")) if colour == "yellow" else (REASON,), evidence=(FOUND,),
            )
            for colour, word in zip(OPEN, "红黄绿", strict=True)
        ),
        Action("new_date", T("改期", "New date"), (OFFICER,), repeat=True, during=("yellow",), form=(Ask("due"), REASON), notices=(TOLD,)),
        Action("watch_due", T("到期观察", "Watch is due"), (CLOCK,), repeat=True, during=("green",), notices=(LOOK,)),
        Action("looked", T("已查看", "Looked"), (GRID, OFFICER), repeat=True, during=("green",), evidence=(FOUND,)),
        Action("put_right", T("已整改", "Put right"), (OFFICER,), moves=dict.fromkeys(OPEN, "removed"), evidence=(FIXED,)),
        Action("mistake", T("误登", "Mistake"), (CHIEF,), moves=dict.fromkeys(OPEN, "mistaken"), form=(REASON,)),
        Action("give_to", T("移交", "Hand on"), (CHIEF,), repeat=True, verb=Transfer()),
    ),
    figures=(Count("removed", T("消除隐患", "Removed"), of="put_right"), Count("overdue", T("逾期", "Overdue"), of="lapse:by_date")),
)  # fmt: skip

ROUND = Procedure(
    code="community.round",
    version=1,
    title=T("高空隐患排查", "Round of the roofs"),
    subject="block",
    fields=(Field("block", Kind.TEXT, T("片区", "Block")),),
    states=(
        State("walking", T("排查中", "On the round")),
        State("signing", T("五方会签", "Five sign-offs")),
        Outcome("done", T("排查完成", "Done")),
    ),
    children=tuple(
        Child(colour, T(f"{word}色隐患", f"{colour.capitalize()} hazards"), "community.hazard", opening=f"enter_{colour}")
        for colour, word in zip(OPEN, "红黄绿", strict=True)
    ),
    tasks=(Task("sign_off", T("会签", "Sign-off"), owner=SIGNER, mode="all", term=Term("S-DESK-COMPLEX"), then="signed_off"),),
    actions=(
        Action("begin", T("开始排查", "Begin"), (OFFICER,), opens="walking", form=(Ask("block"),)),
        *(
            Action(f"found_{colour}", T(f"发现{word}色隐患", f"Found: {colour}"), (OFFICER,), repeat=True, during=("walking",), children=(colour,), evidence=(FOUND,))
            for colour, word in zip(OPEN, "红黄绿", strict=True)
        ),
        Action("submit", T("提交会签", "Submit"), (OFFICER,), moves={"walking": "signing"}, tasks=("sign_off",)),
        Action("signed_off", T("会签完成", "Signed off"), (KERNEL_ITSELF,), moves={"signing": "done"}, requires=(TaskDone("sign_off"),)),
        Action("back", T("退回补查", "Back to the round"), (CHIEF,), moves={"signing": "walking"}, form=(REASON,), calls_back=("sign_off",)),
    ),
    figures=(Count("rounds", T("排查轮次", "Rounds"), of="signed_off"),),
)  # fmt: skip
