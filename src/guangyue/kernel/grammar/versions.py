"""Which older version a procedure follows, and how matters may move over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from guangyue.kernel.grammar.base import Element, T
from guangyue.kernel.grammar.who import Who
from guangyue.law import Text


@dataclass(frozen=True, slots=True)
class Succeeds(Element):
    """An older version whose matters may move to this one (版本衔接).

    Attributes:
        version: the older version.
        by: who may propose the move, and, as another person, approve it.
        states: the older state and the state it becomes; states of the same code need no line.
        title: what the move is called.
    """

    version: int
    by: tuple[Who, ...]
    states: Mapping[str, str] = field(default_factory=dict)
    title: Text = T("变更规程版本", "Change of version")  # noqa: RUF009 - a frozen wording
