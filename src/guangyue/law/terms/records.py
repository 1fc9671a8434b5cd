"""How long things are kept, and terms of lost property and data protection (保存期限、遗失物、数据安全)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law.laws import (
    CIVIL_CODE,
    CYBERSECURITY,
    CYBERSECURITY_2016,
    NETWORK_DATA,
    PERSONAL_DATA,
    RECORDING,
    VIDEO,
)
from guangyue.law.rule import Kind
from guangyue.law.terms.table import term

if TYPE_CHECKING:
    from guangyue.law.rule import TermRule

__all__ = ["TERMS"]

# fmt: off
TERMS: tuple[TermRule, ...] = (
    term("L-LOST", "1 y", ("无人认领的遗失物归国家所有", "unclaimed lost property goes to the state"),
         kind=Kind.NOT_BEFORE,
         after=("发布招领公告", "the found notice appears"), law=CIVIL_CODE, art="318"),

    term("L-LOG", "6 mo", ("留存网络日志", "network logs kept"), kind=Kind.KEEP,
         after=("日志产生", "the log is written"), law=CYBERSECURITY_2016, art="21"),
    term("L-LOG", "6 mo", ("留存网络日志", "network logs kept"), kind=Kind.KEEP,
         after=("日志产生", "the log is written"), law=CYBERSECURITY, art="23"),
    term("L-BWC", "6 mo", ("执法视音频保存，作为证据等永久保存", "body-worn video kept, as evidence for good"),
         kind=Kind.KEEP,
         after=("采集视音频", "the recording is made"), law=RECORDING, art="13"),
    term("L-CCTV", "30 d", ("公共视频保存", "public video kept"), kind=Kind.KEEP,
         after=("采集视频", "the video is recorded"), law=VIDEO, art=""),

    term("L-PIA.1", "3 y", ("保存影响评估报告和处理记录", "impact assessment and records kept"), kind=Kind.KEEP,
         after=("完成评估", "the assessment is finished"), law=PERSONAL_DATA, art="56"),
    term("L-PIA.2", "3 y", ("保存数据提供、委托处理记录", "sharing records kept"), kind=Kind.KEEP,
         after=("提供或者委托处理", "the data are shared"), law=NETWORK_DATA, art="12"),
    term("L-VULN", "24 h", ("报告危害公共利益的安全缺陷", "dangerous flaw reported"),
         after=("发现安全缺陷、漏洞", "the flaw is found"), law=NETWORK_DATA, art="10"),
)
# fmt: on
