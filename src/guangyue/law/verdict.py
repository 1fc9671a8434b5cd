"""An answer of the law: allowed, or denied for reasons that are all named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guangyue.law.source import Source
from guangyue.law.text import Text

__all__ = ["Allowed", "Denied", "Reason"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not allowed: a stable code, a sentence, and the provision behind it where there is one."""

    code: str
    text: Text
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """It is allowed by these provisions; ``verified`` only when each of them is."""

    sources: tuple[Source, ...]
    verified: bool

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True, slots=True)
class Denied:
    """It is not allowed, for all of these reasons."""

    reasons: tuple[Reason, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons."""
        return tuple(reason.code for reason in self.reasons)

    def __bool__(self) -> Literal[False]:
        return False
