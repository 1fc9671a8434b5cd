"""``{% question name q given %}``: one question of an act, as a plain form field."""

from __future__ import annotations

from typing import Any

from django import template

from guangyue.kernel.grammar import Kind

register = template.Library()

INPUTS = {
    Kind.PHONE: "tel",
    Kind.INTEGER: "number",
    Kind.MONEY: "number",
    Kind.DATE: "date",
    Kind.MOMENT: "datetime-local",
}


@register.inclusion_tag("portal/question.html")
def question(name: str, q: Any, given: dict[str, str]) -> dict[str, Any]:  # noqa: ANN401 - a kernel Question
    """The field with what was given before."""
    kind = q.field.kind
    return {
        "id": f"q_{name}",
        "title": q.field.title,
        "required": q.ask.required,
        "lines": kind is Kind.LINES,
        "choices": q.field.choices if kind is Kind.CHOICE else (),
        "input": INPUTS.get(kind, "text"),
        "value": given.get(name, ""),
    }
