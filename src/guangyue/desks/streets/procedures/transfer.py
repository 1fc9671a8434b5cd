"""Transfer of a suspected crime (涉嫌犯罪案件移送): report, head decides, five attachments, receipt, filed or not.

Provisions on Transferring Suspected Crimes (2020) 5–12, 14; Police Criminal Case Procedure 180, 181. No penalty stands in
for a transfer (11): the street matter is suspended meanwhile.
"""

from __future__ import annotations

from guangyue.desks.streets.course.papers import lawful
from guangyue.desks.streets.procedures.offences import CODES
from guangyue.desks.streets.who import COMMANDER, COUNTY, HEADS, LEGAL, OFFICERS, STATION
from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    REASON,
    Action,
    Ask,
    Checked,
    Competent,
    Count,
    Deadline,
    DoneByActor,
    Field,
    Kind,
    Outcome,
    PhotoSet,
    Relation,
    Running,
    State,
    T,
    Term,
    Transfer,
    Withdraw,
)

__all__ = ["TRANSFER"]

POLICE = (STATION, COUNTY)
PACK = lawful(
    "pack",
    T("涉嫌犯罪案件移送书", "Transfer of a suspected crime"),
    basis="F-transfer",
    fills={
        "transfer_letter": "letter", "investigation_report": "report", "goods_list": "goods", "expert_opinion": "expert",
        "other_papers": "others",
    },
    numbered="transfer",
)  # fmt: skip
FILE = PhotoSet("file", T("移送材料", "Papers of the transfer"), at_least=0, located=False, timed=False)
OWN = {"own_case": DoneByActor(("propose",)), "own_clerking": DoneByActor(("propose",))}


def _clock(key: str, zh: str, en: str, term: str, during: tuple[str, ...], tells: tuple, **more: object) -> Deadline:  # type: ignore[type-arg]
    return Deadline(key, T(zh, en), Term(term), during=during, mode="alarm", tells=tells, **more)  # type: ignore[arg-type]


