"""Terms of handing a suspected crime from an agency to the police (行刑衔接)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law.laws import CRIMINAL_PROCEDURE, TRANSFER
from guangyue.law.rule import Kind
from guangyue.law.terms.table import term

if TYPE_CHECKING:
    from guangyue.law.rule import TermRule

__all__ = ["TERMS"]

# fmt: off
TERMS: tuple[TermRule, ...] = (
    term("L-XFER-DEC.1", "3 d", ("负责人决定是否移送", "head decides on the transfer"),
         after=("收到移送报告", "the report reaches the head"), law=TRANSFER, art="5"),
    term("L-XFER-DEC.2", "24 h", ("向公安机关移送", "case sent to the police"),
         after=("批准移送", "the transfer is approved"), law=TRANSFER, art="5"),

    term("L-XFER-PS.1", "24 h", ("转送有管辖权的机关", "forwarded to the competent agency"),
         after=("收到不属本机关管辖的移送", "a transfer for another agency arrives"), law=TRANSFER, art="7"),
    term("L-XFER-PS.2", "3 d", ("审查是否立案", "police review whether to open a case"),
         after=("接受移送案件", "the transfer is received"), law=TRANSFER, art="8"),
    term("L-XFER-PS.3", "24 h", ("通知材料不全", "missing papers told"),
         after=("接受移送案件", "the transfer is received"), law=CRIMINAL_PROCEDURE, art="180"),
    term("L-XFER-PS.4", "3 d", ("补正材料", "missing papers supplied"),
         after=("收到补正通知", "the notice of missing papers arrives"), law=CRIMINAL_PROCEDURE, art="180"),

    term("L-XFER-REV.1", "3 d", ("提请复议", "review of the refusal requested"), kind=Kind.RIGHT,
         after=("收到不予立案通知书", "the refusal arrives"), law=TRANSFER, art="9"),
    term("L-XFER-REV.2", "3 d", ("作出复议决定", "review decided"),
         after=("收到复议提请", "the request arrives"), law=TRANSFER, art="9"),
    term("L-XFER-REV.3", "3 d", ("建议检察院立案监督", "prosecutor asked to supervise"),
         after=("收到维持不立案的复议决定", "the review upholds the refusal"), law=TRANSFER, art="9"),

    term("L-XFER-HAND", "3 d", ("移交涉案物品和材料", "goods and papers handed over"),
         after=("收到立案通知书", "the notice that a case is open arrives"), law=TRANSFER, art="12"),
)
# fmt: on
