"""The printed forms of the street desk.

The courtesy slip and the statutory notice of parking have forms of their own, two papers of different weight. Every other
paper is laid out from the law's list of its fields: on the roll of a portable printer what is given in the street, on A4
what is served.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from guangyue.desks.streets.declared import declared
from guangyue.desks.streets.papers.filling import fill
from guangyue.law import CITY, Text
from guangyue.law.competence.offences import PLACES
from guangyue.records.papers import Template, register_template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from guangyue.records.papers import Issued

__all__ = ["NOTICE", "SLIP", "register"]

_HERE = Path(__file__).parent
_BASIS_SLIP = "《聊城市道路交通安全条例》第四十二条、第五十五条"
_BASIS_NOTICE = "《中华人民共和国道路交通安全法》第五十六条、第九十三条；《道路交通安全违法行为处理程序规定》第十二条"
_FACTS = "机动车未在规定地点停放，驾驶人不在现场，妨碍其他车辆、行人通行"
_PLACES = {place.value: text for place, text in PLACES.items()}


def _moment(at: datetime) -> str:
    return f"{at.astimezone(CITY):%Y年%m月%d日 %H时%M分}"


def _place(paper: Issued) -> str:
    street = str(paper.facts.get("street") or paper.fields.get("street") or "")
    kind = _PLACES.get(str(paper.fields.get("place_type") or ""), Text("", ""))
    return f"{street}（{kind.zh}）" if street and kind.zh else street


def _common(paper: Issued) -> dict[str, Any]:
    plate = str(paper.facts.get("plate") or "")
    day = paper.issued_at.astimezone(CITY)
    return {
        "title": paper.title.zh, "title_en": paper.title.en, "number": paper.number,
        "plate": f"{plate[:2]}·{plate[2:]}" if plate else "",
        "vehicle_type": paper.fields.get("vehicle") or "", "colour": paper.fields.get("colour") or "",
        "time": _moment(paper.opened_at), "place": _place(paper), "agency": paper.agency, "unit": paper.unit,
        "officer": paper.officer, "date": _moment(paper.issued_at)[:11],
        "day": [day.year, day.month, day.day], "verify": paper.verify,
        "qr": paper.qr if paper.verify else "",
    }  # fmt: skip


def _slip(paper: Issued) -> Mapping[str, Any]:
    """《违法停车提示单》: says what was seen and how to be heard; names no fine and starts no term."""
    return _common(paper) | {
        "basis": _BASIS_SLIP,
        "how_to_be_heard": "扫描本单二维码，或者在市民端凭单号和号牌查看照片、陈述和申辩；也可以到开单单位当面说明。",
    }


def _notice(paper: Issued) -> Mapping[str, Any]:
    """《违法停车告知单》: the traffic police's own paper (Procedure for Traffic Offences 12)."""
    return _common(paper) | {
        "facts": _FACTS,
        "basis": _BASIS_NOTICE,
        "vehicle_type": paper.facts.get("vehicle") or paper.fields.get("vehicle") or "",
        "come_where": f"{paper.unit or paper.agency}，或者任一交通违法处理窗口、网上处理平台",
        "come_when": "本单开具之日起3日后、15日内",
    }


SLIP = Template(_HERE / "slip.typ", "F-reminder", _slip)
NOTICE = Template(_HERE / "notice.typ", "F-traffic-slip", _notice)


IN_THE_STREET = frozenset({"warning", "order", "spot", "simple", "summons", "registration", "voucher", "receipt"})
"""Papers printed on the spot; all others are A4."""


def register() -> None:
    """Give the desk's papers their forms."""
    for code, procedure in declared().items():
        for paper in procedure.tables.papers.values():
            if paper.basis and code != "streets.parking":
                file = "ticket.typ" if paper.code in IN_THE_STREET else "official.typ"
                register_template(code, paper.code, Template(_HERE / file, paper.basis, fill))
    register_template("streets.parking", "slip", SLIP)
    register_template("streets.parking", "notice", NOTICE)
