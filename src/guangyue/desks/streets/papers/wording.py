"""What every copy of a paper says: rights and terms in words, each figure taken from the law of the day (文书固定内容)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law import BOOK
from guangyue.law.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from guangyue.records.papers import Issued

__all__ = ["capital", "printed"]

YUAN = 100
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
_TEN, _GROUP = 10, 10_000


def capital(fen: int) -> str:
    """A sum in the capital numerals of official papers: 15 000 fen is 壹佰伍拾元整.

    Raises:
        ValueError: it is negative.
    """
    if fen < 0:
        raise ValueError(f"{fen} fen")
    yuan, rest = divmod(fen, YUAN)
    jiao, cents = divmod(rest, _TEN)
    if not yuan and not rest:
        return "零元整"
    said = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{said}整"
    said += f"{_DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
    return said + (f"{_DIGITS[cents]}分" if cents else "整")


def _whole(yuan: int) -> str:
    groups: list[int] = []
    while yuan:
        yuan, low = divmod(yuan, _GROUP)
        groups.append(low)
    said = ""
    gap = False
    for place in reversed(range(len(groups))):
        part = groups[place]
        if not part:
            gap = True
            continue
        if said and (gap or part < _GROUP // _TEN):
            said += _DIGITS[0]
        said += _four(part) + _GROUPS[place]
        gap = False
    return said


def _four(number: int) -> str:
    said = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = number // _TEN**place % _TEN
        if not digit:
            gap = bool(said)
            continue
        said += (_DIGITS[0] if gap else "") + _DIGITS[digit] + _UNITS[place]
        gap = False
    return said


def _term(code: str, at: datetime) -> str:
    return BOOK.term(code, at).span.text.zh


_REVIEW_FIRST = "依照《行政复议法》第二十三条，对当场作出的行政处罚决定不服的，应当先申请行政复议，再提起行政诉讼。"


def _spot_remedy(paper: Issued) -> str:
    days = _term("L-REC.1", paper.issued_at)
    return (
        f"不服本决定的，应当自收到本决定书之日起{days}内先向作出决定机关的本级人民政府申请行政复议；"
        f"对复议决定仍不服的，自收到复议决定书之日起{_term('L-SUE.2', paper.issued_at)}内向人民法院提起行政诉讼。"
    )


def _remedy(paper: Issued) -> str:
    days, months = _term("L-REC.1", paper.issued_at), _term("L-SUE.1", paper.issued_at)
    said = (
        f"不服本决定的，可以自收到本决定书之日起{days}内向作出决定机关的本级人民政府申请行政复议，"
        f"或者{months}内直接向人民法院提起行政诉讼。"
    )
    return f"{said}复议、诉讼期间不计算加处罚款。" if paper.code == "decision" else said


def _performance(paper: Issued) -> str:
    if paper.code == "decision_warning":
        return "警告自本决定书送达之日起生效。"
    return f"自收到本决定书之日起{_term('L-PAY', paper.issued_at)}内，到指定银行或者通过电子支付系统缴纳；决定机关不收取罚款。"


def _late_fee(paper: Issued) -> str:
    rate, cap = (LIMITS.get(code, paper.issued_at).amount for code in ("M-LATE-RATE", "M-LATE-CAP"))
    return f"到期不缴纳的，每日按罚款数额的{rate}%加处罚款，加处罚款总额不超过罚款数额的{cap}%。"


def _heard(paper: Issued) -> str:
    if paper.code in {"told", "told_fine"}:
        days = _term("L-APL-HEAR.1", paper.issued_at)
        hearing = f"拟罚款达到听证标准的，可以自收到本告知书之日起{days}内要求听证，不承担费用。"
        return f"您有权进行陈述和申辩，不会因此受到更重的处罚。{hearing}"
    if paper.code == "urge":
        return "收到本催告书后，您有权进行陈述和申辩。"
    return "对本通知有不同意见的，可以当面说明，也可以扫描二维码陈述、申辩或者提出异议。"


def _come_when(paper: Issued) -> str:
    return f"自收到本单之日起{_term('L-TRAF-NOTICE.1', paper.issued_at)}内"


def _come_where(paper: Issued) -> str:
    return f"{paper.unit or paper.agency}，或者任一交通违法处理窗口、网上处理平台"


_SAYS: dict[str, Callable[[Issued], str]] = {
    "performance": _performance,
    "late_fee": _late_fee,
    "how_to_be_heard": _heard,
    "come_when": _come_when,
    "come_where": _come_where,
}
_KINDS = {"decision_warning": "警告", "voucher": "扣留车辆"}


def printed(paper: Issued, field: str) -> str:
    """What the form says in a field on every copy.

    Raises:
        KeyError: the form says nothing there.
    """
    if field == "kind":
        return _KINDS.get(paper.code, "罚款")
    if field == "remedy":
        return _spot_remedy(paper) if paper.code in {"spot", "simple"} else _remedy(paper)
    if field == "review_first":
        return _REVIEW_FIRST
    if field == "obligation":
        return "缴纳行政处罚决定书确定的罚款"
    if field == "term":
        return f"自批准之日起{_term('S-IDENT.2', paper.issued_at)}内有效"
    if field == "privacy_check":
        return "已核对，不含无关的个人信息"
    if field == "performance" and paper.code == "urge":
        return f"收到本催告书后{_term('L-ENF.1', paper.issued_at)}内仍不履行的，本机关将依法申请人民法院强制执行。"
    return _SAYS[field](paper)
