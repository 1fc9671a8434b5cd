"""Court enforcement: a shop to be handed back (腾退), as in ST-07. Civil Procedure Law art. 251, 257, 261, 264."""

from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    Action,
    Ask,
    Checked,
    Competent,
    Count,
    Deadline,
    Done,
    Expired,
    Extend,
    Field,
    FieldIs,
    FromField,
    Issued,
    Kind,
    Outcome,
    Paper,
    Party,
    PhotoSet,
    Present,
    Recording,
    Resume,
    Role,
    State,
    Suspend,
    T,
    Term,
    TermOver,
    Withdraw,
)
from guangyue.law import Span, Unit

EXECUTOR = Role("court_executor", agency="court")
JUDGE = Role("court_judge", agency="court")
PRESIDENT = Role("court_president", agency="court")
APPLICANT = Party("applicant")

ORDER = Paper("order", T("执行通知书", "Notice to perform"), needs=("respondent", "obligation"))
CREDIT = Paper("credit", T("信用风险惩戒提示书", "Notice of credit risks"), needs=("respondent",), statutory=False)
NOTICE = Paper(
    "notice", T("腾退公告", "Eviction notice"), signed_by=PRESIDENT, basis="F-eviction",
    fills={
        "president_signature": "@signature", "respondent": "respondent", "obligation": "obligation",
        "vacate_by": "until", "consequence": "consequence", "posting_photo": "@evidence:posted",
    },
)  # fmt: skip
PLAN = Paper("plan", T("强制腾退执行方案", "Plan of the eviction"))
TRANSCRIPT = Paper("transcript", T("执行笔录", "Transcript"))
INVENTORY = Paper("inventory", T("物品清单", "Inventory of goods"))
RECEIPT = Paper("receipt", T("交付凭证", "Receipt"))

POSTED = PhotoSet("posted", T("公告张贴照片", "Photographs of the posted notice"), at_least=1, panoramas=1)
BODYCAM = Recording(
    "bodycam", T("执法记录仪全程录像", "Body-worn recording"), without_gap=Span(1, Unit.MINUTE), since="forced"
)
PIECE = Recording("bodycam", T("执法记录仪录像", "Body-worn recording, a part"))

WORKING = ("filed", "notified", "posted", "expired", "planned", "forced")

