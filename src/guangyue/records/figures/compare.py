"""Year on year (同比) to two decimals, with the base kept beside it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from guangyue.law.override import override

__all__ = ["Change", "change", "share"]

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Change:
    """A figure beside the one it is compared with.

    Attributes:
        now, base: both figures.
        percent: the change in percent, two decimals, half up; ``None`` when there is no base to compare with.
    """

    now: int
    base: int
    percent: Decimal | None

    @override
    def __str__(self) -> str:
        return "–" if self.percent is None else f"{self.percent:+.2f}%"


def change(now: int, base: int) -> Change:
    """The change from a base; from nought nothing can be computed, and none is shown."""
    percent = (Decimal(now - base) * 100 / Decimal(base)).quantize(CENT, ROUND_HALF_UP) if base else None
    return Change(now, base, percent)


def share(part: int, whole: int) -> Decimal | None:
    """A part of a whole in percent, two decimals, half up."""
    return (Decimal(part) * 100 / Decimal(whole)).quantize(CENT, ROUND_HALF_UP) if whole else None
