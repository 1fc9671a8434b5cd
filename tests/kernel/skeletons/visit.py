"""A visit that finds nobody, and a second address (反诈上门劝阻), as in ST-24: two legs, one alert, no call content."""

from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    Action,
    Ask,
    Checked,
    Count,
    Deadline,
    Field,
    Kind,
    Outcome,
    Role,
    State,
    System,
    T,
    Task,
    Term,
)

RADAR = System("antifraud")
STATION = Role("station_officer", agency="police")
ANALYST = Role("fraud_analyst", agency="police")
GRID = Role("grid_worker")
CHIEF = Role("commander", agency="police")

LATE = Field("late_because", Kind.TEXT, T("未按时到达的原因", "Why the visit was late"))

VISIT = Procedure(
    code="fraud.visit",
    version=1,
    title=T("上门劝阻", "Visit to a likely victim"),
    subject="person",
    law=T("反电信网络诈骗法第34条", "Anti-Fraud Law art. 34"),
    fields=(
        Field("person", Kind.PERSON, T("被保护人", "Person to protect"), visible=(STATION, ANALYST, CHIEF), personal=True),
        Field("address", Kind.TEXT, T("地址", "Address"), visible=(STATION, ANALYST, CHIEF), personal=True),
        Field("kind", Kind.CHOICE, T("类型", "Kind"), choices=(("service", T("冒充客服", "False customer service")), ("courier", T("冒充快递", "False courier")))),
        Field("amount", Kind.MONEY, T("涉险金额", "Amount at risk")),
    ),
    states=(
        State("raised", T("预警", "Raised")),
        State("under_way", T("上门途中", "Under way")),
        State("with_person", T("已见面", "With the person")),
        Outcome("stopped", T("转账前劝阻", "Stopped before the transfer")),
        Outcome("too_late", T("已转账，转止付", "Too late; payment to be stopped")),
        Outcome("false_alarm", T("误报", "False alarm")),
    ),
    deadlines=(
        Deadline("dispatch", T("派警", "Dispatch"), Term("S-CALL-PROC"), ("raised",), mode="alarm", tells=(CHIEF,)),
        Deadline(
            "leg", T("到达", "At the door"), Term("S-FRAUD-URG"), ("under_way",), starts_on=("set_out", "not_there"),
            mode="alarm", tells=(CHIEF,),
        ),
        Deadline("meet", T("见面劝阻", "Face to face"), Term("S-FRAUD-HIGH"), ("raised", "under_way"), mode="alarm", tells=(CHIEF,)),
    ),
    tasks=(
        Task("follow_up", T("回访", "Follow-up"), owner=GRID, term=Term("S-WEEK"), survives_close=True),
    ),
    actions=(
        Action("raise", T("预警", "Raise"), (RADAR, ANALYST), opens="raised", form=(Ask("person"), Ask("address"), Ask("kind"))),
        Action("set_out", T("出发", "Set out"), (STATION,), moves={"raised": "under_way"}),
        Action(
            "not_there", T("不在该址", "Not at this address"), (STATION,), repeat=True, during=("under_way",),
            form=(Ask("address"), Ask(Field("told_by", Kind.TEXT, T("由谁告知", "Told by")))),
        ),
        Action("met", T("见到本人", "Met"), (STATION,), moves={"under_way": "with_person"}, form=(Ask(LATE, required=False),)),
        Action(
            "stop", T("劝阻成功", "Stopped"), (STATION,), moves={"with_person": "stopped"}, form=(Ask("amount", at_least=0),),
            tasks=("follow_up",), requires=(Checked("educated", T("以案释法教育", "education by example given")),),
        ),
        Action("transferred", T("已经转账", "Already transferred"), (STATION,), moves={"with_person": "too_late"}, form=(Ask("amount", at_least=1),)),
        Action("dismiss", T("误报", "False alarm"), (STATION, ANALYST), moves={"raised": "false_alarm", "with_person": "false_alarm"}),
    ),
    figures=(
        Count("stopped", T("劝阻人数", "People stopped"), of="stop"),
        Count("saved", T("挽损金额", "Money saved"), of="stop", sums="amount"),
        Count("late_legs", T("未按时到达", "Late legs"), of="lapse:leg"),
    ),
)  # fmt: skip
