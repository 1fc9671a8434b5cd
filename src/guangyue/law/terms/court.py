"""Terms of court enforcement and judicial confirmation (法院执行、司法确认)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law.laws import (
    CIVIL,
    CIVIL_2021,
    CIVIL_INTERPRETATION,
    CONFIRMATION,
    COURT_PRACTICE,
    EXECUTION,
    MEDIATION,
    PROPERTY_INQUIRY,
    TIME_LIMITS,
)
from guangyue.law.rule import Kind
from guangyue.law.terms.table import term

if TYPE_CHECKING:
    from guangyue.law.rule import TermRule

__all__ = ["TERMS"]

_FILED = ("执行案件立案", "the enforcement case is filed")

# fmt: off
TERMS: tuple[TermRule, ...] = (
    term("L-EXE-N", "10 d", ("发出执行通知", "notice to perform sent"),
         after=("收到申请执行书", "the application arrives"), law=CIVIL_INTERPRETATION, art="480"),

    term("L-EXE-6M.1", "6 mo", ("执行案件执结", "enforcement concluded"), more="3 mo", cap="9 mo",
         after=_FILED, law=TIME_LIMITS, art="5"),
    term("L-EXE-6M.2", "3 mo", ("非诉执行案件执结", "enforcement of an agency's decision concluded"), more="3 mo",
         cap="6 mo", after=_FILED, law=TIME_LIMITS, art="5"),

    term("L-EXE-UP", "6 mo", ("可以向上一级法院申请执行", "creditor may turn to the upper court"), kind=Kind.NOT_BEFORE,
         after=("收到申请执行书", "the application arrives"), law=CIVIL_2021, art="233"),
    term("L-EXE-UP", "6 mo", ("可以向上一级法院申请执行", "creditor may turn to the upper court"), kind=Kind.NOT_BEFORE,
         after=("收到申请执行书", "the application arrives"), law=CIVIL, art="237"),

    term("L-EXE-OBJ.1", "15 d", ("审查执行异议", "objection examined"),
         after=("收到书面异议", "the objection arrives"), law=CIVIL_2021, art="232"),
    term("L-EXE-OBJ.1", "15 d", ("审查执行异议", "objection examined"),
         after=("收到书面异议", "the objection arrives"), law=CIVIL, art="236"),
    term("L-EXE-OBJ.2", "10 d", ("申请复议", "review requested"), kind=Kind.RIGHT,
         after=("异议裁定送达", "the ruling is served"), law=CIVIL_2021, art="232"),
    term("L-EXE-OBJ.2", "10 d", ("申请复议", "review requested"), kind=Kind.RIGHT,
         after=("异议裁定送达", "the ruling is served"), law=CIVIL, art="236"),
    term("L-EXE-OBJ.3", "30 d", ("上一级法院作出裁定", "upper court decides"), more="30 d", cap="60 d",
         after=("收到复议申请", "the request arrives"), law=EXECUTION, art="8"),
    term("L-EXE-OBJ.4", "15 d", ("审查案外人异议", "third party's objection examined"),
         after=("收到书面异议", "the objection arrives"), law=CIVIL, art="238"),
    term("L-EXE-OBJ.5", "15 d", ("提起执行异议之诉", "suit over the objection"), kind=Kind.RIGHT,
         after=("案外人异议裁定送达", "the ruling is served"), law=CIVIL, art="238"),

    term("L-EXE-CLUE.1", "7 d", ("核实财产线索", "asset lead checked"),
         after=("收到明确的财产线索", "a clear lead arrives"), law=PROPERTY_INQUIRY, art="2"),
    term("L-EXE-CLUE.2", "3 d", ("核实紧急财产线索", "urgent asset lead checked"),
         after=("收到紧急的财产线索", "an urgent lead arrives"), law=PROPERTY_INQUIRY, art="2"),
    term("L-EXE-CLUE.3", "10 d", ("被执行人补充报告财产变动", "debtor reports a change of assets"),
         after=("财产发生变动", "the assets change"), law=PROPERTY_INQUIRY, art="7"),

    term("L-EXE-LIM", "2 y", ("申请执行", "enforcement applied for"), kind=Kind.RIGHT,
         after=("履行期间最后一日", "the last day for performing"), law=CIVIL_2021, art="246"),
    term("L-EXE-LIM", "2 y", ("申请执行", "enforcement applied for"), kind=Kind.RIGHT,
         after=("履行期间最后一日", "the last day for performing"), law=CIVIL, art="250"),
    term("L-EXE-AFTER", "6 mo", ("执行终结后妨害的可以申请排除", "removal of renewed obstruction"), kind=Kind.RIGHT,
         after=("执行终结", "the enforcement ends"), law=CIVIL_INTERPRETATION, art="519"),
    term("L-EXE-GOODS", "30 d", ("领取腾退搬出的物品", "goods moved out collected"),
         after=("通知领取", "the owner is told to collect them"), law=COURT_PRACTICE, art=""),

    term("L-COURT-PUB", "30 d", ("公告送达", "served by public notice"), kind=Kind.NOT_BEFORE,
         after=("发出公告", "the notice appears"), law=CIVIL_2021, art="95"),
    term("L-COURT-PUB", "30 d", ("公告送达", "served by public notice"), kind=Kind.NOT_BEFORE,
         after=("发出公告", "the notice appears"), law=CIVIL, art="95"),

    term("L-MED-CONF.1", "30 d", ("共同申请司法确认", "joint application for confirmation"), kind=Kind.RIGHT,
         after=("调解协议生效", "the agreement takes effect"), law=MEDIATION, art="33"),
    term("L-MED-CONF.2", "3 d", ("决定是否受理", "court decides on accepting"),
         after=("收到司法确认申请", "the application arrives"), law=CONFIRMATION, art="4"),
    term("L-MED-CONF.3", "15 d", ("作出是否确认的决定", "court decides on confirming"), more="10 d", cap="25 d",
         after=("受理司法确认申请", "the application is accepted"), law=CONFIRMATION, art="5"),

    term("L-DISHON.1", "2 y", ("失信名单期限", "entry in the list of dishonest debtors"), kind=Kind.LASTS,
         after=("纳入失信名单", "the entry is made"), law=COURT_PRACTICE, art="", mark="G"),
    term("L-DISHON.2", "3 wd", ("删除失信信息", "entry deleted"),
         after=("出现应当删除的情形", "a ground for deleting arises"), law=COURT_PRACTICE, art="", mark="G"),
)
# fmt: on
