"""Terms of public security cases (治安案件): the law of 2025, and before it the rules until 2025."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law.laws import ACCEPTANCE, POLICE_PROCEDURE, SECURITY, SECURITY_2012
from guangyue.law.rule import Kind
from guangyue.law.terms.table import term

if TYPE_CHECKING:
    from guangyue.law.rule import TermRule

__all__ = ["TERMS"]

_SUMMONED = ("到案接受询问", "the person arrives for questioning")

# fmt: off
TERMS: tuple[TermRule, ...] = (
    term("L-PSA-ACC.1", "0 min", ("当场登记并出具回执", "report registered, receipt given"),
         after=("接到报案", "the report is made"), law=ACCEPTANCE, art=""),
    term("L-PSA-ACC.2", "24 h", ("受案审查", "acceptance reviewed"),
         after=("接到报案", "the report is made"), law=ACCEPTANCE, art=""),
    term("L-PSA-ACC.3", "3 d", ("疑难复杂的受案审查", "acceptance reviewed, complex case"),
         after=("接到报案", "the report is made"), law=ACCEPTANCE, art=""),

    term("L-PSA-REF.1", "24 h", ("移送有管辖权的单位", "moved to the competent police unit"),
         after=("接报不属本单位管辖的案件", "a case of another unit is reported"), law=POLICE_PROCEDURE, art="61"),
    term("L-PSA-REF.2", "0 min", ("告知向其他机关报案", "told to turn to the other agency"),
         after=("接报非公安职责事项", "a matter for another agency is reported"), law=POLICE_PROCEDURE, art="61"),

    term("L-PSA-ASK.1", "8 h", ("询问查证", "questioning ends"), liberty=True,
         after=_SUMMONED, law=SECURITY_2012, art="83"),
    term("L-PSA-ASK.1", "8 h", ("询问查证", "questioning ends"), liberty=True,
         after=_SUMMONED, law=SECURITY, art="97"),
    term("L-PSA-ASK.2", "12 h", ("人数众多、身份不明的询问查证", "questioning ends: many people, identity unknown"),
         liberty=True, after=_SUMMONED, law=SECURITY, art="97"),
    term("L-PSA-ASK.3", "24 h", ("情况复杂、可能拘留的询问查证", "questioning ends: complex, detention possible"),
         liberty=True, after=_SUMMONED, law=SECURITY_2012, art="83"),
    term("L-PSA-ASK.3", "24 h", ("情况复杂、可能拘留的询问查证", "questioning ends: complex, detention possible"),
         liberty=True, after=_SUMMONED, law=SECURITY, art="97"),

    term("L-PSA-QUICK", "48 h", ("快速办理作出处理决定", "quick track: decided"),
         after=("违法嫌疑人到案", "the suspect arrives"), law=POLICE_PROCEDURE, art="47"),

    term("L-PSA-DUE", "30 d", ("办结治安案件", "security case concluded"), more="30 d", cap="60 d",
         after=("受理治安案件", "the case is accepted"), law=SECURITY_2012, art="99"),
    term("L-PSA-DUE", "30 d", ("办结治安案件", "security case concluded"), more="30 d", times=2, cap="90 d",
         after=("治安案件立案", "the case is opened"), law=SECURITY, art="118"),

    term("L-PSA-SERVE", "2 d", ("送达被处罚人，并送达被侵害人", "decision served, on the victim too"),
         after=("作出处罚决定", "the penalty is decided"), law=SECURITY_2012, art="97"),
    term("L-PSA-SERVE", "2 d", ("送达被处罚人，并送达被侵害人", "decision served, on the victim too"),
         after=("作出处罚决定", "the penalty is decided"), law=SECURITY, art="116"),

    term("L-PSA-FILE", "24 h", ("当场处罚报所属机关备案", "on-the-spot penalty filed"),
         after=("当场作出处罚决定", "the decision is made on the spot"), law=SECURITY_2012, art="101"),
    term("L-PSA-FILE", "24 h", ("当场处罚报所属机关备案", "on-the-spot penalty filed"),
         after=("当场作出处罚决定", "the decision is made on the spot"), law=SECURITY, art="120"),

    term("L-PSA-CASH.1", "2 d", ("当场收缴的罚款交至公安机关", "cash fine handed to the agency"),
         after=("当场收缴罚款", "the cash is taken"), law=SECURITY_2012, art="105"),
    term("L-PSA-CASH.1", "2 d", ("当场收缴的罚款交至公安机关", "cash fine handed to the agency"),
         after=("当场收缴罚款", "the cash is taken"), law=SECURITY, art="124"),
    term("L-PSA-CASH.2", "2 d", ("罚款缴付银行", "cash fine paid in at the bank"),
         after=("公安机关收到罚款", "the agency has the cash"), law=SECURITY_2012, art="105"),
    term("L-PSA-CASH.2", "2 d", ("罚款缴付银行", "cash fine paid in at the bank"),
         after=("公安机关收到罚款", "the agency has the cash"), law=SECURITY, art="124"),

    term("L-PSA-STAT", "6 mo", ("未被发现的不再处罚", "undiscovered acts are no longer punished"), kind=Kind.LASTS,
         after=("行为发生或者终了", "the act is done or over"), law=SECURITY_2012, art="22"),
    term("L-PSA-STAT", "6 mo", ("未被发现的不再处罚", "undiscovered acts are no longer punished"), kind=Kind.LASTS,
         after=("行为发生或者终了", "the act is done or over"), law=SECURITY, art="25"),

    term("L-PSA-LOOK", "6 mo", ("再犯从重的回溯期", "an earlier penalty counts against a repeat"), kind=Kind.LASTS,
         after=("上次治安处罚", "the earlier penalty"), law=SECURITY_2012, art="20"),
    term("L-PSA-LOOK", "1 y", ("再犯从重的回溯期", "an earlier penalty counts against a repeat"), kind=Kind.LASTS,
         after=("上次治安处罚", "the earlier penalty"), law=SECURITY, art="22"),

    term("L-PSA-MED2", "7 wd", ("完成第二次调解", "second mediation finished"),
         after=("第一次调解未成", "the first mediation fails"), law=POLICE_PROCEDURE, art="183"),
    term("L-PSA-PUB", "7 d", ("公告告知期满，可以决定", "public notice over: may be decided"), kind=Kind.NOT_BEFORE,
         after=("公告告知逃跑的违法嫌疑人", "an absconding suspect is told by public notice"), law=POLICE_PROCEDURE,
         art="168"),
    term("L-PSA-UNCL", "6 mo", ("无人认领的扣押物品可以处理", "unclaimed seized goods may be disposed of"),
         kind=Kind.NOT_BEFORE,
         after=("扣押物品经查明应当退还", "the goods are found to belong to somebody else"), law=SECURITY, art="105"),
)
# fmt: on
