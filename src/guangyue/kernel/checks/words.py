"""Words: every text in both languages, every place in a text filled, and nothing shown to who may not see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from string import Formatter
from typing import TYPE_CHECKING

from guangyue.kernel.checks.fault import Fault
from guangyue.kernel.grammar.papers import Notice
from guangyue.kernel.grammar.who import sees
from guangyue.kernel.tables import elements
from guangyue.law import Text

if TYPE_CHECKING:
    from guangyue.kernel.grammar.base import Element
    from guangyue.kernel.procedure import Procedure


def faults(p: Procedure) -> Iterator[Fault]:
    """Missing translations and notices that cannot be written or say too much."""
    inside = tuple(elements(p))
    for element in inside:
        for f in fields(element):
            yield from _text(element, f.name, getattr(element, f.name, None))
    known = {f.name: f for f in p.fields}
    asked = {q.name for a in p.actions for q in a.form}
    for notice in (e for e in inside if isinstance(e, Notice)):
        for name in places(notice.wording):
            if name not in known and name not in asked:
                yield Fault(
                    "unknown.answer", notice.declared_at, f"{notice.code} says “{name}”, which nothing provides"
                )
            elif name in known and not sees(notice.to, known[name].visible):
                yield Fault("notice.unseen", notice.declared_at, f"{notice.to.name} may not see “{name}”")


def places(wording: Text) -> tuple[str, ...]:
    """The values that a wording names, in either language."""
    found = [name for text in (wording.zh, wording.en) for _, name, _, _ in Formatter().parse(text) if name]
    return tuple(dict.fromkeys(found))


def _text(element: Element, name: str, value: object) -> Iterator[Fault]:
    if isinstance(value, tuple):
        for item in value:
            if isinstance(item, tuple):
                for inner in item:
                    yield from _text(element, name, inner)
        return
    if not isinstance(value, Text):
        return
    what = f"{type(element).__name__}.{name}"
    if not value.zh.strip() or not value.en.strip():
        yield Fault("text.missing", element.declared_at, f"{what} lacks a language")
    elif not any("\u4e00" <= c <= "\u9fff" for c in value.zh):
        yield Fault("text.missing", element.declared_at, f"{what} has no Chinese")
