"""Terms of traffic enforcement (道路交通违法处理)."""

from __future__ import annotations

from guangyue.law.laws import TRAFFIC_PROCEDURE
from guangyue.law.rule import Kind, TermRule
from guangyue.law.terms.table import term

__all__ = ["TERMS"]

# fmt: off
TERMS: tuple[TermRule, ...] = (
    term("L-TRAF-REV", "5 wd", ("违法记录审核并录入", "photo record reviewed and entered"),
         after=("收集违法行为记录资料", "the record is collected"), law=TRAFFIC_PROCEDURE, art="19"),

    term("L-TRAF-NOTIFY.1", "0 d", ("向社会提供查询", "open to public query"), midnight=True,
         after=("违法信息录入系统", "the violation is entered"), law=TRAFFIC_PROCEDURE, art="20"),
    term("L-TRAF-NOTIFY.2", "5 wd", ("通知车主", "owner notified"),
         after=("违法信息录入系统", "the violation is entered"), law=TRAFFIC_PROCEDURE, art="20"),
    term("L-TRAF-NOTIFY.3", "30 d", ("车主接受处理", "owner comes to have it handled"), kind=Kind.RIGHT,
         after=("收到违法行为通知", "the notice is received"), law=TRAFFIC_PROCEDURE, art="20, 53"),

    term("L-TRAF-OBJ.1", "0 d", ("处理地转发生地", "objection forwarded to the place of origin"), midnight=True,
         after=("收到异议申请", "the objection is received"), law=TRAFFIC_PROCEDURE, art="5"),
    term("L-TRAF-OBJ.2", "5 wd", ("发生地审查异议", "objection reviewed"),
         after=("发生地收到异议", "the place of origin has the objection"), law=TRAFFIC_PROCEDURE, art="5"),

    term("L-TRAF-DEL", "3 wd", ("消除违法信息", "record erased"),
         after=("消除情形经核实", "a ground for erasing is verified"), law=TRAFFIC_PROCEDURE, art="22"),
    term("L-TRAF-EXT", "3 mo", ("延期处理", "handling postponed at most"), kind=Kind.RIGHT,
         after=("三十日处理期届满", "the thirty days have passed"), law=TRAFFIC_PROCEDURE, art="53"),

    term("L-TRAF-FIVE.1", "30 d", ("五起以上未处理，可以告知拟处罚", "five open records: penalty may be told"),
         kind=Kind.NOT_BEFORE,
         after=("收到违法行为通知", "the notice is received"), law=TRAFFIC_PROCEDURE, art="54"),
    term("L-TRAF-FIVE.2", "30 d", ("告知后仍不处理，可以公告", "still not handled: public notice may be given"),
         kind=Kind.NOT_BEFORE,
         after=("告知拟处罚", "the intended penalty is told"), law=TRAFFIC_PROCEDURE, art="54"),
    term("L-TRAF-FIVE.3", "7 wd", ("公告期满，可以决定", "public notice over: may be decided"), kind=Kind.NOT_BEFORE,
         after=("发布公告", "the public notice appears"), law=TRAFFIC_PROCEDURE, art="54"),

    term("L-TRAF-SIMPLE", "2 wd", ("简易程序决定书备案", "simple decision filed"),
         after=("当场作出处罚决定", "the decision is made on the spot"), law=TRAFFIC_PROCEDURE, art="44"),

    term("L-TRAF-NOTICE.1", "15 wd", ("当事人接受处理", "party comes to have it handled"), kind=Kind.RIGHT,
         after=("收到处理通知书", "the handling notice is received"), law=TRAFFIC_PROCEDURE, art="46"),
    term("L-TRAF-NOTICE.2", "24 h", ("处理通知书备案", "handling notice filed"),
         after=("制发处理通知书", "the handling notice is issued"), law=TRAFFIC_PROCEDURE, art="46"),

    term("L-TRAF-GEN.1", "24 h", ("一般程序罚款决定", "fine decided, general procedure"),
         after=("违法行为人接受处理", "the party comes"), law=TRAFFIC_PROCEDURE, art="51"),
    term("L-TRAF-GEN.2", "3 wd", ("暂扣驾驶证决定", "licence suspension decided"),
         after=("违法行为人接受处理", "the party comes"), law=TRAFFIC_PROCEDURE, art="51"),
    term("L-TRAF-GEN.3", "7 wd", ("吊销驾驶证决定", "licence revocation decided"),
         after=("接受处理或者听证结束", "the party comes, or the hearing ends"), law=TRAFFIC_PROCEDURE, art="51"),

    term("L-TRAF-COERCE.1", "24 h", ("现场强制措施报告并补办批准", "on-site measure reported and approved"),
         after=("现场采取强制措施", "the measure is taken"), law=TRAFFIC_PROCEDURE, art="25"),
    term("L-TRAF-COERCE.2", "24 h", ("扣留车辆交所属机关", "detained vehicle handed in"),
         after=("扣留车辆", "the vehicle is detained"), law=TRAFFIC_PROCEDURE, art="28"),
    term("L-TRAF-COERCE.3", "24 h", ("扣留驾驶证交所属机关", "detained licence handed in"),
         after=("扣留驾驶证", "the licence is detained"), law=TRAFFIC_PROCEDURE, art="32"),
    term("L-TRAF-COERCE.4", "10 wd", ("核实车辆手续", "vehicle papers verified"), more="5 wd", cap="15 wd",
         after=("提供手续或者接受处理", "papers are brought or the party comes"), law=TRAFFIC_PROCEDURE, art="30"),

    term("L-TRAF-PUBSERV", "60 d", ("公告送达", "served by public notice"), kind=Kind.NOT_BEFORE,
         after=("邮寄、电子送达不成功后公告", "public notice after mail and e-service failed"),
         law=TRAFFIC_PROCEDURE, art="55"),
)
# fmt: on
