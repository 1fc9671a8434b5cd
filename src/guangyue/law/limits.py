"""Amounts the law sets: fines on the spot, cash, hearings, ages, heads (数额与年龄界限).

Money is in fen. “以上/以内/以下” include the number itself (治安管理处罚法 143, 公安行政程序规定 265, 道路程序规定 81).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from guangyue.law.dated import Dated
from guangyue.law.laws import (
    PENALTY,
    POLICE_PROCEDURE,
    PROMISES,
    SECURITY,
    SECURITY_2012,
    STOP_PAYMENT,
    TRAFFIC,
    TRAFFIC_PROCEDURE,
    TRANSFER,
)
from guangyue.law.rule import Rule
from guangyue.law.text import Text

if TYPE_CHECKING:
    from datetime import date

    from guangyue.law.laws import Law

__all__ = ["LIMITS", "YUAN", "Limit", "Measure", "age_on", "late_fee"]

YUAN = 100
"""Fen in a yuan."""


class Measure(StrEnum):
    """What a limit counts."""

    FEN = "fen"
    YEARS = "years of age"
    PERSONS = "persons"
    COUNT = "count"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Rule):
    """An amount and what it counts; the amount itself is within the limit."""

    amount: int
    measure: Measure


def _limit(code: str, amount: int, measure: Measure, zh: str, en: str, law: Law, art: str) -> Limit:
    source = law.source(art)
    return Limit(
        code=code,
        amount=amount,
        measure=measure,
        title=Text(zh, en),
        source=source,
        verified=source.is_settled,
        effective_from=law.since,
        effective_to=law.until,
    )


def _yuan(code: str, yuan: int, zh: str, en: str, law: Law, art: str) -> Limit:
    return _limit(code, yuan * YUAN, Measure.FEN, zh, en, law, art)


# fmt: off
LIMITS: Dated[Limit] = Dated((
    _yuan("M-APL-SPOT-CITIZEN", 200, "当场罚款上限（公民）", "on-the-spot fine, citizen", PENALTY, "51"),
    _yuan("M-APL-SPOT-ORG", 3000, "当场罚款上限（组织）", "on-the-spot fine, organisation", PENALTY, "51"),
    _yuan("M-TRAF-SPOT", 200, "交警当场罚款上限", "on-the-spot fine, traffic", TRAFFIC, "107"),
    _yuan("M-PSA-SPOT", 200, "治安当场罚款上限", "on-the-spot fine, public security", SECURITY_2012, "100"),
    _yuan("M-PSA-SPOT", 500, "治安当场罚款上限", "on-the-spot fine, public security", SECURITY, "119"),

    _yuan("M-APL-CASH", 100, "当场收缴罚款上限", "cash taken on the spot", PENALTY, "68"),
    _yuan("M-PSA-CASH", 50, "治安当场收缴上限", "cash taken on the spot, public security", SECURITY_2012, "104"),
    _yuan("M-PSA-CASH", 200, "治安当场收缴上限", "cash taken on the spot, public security", SECURITY, "123"),

    _yuan("M-PSA-STATION", 500, "派出所罚款上限", "fine decided by a station", SECURITY_2012, "91"),
    _yuan("M-PSA-STATION", 1000, "派出所罚款上限", "fine decided by a station", SECURITY, "109"),

    _yuan("M-PSA-HEARING", 2000, "治安罚款听证起点", "fine from which a hearing is offered", SECURITY_2012, "98"),
    _yuan("M-PSA-HEARING", 4000, "治安罚款听证起点", "fine from which a hearing is offered", SECURITY, "117"),
    _yuan("M-POLICE-HEARING-ORG", 10_000, "对单位罚款听证起点", "the same, organisation", POLICE_PROCEDURE, "123"),

    _yuan("M-APL-HEARING-CITIZEN", 2000, "较大数额罚款听证起点（公民，本市标准）",
          "fine from which a hearing is offered, citizen (city's standard)", PROMISES, ""),
    _yuan("M-APL-HEARING-ORG", 10_000, "较大数额罚款听证起点（组织，本市标准）",
          "the same, organisation (city's standard)", PROMISES, ""),

    _limit("M-LATE-RATE", 3, Measure.PERCENT, "每日加处罚款比例", "late fee, percent a day", PENALTY, "72"),
    _limit("M-LATE-CAP", 100, Measure.PERCENT, "加处罚款上限", "late fee, percent of the fine at most", PENALTY, "72"),

    _limit("M-AGE-NONE", 14, Measure.YEARS, "不满此年龄不予处罚", "younger is not punished", PENALTY, "30"),
    _limit("M-AGE-LIGHTER", 18, Measure.YEARS, "不满此年龄从轻减轻", "younger is punished more lightly", PENALTY, "30"),
    _limit("M-AGE-DETAIN", 16, Measure.YEARS, "不满此年龄不执行拘留", "younger is not detained", SECURITY, "23"),
    _limit("M-AGE-DETAIN-FIRST", 18, Measure.YEARS, "初次且不满此年龄不执行拘留", "younger is not detained at first",
           SECURITY, "23"),
    _limit("M-AGE-OLD", 70, Measure.YEARS, "满此年龄不执行拘留", "from this age not detained", SECURITY, "23"),

    _limit("M-OFFICERS", 2, Measure.PERSONS, "执法人员不少于", "officers at least", PENALTY, "42"),
    _limit("M-TRAF-OFFICERS-SIMPLE", 1, Measure.PERSONS, "简易程序交警人数", "traffic officers, simple procedure",
           TRAFFIC_PROCEDURE, "44"),
    _limit("M-TRAF-OFFICERS", 2, Measure.PERSONS, "一般程序交警不少于", "traffic officers, general procedure",
           TRAFFIC_PROCEDURE, "48"),
    _limit("M-XFER-OFFICERS", 2, Measure.PERSONS, "移送专案组不少于", "transfer group at least", TRANSFER, "5"),

    _limit("M-TRAF-OPEN", 5, Measure.COUNT, "公告告知的未处理起数", "open records before public notice",
           TRAFFIC_PROCEDURE, "54"),
    _limit("M-FRD-STOP", 2, Measure.COUNT, "同一账户止付次数上限", "stops of payment on one account", STOP_PAYMENT, ""),
    _limit("M-PHOTOS", 2, Measure.COUNT, "违停照片不少于", "parking photos at least", PROMISES, ""),
    _limit("M-PHOTOS-WIDE", 1, Measure.COUNT, "其中全景照片不少于", "of them with the surroundings", PROMISES, ""),
))
# fmt: on
"""Every limit by its code."""


def age_on(birth: date, day: date) -> int:
    """Full years of age in law (周岁): a year is complete on the day after the birthday."""
    years = day.year - birth.year
    return years if (day.month, day.day) > (birth.month, birth.day) else years - 1


def late_fee(fine: int, days_late: int, on: date) -> int:
    """The late fee (加处罚款) in fen: a daily share of the fine, never more than the fine.

    Days under review or in court are not counted (行政处罚法 73); the caller leaves them out.
    """
    if fine < 0 or days_late < 0:
        message = f"fine {fine} and days {days_late} cannot be negative"
        raise ValueError(message)
    rate, cap = (LIMITS.get(code, on).amount for code in ("M-LATE-RATE", "M-LATE-CAP"))
    return min(fine * rate * days_late, fine * cap) // 100
