"""``{{ text|say }}`` shows a bilingual wording in the reader's language; the chips of clocks and states."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from guangyue.law import CITY, Text

register = template.Library()

FEN = 100


def reader() -> str:
    """``zh`` or ``en``."""
    return "en" if (get_language() or "zh").startswith("en") else "zh"


@register.filter
def say(value: object) -> object:
    """A wording in the reader's language; anything else as it is."""
    return getattr(value, reader()) if isinstance(value, Text) else value


@register.filter
def moment(value: datetime | None) -> str:
    """A moment in the city's time: today only the clock time, else with the day, other years with the year."""
    if value is None:
        return "–"
    local, today = value.astimezone(CITY), timezone.now().astimezone(CITY)
    if local.date() == today.date():
        return f"{local:%H:%M:%S}"
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"


@register.filter
def yuan(fen: int) -> str:
    """Money: fen as yuan with two places."""
    return f"¥{fen // FEN:,}.{fen % FEN:02}"


@register.inclusion_tag("parts/clock.html")
def clock(chip: Any) -> dict[str, Any]:  # noqa: ANN401 - a present.clocks.Clock
    """The clock chip with its card."""
    return {"c": chip, "id": f"clock-{chip.key}-{int(chip.due_at.timestamp())}".replace(":", "-")}


@register.inclusion_tag("parts/state.html")
def state(title: Text, tone: str) -> dict[str, Any]:
    """A state: a shape and a word."""
    return {"title": title, "tone": tone}
