"""Terms of stopping, freezing and returning money in fraud cases (反诈资金处置)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law.laws import JOINT_PUNISHMENT, REFUND, STOP_PAYMENT
from guangyue.law.rule import Kind
from guangyue.law.terms.table import term

if TYPE_CHECKING:
    from guangyue.law.rule import TermRule

__all__ = ["TERMS"]

# fmt: off
TERMS: tuple[TermRule, ...] = (
    term("L-FRD-STOP", "48 h", ("紧急止付效力", "urgent stop of payment stands"), kind=Kind.LASTS,
         after=("止付生效", "the stop takes effect"), law=STOP_PAYMENT, art=""),
    term("L-FRD-FRZ", "6 mo", ("冻结效力，续冻另行决定", "freeze stands; renewing it is a new order"), kind=Kind.LASTS,
         after=("冻结生效", "the freeze takes effect"), law=STOP_PAYMENT, art=""),

    term("L-FRD-RET.1", "3 wd", ("银行返还冻结资金", "bank returns the money"),
         after=("银行收到返还通知", "the bank has the order to return"), law=REFUND, art="8"),
    term("L-FRD-RET.2", "30 d", ("按比例返还的公告期", "public notice before a pro-rata return"), kind=Kind.NOT_BEFORE,
         after=("发布公告", "the notice appears"), law=REFUND, art="8"),

    term("L-FRD-JOINT.1", "2 y", ("联合惩戒，一般情形", "joint punishment, ordinary case"), kind=Kind.LASTS,
         after=("惩戒生效", "it takes effect"), law=JOINT_PUNISHMENT, art=""),
    term("L-FRD-JOINT.2", "3 y", ("联合惩戒，受过刑事处罚", "joint punishment after a criminal sentence"),
         kind=Kind.LASTS,
         after=("惩戒生效", "it takes effect"), law=JOINT_PUNISHMENT, art=""),
    term("L-FRD-JOINT.3", "5 y", ("连续惩戒上限", "joint punishment, continuous, at most"), kind=Kind.LASTS,
         after=("首次惩戒生效", "the first one takes effect"), law=JOINT_PUNISHMENT, art=""),
)
# fmt: on