EVICTION = Procedure(
    code="court.eviction",
    version=1,
    title=T("腾退房屋", "Eviction"),
    subject="premises",
    law=T("民事诉讼法第251、257、261、264条", "Civil Procedure Law art. 251, 257, 261, 264"),
    fields=(
        Field("respondent", Kind.PARTY, T("被执行人", "Respondent"), visible=(EXECUTOR, JUDGE, PRESIDENT, APPLICANT), personal=True),
        Field("premises", Kind.TEXT, T("房屋", "Premises")),
        Field("obligation", Kind.LINES, T("判决确定的义务", "What the judgment orders")),
        Field("until", Kind.DATE, T("限期腾退日期", "To be vacated by")),
        Field("consequence", Kind.LINES, T("逾期后果", "Consequence")),
        Field("many_goods", Kind.FLAG, T("屋内物品较多", "Many goods inside")),
    ),
    states=(
        State("filed", T("已立案", "Filed")),
        State("notified", T("已发执行通知", "Told to perform")),
        State("posted", T("公告已张贴", "Notice posted")),
        State("expired", T("公告期满未腾退", "Term of the notice over")),
        State("planned", T("方案已批准", "Plan approved")),
        State("forced", T("强制执行中", "Being forced")),
        Outcome("performed", T("自动履行", "Performed by the respondent")),
        Outcome("executed", T("执结", "Executed")),
        Outcome("withdrawn", T("撤回执行申请", "Application withdrawn")),
    ),
    deadlines=(
        Deadline("notify", T("发出执行通知", "Notice to perform"), Term("L-EXE-N"), ("filed",), mode="alarm", tells=(JUDGE,)),
        Deadline("vacate", T("公告限期", "Term of the notice"), FromField("until"), ("posted",), lapses_to="expired"),
        Deadline("close", T("执行期限", "Enforcement"), Term("L-EXE-6M.1"), WORKING, mode="alarm", tells=(PRESIDENT,)),
    ),
    actions=(
        Action(
            "file", T("立案", "File"), (EXECUTOR,), opens="filed",
            form=(Ask("respondent"), Ask("premises"), Ask("obligation")),
            requires=(Checked("in_force", T("判决已生效且履行期已过", "judgment in force and its date past")),),
        ),
        Action("serve", T("送达执行通知", "Serve"), (EXECUTOR,), moves={"filed": "notified"}, documents=(ORDER, CREDIT)),
        Action(
            "attempt", T("联系被执行人", "Attempt to reach"), (EXECUTOR,), repeat=True, during=("notified",),
            form=(
                Ask(Field("way", Kind.CHOICE, T("方式", "Way"), choices=(
                    ("phone", T("电话", "Phone")), ("sms", T("短信", "SMS")), ("visit", T("上门", "Visit"))))),
                Ask(Field("result", Kind.TEXT, T("结果", "Result"))),
            ),
        ),
        Action(
            "draft", T("拟制公告", "Draft the notice"), (EXECUTOR,), repeat=True, during=("notified",), documents=(NOTICE,),
            form=(Ask("until"), Ask("consequence"), Ask("many_goods", required=False)),
        ),
        Action(
            "sign", T("签发公告", "Sign the notice"), (PRESIDENT,), repeat=True, during=("notified",), signs="notice",
            requires=(Competent("sign_eviction"),), law=T("民事诉讼法第261条", "Civil Procedure Law art. 261"),
        ),
        Action(
            "post", T("张贴公告", "Post the notice"), (EXECUTOR,), moves={"notified": "posted"}, evidence=(POSTED,),
            requires=(Issued("notice"), Done("attempt", 3)),
        ),
        Action("vacated", T("已自行腾退", "Vacated"), (EXECUTOR,), moves={"notified": "performed", "posted": "performed", "expired": "performed"}),
        Action(
            "approve_plan", T("批准执行方案", "Approve the plan"), (JUDGE,), moves={"expired": "planned"}, documents=(PLAN,),
            unless_same_person_as=("draft",),
            requires=(Checked("meeting", T("执行局会议研究同意", "approved by the bureau's meeting")),),
        ),
        Action(
            "start", T("开始强制腾退", "Begin"), (EXECUTOR,), moves={"planned": "forced"}, officers=2, evidence=(PIECE,),
            requires=(
                Expired("vacate"),
                Competent("force_eviction", given={"notice_expired": TermOver("vacate")}),
                Present("notary", T("公证人员", "A notary"), when=FieldIs("many_goods", (True,))),
                Checked("evacuated", T("无关人员已疏散", "bystanders evacuated")),
                Checked("cordon", T("警戒线已设置", "cordon set")),
            ),
        ),
        Action("record", T("上传执行录像", "Add a recording"), (EXECUTOR,), repeat=True, during=("forced",), evidence=(PIECE,)),
        Action(
            "proxy", T("登记代为清理人员", "Note a proxy"), (EXECUTOR,), repeat=True, during=("forced",),
            form=(Ask(Field("proxy", Kind.PERSON, T("代为清理人", "Proxy"), personal=True)),),
        ),
        Action(
            "hand_over", T("交付申请人", "Hand over"), (EXECUTOR,), moves={"forced": "executed"}, officers=2, evidence=(BODYCAM,),
            documents=(TRANSCRIPT, INVENTORY, RECEIPT), irreversible=True,
            requires=(Checked("signed", T("在场人员已在笔录上签名", "transcript signed by those present")),),
        ),
        Action("withdraw", T("撤回申请", "Withdraw"), (APPLICANT,), moves=dict.fromkeys(WORKING[:5], "withdrawn"), verb=Withdraw()),
        Action("extend", T("延长执行期限", "Extend"), (PRESIDENT,), repeat=True, during=WORKING, verb=Extend("close"), requires=(Competent("approve_extension"),)),
        Action("suspend", T("中止执行", "Suspend"), (JUDGE,), repeat=True, during=WORKING, verb=Suspend()),
        Action("resume", T("恢复执行", "Resume"), (JUDGE,), repeat=True, during=WORKING, verb=Resume()),
    ),
    figures=(
        Count("executed", T("强制执结", "Executed by force"), of="hand_over"),
        Count("performed", T("自动履行", "Performed voluntarily"), of="vacated"),
    ),
)  # fmt: skip
