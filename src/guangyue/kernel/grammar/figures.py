"""Figures: counts that the journal answers for."""

from __future__ import annotations

from dataclasses import dataclass

from guangyue.kernel.grammar.base import Element
from guangyue.kernel.grammar.conditions import Condition
from guangyue.law import Text


@dataclass(frozen=True, slots=True)
class Count(Element):
    """How often something happened.

    Attributes:
        code: stable.
        title: what the table says.
        of: an act, ``lapse:<deadline>``, or ``enters:<state>``.
        when: counted only when this holds.
        sums: the number field that is added up instead of one.
    """

    code: str
    title: Text
    of: str
    when: Condition | None = None
    sums: str = ""
