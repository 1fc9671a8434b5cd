"""Papers of the street desk as they might be issued; everything in them is invented."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.streets.people import DESK

from guangyue.kernel.grammar import Kind
from guangyue.law import CITY
from guangyue.records.papers import Before, Issued

AT = datetime(2026, 11, 22, 9, 41, tzinfo=CITY)
SAID = {
    "party_name": "柳荫杂货店", "party_address": "古城区柳荫路12号", "street": "柳荫路12号门前", "facts": "在门店外人行道摆放货架，占用人行道约三平方米，影响行人通行。",
    "education": "商品、桌椅请收进门店，门前留给行人。", "evidence_list": "现场照片六张、询问笔录一份、责令改正通知书及送达回证。", "fine": 150_00,
    "told_fine": 500_00, "measure": "fine", "party_signed": "signed", "vehicle_text": "鲁T12345", "vehicle_type": "小型轿车",
    "goods": "折叠货架两个、遮阳伞一把", "reason": "属主管部门职责", "consent": "已签字", "e_address": "短信 172****0001", "sent_at": AT,
    "correct_by": AT + timedelta(days=1), "keep_until": AT.date() + timedelta(days=7), "answers": "承认张贴小广告二十张，愿意清除。",
    "purpose_said": "制作行政处罚文书", "basis": "行政处罚法第40条", "letter": "移送书正文", "report": "调查报告正文", "expert": "无", "others": "照片一册",
}  # fmt: skip

WARNED = {"measure": "warning"}
"""The plain form of the notice tells a warning; a fine has a form of its own."""


def issued(procedure: str, code: str, **changes: object) -> Issued:
    """A paper with all its values, plain as the records keep them."""
    declared = DESK[procedure]
    form = declared.paper(code)
    facts: dict[str, object] = {}
    for name in form.needs:
        value = WARNED.get(name, SAID[name]) if code == "told" else SAID[name]
        field = declared.tables.fields.get(name)
        facts[name] = value.isoformat() if field is not None and field.kind in {Kind.MOMENT, Kind.DATE} else value  # type: ignore[attr-defined]
    number = f"{form.numbered}-UM-D1-20261122-0007" if form.numbered else ""
    base: dict[str, object] = {
        "code": code, "title": form.title, "number": number, "facts": facts, "fields": {}, "issued_at": AT,
        "opened_at": AT - timedelta(minutes=12), "procedure": procedure, "law": declared.law, "unit": "直属一大队",
        "agency": "光岳市城市管理局", "officer": "S001",
        "verify": f"https://city.example/verify/{number}.7KQ2M9XB" if number else "",
    }  # fmt: skip
    if code == "record":
        base["before"] = (
            Before(
                "ask_urban", AT - timedelta(minutes=9), {"power": "行政处罚法第55条", "asked": "问：谁贴的？答：是我贴的。"},
                "直属一大队", "光岳市城市管理局", "S001",
            ),
            Before(
                "check_identity", AT - timedelta(minutes=5), {"why": "制作法律文书", "ground": "居民身份证法第15条"},
                "老城派出所", "光岳市公安局", "P003",
            ),
        )  # fmt: skip
    return Issued(**(base | changes))  # type: ignore[arg-type]


ALL = [(code, name) for code, p in DESK.items() if code != "streets.parking" for name in p.tables.papers]
"""Every paper of the desk but those of parking, which have a test of their own."""
