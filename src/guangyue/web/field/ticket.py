"""A paper as a ticket from the belt printer: what the law says it must carry, in the law's order, beside the PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law.papers import FIELDS, PAPERS
from guangyue.records.papers import Issued, checked, template_for
from guangyue.web.field.escpos import WIDE, Roll

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

__all__ = ["ticket"]

BY_HAND = frozenset(
    {"officer_signature", "party_signature", "seal", "signatures", "mediator_signature", "committee_seal"}
)
"""Left open on paper: somebody signs or stamps there."""
ABOVE = frozenset({"number", "plate", "agency", "date"})
"""Shown in a place of their own."""
REFUSED = "拒签"
"""A refusal to sign that is noted stands in for the signature (Penalty Law 52)."""
COURTESY = "本单是提示，不是处罚决定。"


def ticket(paper: Issued, *, statutory: bool, columns: int = WIDE) -> bytes:
    """The paper as ESC/POS.

    Args:
        paper: as it was issued.
        statutory: a courtesy says that it is one.
        columns: of the roll.

    Raises:
        NoTemplateError: it has no printed form. IncompleteError: the law asks for more than it carries.
    """
    template = template_for(paper.procedure, paper.code)
    values = checked(template, template.fill(paper), paper.issued_at)
    law = PAPERS.get(template.law, paper.issued_at)
    fields = law.fields
    roll = Roll(columns).text(paper.title.zh, align="centre", bold=True, size=2)
    roll.text(paper.title.en, align="centre").feed()
    if paper.number:
        roll.text(f"单号 {paper.number}")
    if plate := _said(values, "plate"):
        roll.feed().text(plate, align="centre", bold=True, size=2).feed()
    roll.rule()
    for name in (n for n in fields if n not in ABOVE | BY_HAND):
        if value := _said(values, name):
            roll.row(FIELDS[name].zh, value)
    roll.rule()
    if not statutory:
        roll.text(COURTESY, bold=True)
    for name in (n for n in fields if n in BY_HAND):
        noted = _said(values, name)
        roll.feed().row(FIELDS[name].zh, noted if noted.startswith(REFUSED) else "_" * 12)
    if paper.verify:
        roll.feed().qr(paper.verify).text("扫码核验、陈述、申辩", align="centre")
    roll.feed().text(f"{paper.agency} {paper.unit}".strip())
    if paper.officer:
        roll.text(f"执法人员 {paper.officer}")
    roll.text(_said(values, "date"), align="right")
    return roll.feed(3).cut()


def _said(values: Mapping[str, Any], name: str) -> str:
    """A value as one text; lists with the mark that Chinese puts between their parts."""
    value = values.get(name)
    if value in (None, "", [], {}):
        return ""
    return "、".join(str(v) for v in value) if isinstance(value, list | tuple) else str(value)
