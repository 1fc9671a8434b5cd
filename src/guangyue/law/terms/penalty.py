"""Terms of administrative penalties, coercion and their enforcement (行政处罚、行政强制)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law.laws import COMPULSION, PENALTY, PUBLICITY
from guangyue.law.rule import Kind
from guangyue.law.terms.table import term

if TYPE_CHECKING:
    from guangyue.law.rule import TermRule

__all__ = ["TERMS"]

# fmt: off
TERMS: tuple[TermRule, ...] = (
    term("L-PAY", "15 d", ("缴纳罚款", "fine paid"),
         after=("收到处罚决定书", "the decision is received"), law=PENALTY, art="67"),

    term("L-APL-90", "90 d", ("作出行政处罚决定", "penalty decided"),
         after=("行政处罚案件立案", "the penalty case is opened"), law=PENALTY, art="60"),
    term("L-APL-SERVE", "7 wd", ("当事人不在场时送达决定书", "decision served on an absent party"),
         after=("宣告处罚决定", "the decision is announced"), law=PENALTY, art="61"),

    term("L-APL-HEAR.1", "5 wd", ("要求听证", "hearing requested"), kind=Kind.RIGHT,
         after=("告知听证权利", "the right to a hearing is told"), law=PENALTY, art="64"),
    term("L-APL-HEAR.2", "7 wd", ("通知满七日方可举行听证", "hearing held no sooner"), kind=Kind.NOT_BEFORE,
         after=("听证通知送达", "the hearing notice is served"), law=PENALTY, art="64"),

    term("L-APL-REG", "7 wd", ("先行登记保存的证据作出处理", "evidence kept by registration dealt with"),
         after=("先行登记保存", "the evidence is registered"), law=PENALTY, art="56"),
    term("L-APL-WDR", "3 wd", ("撤回已公开的处罚决定并说明理由", "published decision withdrawn with reasons"),
         after=("决定被变更、撤销、确认违法或者无效", "the decision is changed or annulled"), law=PENALTY, art="48"),

    term("L-APL-CASH.1", "2 wd", ("当场收缴的罚款交至机关", "cash fine handed to the agency"),
         after=("当场收缴罚款", "the cash is taken"), law=PENALTY, art="71"),
    term("L-APL-CASH.2", "2 wd", ("罚款缴付银行", "cash fine paid in at the bank"),
         after=("机关收到罚款", "the agency has the cash"), law=PENALTY, art="71"),

    term("L-APL-STAT.1", "2 y", ("未被发现的不再处罚", "undiscovered acts are no longer punished"), kind=Kind.LASTS,
         after=("违法行为发生或者终了", "the act is done or over"), law=PENALTY, art="36"),
    term("L-APL-STAT.2", "5 y", ("涉及生命健康、金融安全的追责期限", "the same where life or finance is at risk"),
         kind=Kind.LASTS,
         after=("违法行为发生或者终了", "the act is done or over"), law=PENALTY, art="36"),

    term("L-APL-PUB.1", "7 wd", ("公示行政处罚结果", "penalty published"),
         after=("作出处罚决定", "the penalty is decided"), law=PUBLICITY, art=""),
    term("L-APL-PUB.2", "20 wd", ("公示其他执法结果", "other enforcement result published"),
         after=("作出执法决定", "the decision is made"), law=PUBLICITY, art=""),

    term("L-SEIZE", "30 d", ("查封、扣押期限", "seizure stands"), kind=Kind.LASTS, more="30 d", cap="60 d",
         after=("实施查封、扣押", "the seizure takes effect"), law=COMPULSION, art="25"),

    term("L-ENF.1", "10 wd", ("催告满十日方可申请强制执行", "court may be asked to enforce"), kind=Kind.NOT_BEFORE,
         after=("催告书送达", "the reminder is served"), law=COMPULSION, art="54"),
    term("L-ENF.2", "3 mo", ("申请法院强制执行", "court asked to enforce"), kind=Kind.RIGHT,
         after=("复议、诉讼期限届满", "the time for review and suit is over"), law=COMPULSION, art="53"),
)
# fmt: on