TRANSFER = Procedure(
    code="streets.transfer",
    version=1,
    title=T("涉嫌犯罪案件移送", "Transfer of a suspected crime"),
    subject="party",
    law=T(
        "行政执法机关移送涉嫌犯罪案件的规定第5至12、14条；公安机关办理刑事案件程序规定第180、181条",
        "Provisions on Transferring Suspected Crimes art. 5–12, 14; Police Criminal Case Procedure art. 180, 181",
    ),
    fields=(
        Field("facts", Kind.LINES, T("涉嫌犯罪的事实", "Facts")),
        Field("letter", Kind.LINES, T("案件移送书", "Letter of transfer")),
        Field("report", Kind.LINES, T("案件情况的调查报告", "Investigation report")),
        Field("goods", Kind.LINES, T("涉案物品清单（没有的写“无”）", "List of goods, or “none”")),
        Field("expert", Kind.LINES, T("检验报告或者鉴定结论（没有的写“无”）", "Test report or expert opinion, or “none”")),
        Field("others", Kind.LINES, T("其他材料（没有的写“无”）", "Other papers, or “none”")),
        Field("case_number", Kind.TEXT, T("公安机关案号", "The police's case number")),
    ),
    states=(
        State("proposed", T("待负责人决定", "Waiting for the head")),
        State("approved", T("已批准，待移送", "Approved; to be sent")),
        State("sent", T("已移送，待签收", "Sent; to be received")),
        State("received", T("公安审查中", "Examined by the police")),
        State("filed", T("已立案，待移交物品", "Case opened; goods to be handed over")),
        State("declined", T("不予立案", "No case opened")),
        State("reviewed_again", T("复议中", "Under review")),
        State("upheld", T("维持不予立案", "Refusal upheld")),
        Outcome("handed", T("移交完毕", "Handed over")),
        Outcome("not_approved", T("不移送", "Not transferred")),
        Outcome("returned", T("退回，继续行政办理", "Back to the street matter")),
        Outcome("supervised", T("已提请检察院立案监督", "Prosecutor asked to supervise")),
        Outcome("withdrawn", T("已撤回", "Withdrawn")),
    ),
    deadlines=(
        _clock("decide", "决定是否移送", "Decision on the transfer", "L-XFER-DEC.1", ("proposed",), HEADS),
        _clock("send", "向公安机关移送", "To be sent", "L-XFER-DEC.2", ("approved",), OFFICERS),
        _clock("forward", "转送有管辖权的机关", "To be forwarded", "L-XFER-PS.1", ("sent",), POLICE),
        _clock("examine", "审查是否立案", "Examination", "L-XFER-PS.2", ("received",), POLICE),
        _clock("missing", "通知材料不全", "Missing papers told", "L-XFER-PS.3", ("received",), POLICE, stops_on=("missing",)),
        _clock(
            "supply", "补正材料", "Missing papers supplied", "L-XFER-PS.4", ("received",), OFFICERS,
            starts_on=("missing",), stops_on=("supply",),
        ),
        _clock("goods", "移交涉案物品", "Goods handed over", "L-XFER-HAND", ("filed",), OFFICERS),
        Deadline(
            "ask_review", T("提请复议", "Review may be asked"), Term("L-XFER-REV.1"), during=("declined",),
            lapses_to="returned",
        ),
        _clock("review", "作出复议决定", "Review decided", "L-XFER-REV.2", ("reviewed_again",), POLICE),
        Deadline(
            "supervise", T("建议立案监督", "Prosecutor may be asked"), Term("L-XFER-REV.3"), during=("upheld",),
            lapses_to="returned",
        ),
    ),
    relations=(Relation("case", T("所属案件", "The street matter"), CODES),),
    actions=(
        Action(
            "propose",
            T("专案组提出移送报告", "Report of the special group"),
            OFFICERS,
            opens="proposed",
            relates="case",
            officers=2,
            form=(Ask("facts", at_least=4), Ask("report", at_least=4)),
            evidence=(FILE,),
            law=T("移送规定第5条", "Provisions on Transferring Suspected Crimes art. 5"),
        ),
        Action(
            "approve",
            T("批准移送", "Approve"),
            HEADS,
            moves={"proposed": "approved"},
            requires=(Competent("approve_transfer", given=OWN),),
            unless_same_person_as=("propose",),
        ),
        Action(
            "refuse",
            T("不批准移送", "Do not approve"),
            HEADS,
            moves={"proposed": "not_approved"},
            form=(REASON,),
            unless_same_person_as=("propose",),
        ),
        Action(
            "send",
            T("移送", "Send"),
            OFFICERS,
            moves={"approved": "sent"},
            form=tuple(Ask(name, at_least=1) for name in ("letter", "report", "goods", "expert", "others")),
            evidence=(FILE,),
            documents=(PACK,),
            hands_over_to="police",
            requires=(
                Checked("prosecutor_copy", T("已抄送检察院和监察机关", "copies went to prosecutor and supervision")),
                Checked("suspended", T("行政案件已中止", "the street matter is suspended")),
            ),
            law=T("移送规定第6、14条", "Provisions on Transferring Suspected Crimes art. 6, 14"),
        ),
        Action(
            "forward",
            T("转送有管辖权的公安机关", "Forward to the competent police"),
            POLICE,
            repeat=True,
            during=("sent",),
            verb=Transfer(),
            law=T("移送规定第7条", "Provisions on Transferring Suspected Crimes art. 7"),
        ),
        Action(
            "receive",
            T("签收（不得拒收）", "Receive; it may not be refused"),
            POLICE,
            moves={"sent": "received"},
            form=(Ask(Field("receipt", Kind.TEXT, T("回执编号", "Number of the receipt"))),),
        ),
        Action(
            "missing",
            T("告知材料不全", "Tell what is missing"),
            POLICE,
            repeat=True,
            during=("received",),
            form=(REASON,),
        ),
        Action(
            "supply", T("补正材料", "Supply papers"), OFFICERS, repeat=True, during=("received",), evidence=(FILE,)
        ),
        Action(
            "file_case",
            T("立案", "Open a case"),
            (COUNTY,),
            moves={"received": "filed", "reviewed_again": "filed"},
            form=(Ask("case_number"),),
        ),
        Action("decline", T("不予立案", "Open no case"), (COUNTY,), moves={"received": "declined"}, form=(REASON,)),
        Action(
            "hand_goods",
            T("移交物品和材料", "Hand over goods and papers"),
            OFFICERS,
            moves={"filed": "handed"},
            requires=(Checked("listed", T("双方逐件核对清单并签字", "both sides checked the list and signed")),),
        ),
        Action(
            "ask_review",
            T("提请复议", "Ask for review"),
            (*HEADS, LEGAL),
            moves={"declined": "reviewed_again"},
            form=(REASON,),
            requires=(Running("ask_review"),),
        ),
        Action(
            "uphold",
            T("维持不予立案", "Uphold the refusal"),
            (COUNTY,),
            moves={"reviewed_again": "upheld"},
            form=(REASON,),
            unless_same_person_as=("decline",),
        ),
        Action(
            "supervise",
            T("建议检察院立案监督", "Ask the prosecutor"),
            (*HEADS, LEGAL),
            moves={"declined": "supervised", "upheld": "supervised"},
            form=(REASON,),
        ),
        Action(
            "take_back",
            T("退回，继续行政办理", "Take it back"),
            (*HEADS, LEGAL),
            moves={"declined": "returned", "upheld": "returned"},
            form=(REASON,),
        ),
        Action("withdraw", T("撤回", "Withdraw"), OFFICERS, moves={"proposed": "withdrawn"}, verb=Withdraw()),
    ),
    figures=(
        Count("proposed", T("提出移送", "Proposed"), of="propose"),
        Count("sent", T("移送", "Sent"), of="send"),
        Count("filed", T("公安立案", "Cases opened"), of="file_case"),
        Count("late", T("逾期未决定", "Late decisions"), of="lapse:decide"),
    ),
    overseers=(COMMANDER,),
)  # fmt: skip
