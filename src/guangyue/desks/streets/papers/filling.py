"""From an issued paper to what stands on its form: every field that the law asks for, in words (文书要素).

The form follows the law's own list: what the law asks is on the paper or the paper is not drawn.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from guangyue.desks.streets.declared import declared
from guangyue.desks.streets.papers.wording import capital, printed
from guangyue.kernel.grammar import Kind
from guangyue.kernel.grammar.values import parse
from guangyue.law import CITY
from guangyue.law.papers import FIELDS, PAPERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from guangyue.kernel import Procedure
    from guangyue.kernel.grammar import Field, Paper
    from guangyue.records.papers import Issued

__all__ = ["fill"]

AROUND = frozenset({
    "number", "agency", "date", "seal", "officer_signature", "party_signature", "remedy", "review_first",
    "how_to_be_heard", "late_fee", "education",
})  # fmt: skip
"""What has a place of its own on the form and is no row of the table."""
BELOW = ("education", "late_fee", "review_first", "remedy", "how_to_be_heard")


def moment(at: datetime) -> str:
    """A moment as papers write it."""
    return f"{at.astimezone(CITY):%Y年%m月%d日 %H时%M分}"


def said(field: Field | None, value: Any) -> str:  # noqa: ANN401 - any value a record holds
    """A value in words: money in figures and capitals, choices by their titles, moments as dates."""
    if value in (None, "", ()):
        return ""
    if field is None:
        return str(value)
    value = parse(field.kind, value)
    if field.kind is Kind.MONEY and isinstance(value, int):
        return f"人民币{capital(value)}（¥{value / 100:,.2f}）"
    if field.kind is Kind.CHOICE:
        return {code: text.zh for code, text in field.choices}.get(str(value), str(value))
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return f"{value:%Y年%m月%d日}"
    return str(value)


def _value(paper: Issued, procedure: Procedure, form: Paper, field: str) -> str:
    source = form.fills.get(field, "")
    if source == "@printed":
        return printed(paper, field)
    around = {
        "@number": paper.number, "@moment": moment(paper.issued_at), "@officer": paper.officer, "@agency": paper.agency,
        "@law": paper.law.zh if paper.law else "", "@seal": "（印章）", "@signature": "",
    }  # fmt: skip
    if source.startswith("@"):
        return around.get(source, "")
    given = paper.facts.get(source)
    asked = (q.field for form_ in procedure.tables.forms.values() for name, q in form_.items() if name == source)
    return said(procedure.tables.fields.get(source) or next(asked, None), given)


def fill(paper: Issued) -> Mapping[str, Any]:
    """The law's fields by their codes, and how the form shows them."""
    procedure = declared()[paper.procedure]
    form = procedure.paper(paper.code)
    rule = PAPERS.get(form.basis, paper.issued_at)
    wanted = [*rule.fields, *(field for case, field in rule.fields_if if case in form.cases)]
    values = {field: _value(paper, procedure, form, field) for field in form.fills if field not in rule.forbidden}
    day = paper.issued_at.astimezone(CITY)
    return values | {
        "title": paper.title.zh, "title_en": paper.title.en, "no": paper.number, "by": paper.agency, "unit": paper.unit,
        "officer": paper.officer, "dated": f"{day:%Y年%m月%d日}", "day": [day.year, day.month, day.day],
        "rows": [[FIELDS[f].zh, values.get(f, "")] for f in _rows(wanted, form)] + _asked(paper),
        "below": [[FIELDS[f].zh, values[f]] for f in BELOW if f in values],
        "party_sign": values.get("party_signature", ""), "sealed": "seal" in values,
        "copies": "一式两份：一份交当事人，一份存档" if rule.starts_clocks else "", "verify": paper.verify,
        "qr": paper.qr if paper.verify else "",
        "code": paper.verify.rpartition(".")[2] if "party" in form.fills else "",
    }  # fmt: skip


def _asked(paper: Issued) -> list[list[str]]:
    """Of a questioning: who asked under which power, what was said, and who looked at the identity papers (处罚法 55)."""
    found = []
    for b in paper.before if paper.code in RECORDS else ():
        who = f"{b.agency}{b.unit} 执法人员{b.officer}，{moment(b.at)}"
        if "asked" in b.said:
            found.append(["询问", f"{who}，依据{b.said.get('power', '')}。{b.said['asked']}"])
        elif "ground" in b.said:
            found.append(["查验身份", f"{who}，依据{b.said['ground']}，目的：{b.said.get('why', '')}。"])
    return found


RECORDS = frozenset({"record"})
"""Papers that record a course of acts."""


def _rows(wanted: Iterable[str], form: Paper) -> list[str]:
    """The law's order first, then what the paper carries besides."""
    more = [f for f in form.fills if f not in wanted]
    return [f for f in dict.fromkeys((*wanted, *more)) if f in form.fills and f not in AROUND]
