"""What every element of a declaration has: the line that wrote it, and words in both languages."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from types import FrameType

from guangyue.law import Text

KERNEL = __file__.rpartition("grammar")[0]


def T(zh: str, en: str) -> Text:  # noqa: N802 - short on purpose: it stands beside every word of a declaration
    """A wording in Chinese and English."""
    return Text(zh, en)


def _declared_at() -> str:
    """``file:line`` of the nearest frame outside the kernel, or nothing when the element came from stored JSON."""
    frame: FrameType | None = sys._getframe(0)  # noqa: SLF001 - the only way to know the declaring line
    while frame is not None:
        name = frame.f_code.co_filename
        if name != "<string>" and not name.startswith(KERNEL):
            return f"{name}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


@dataclass(frozen=True, slots=True)
class Element:
    """Base of all declared things; remembers where it was declared, so that a check can point there."""

    declared_at: str = field(default="", init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "declared_at", _declared_at())
