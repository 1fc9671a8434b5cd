"""The city's own promises (服务承诺): settings with these defaults, never law.

A city keeps other figures with ``BOOK.with_settings({"S-GRACE": "15 min"})``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law.laws import PROMISES
from guangyue.law.rule import Kind
from guangyue.law.terms.table import term

if TYPE_CHECKING:
    from guangyue.law.rule import TermRule

__all__ = ["TERMS"]

_DISPATCHED = ("下达出警指令", "the crew is dispatched")
_REPORTED = ("接报", "the report is made")


def _promise(
    code: str,
    span: str,
    title: tuple[str, str],
    after: tuple[str, str],
    *,
    kind: Kind = Kind.DO_BY,
    midnight: bool = False,
) -> TermRule:
    return term(code, span, title, after=after, law=PROMISES, art="", kind=kind, midnight=midnight)


# fmt: off
TERMS: tuple[TermRule, ...] = (
    # Joint enforcement, 城警联动
    _promise("S-GRACE", "10 min", ("驶离", "car driven away"),
             ("提醒短信被运营商接收", "the carrier accepts the reminder"), kind=Kind.RIGHT),
    _promise("S-REACH", "5 min", ("提醒送达，否则由执法人员决定", "reminder accepted, else the officer decides"),
             ("拍照取证", "the car is photographed")),

    _promise("S-FIRST", "1 y", ("认定初次违法的回溯期", "how far back a first offence looks"),
             ("上次同类违法", "the earlier offence of the kind"), kind=Kind.LASTS),

    _promise("S-HANDOVER", "2 h", ("移交事项签收", "a matter handed over is received"),
             ("移交主管部门", "it is handed to the competent agency")),
    _promise("S-OBJECT", "5 wd", ("答复异议", "objection answered"), ("收到异议", "the objection is received")),
    _promise("S-IDENT.1", "2 h", ("审批身份核验请求", "identity request approved or refused"),
             ("提出核验请求", "the request is made")),
    _promise("S-IDENT.2", "24 h", ("身份核验批准有效期", "approval of an identity request lasts"),
             ("批准核验请求", "the request is approved"), kind=Kind.LASTS),
    _promise("S-GAP", "15 wd", ("管理空白明确主管部门", "gap in competence decided"),
             ("登记管理空白", "the gap is registered")),

    # Quick response, 快速反应
    _promise("S-RING-1", "1 min", ("一分钟圈到场", "arrival, one-minute ring"), _DISPATCHED),
    _promise("S-RING-3", "3 min", ("三分钟圈到场", "arrival, three-minute ring"), _DISPATCHED),
    _promise("S-RING-5", "5 min", ("五分钟圈到场", "arrival, five-minute ring"), _DISPATCHED),
    _promise("S-ALARM-ACK", "30 s", ("一键报警响应", "one-key alarm acknowledged"),
             ("按下一键报警", "the alarm is pressed")),
    _promise("S-ALARM-ARR", "2 min", ("一键报警到场", "on site after a one-key alarm"),
             ("按下一键报警", "the alarm is pressed")),
    _promise("S-CALL-ANS", "15 s", ("接听来电，九成以上", "call answered, nine of ten"),
             ("首次振铃", "the first ring")),
    _promise("S-CALL-PROC", "60 s", ("受理并派警", "call processed and dispatched"),
             ("接听来电", "the call is answered")),

    # Fraud warnings, 反诈劝阻
    _promise("S-FRAUD-URG", "5 min", ("紧急预警上门", "at the door after an urgent warning"),
             ("发出紧急预警", "the urgent warning is issued")),
    _promise("S-FRAUD-HIGH", "24 h", ("高危预警见面劝阻", "face to face after a high warning"),
             ("发出高危预警", "the high warning is issued")),

    # Small cases, 小案快侦
    _promise("S-GOLD-24", "24 h", ("黄金二十四小时侦破", "golden 24 hours"), _REPORTED),
    _promise("S-SOLVE-12", "12 h", ("十二小时内告破，用于统计", "solved within twelve hours, counted"), _REPORTED),
    _promise("S-CLUE-NIGHT", "0 d", ("线索不过夜", "no clue overnight"),
             ("收到线索", "the clue arrives"), midnight=True),
    _promise("S-DAY", "1 wd", ("日清：次日晨会前有进展", "daily: progressed by the next morning meeting"),
             ("列入每日清单", "the case is on the daily list")),
    _promise("S-WEEK", "7 d", ("周结：周例会清零", "weekly: cleared by the weekly meeting"),
             ("列入每周清单", "the case is on the weekly list")),

    # Service halls, 服务窗口
    _promise("S-PASS-URG", "3 d", ("加急护照送达", "urgent passport delivered"),
             ("批准加急", "the urgent track is approved")),
    _promise("S-DESK-COMPLEX", "3 wd", ("“办不成事”复杂事项办结", "“cannot be done” desk, complex item"),
             ("登记事项", "the item is registered")),
    _promise("S-DESK-HARD", "7 wd", ("“办不成事”疑难事项办结", "“cannot be done” desk, hard item"),
             ("登记事项", "the item is registered")),
    _promise("S-RATE-FIX", "15 wd", ("差评整改", "bad rating put right"), ("收到差评", "the bad rating arrives")),

    # Hazards, 高空风险三色管理: the date itself stands in the ledger and is the start of the term
    _promise("S-HAZ-RED", "0 min", ("红色：立即整改", "red: put right now"), ("评定为红色", "it is rated red")),
    _promise("S-HAZ-YELLOW", "0 d", ("黄色：限期当日前整改", "yellow: put right by the day set"),
             ("台账载明的整改日期", "the day set in the ledger"), midnight=True),
    _promise("S-HAZ-GREEN", "0 d", ("绿色：按期观察", "green: looked at on schedule"),
             ("计划的观察日期", "the day planned for the look"), midnight=True),
)
# fmt: on
