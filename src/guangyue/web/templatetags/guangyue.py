"""``{{ text|say }}`` shows a bilingual wording in the reader's language; the chips of clocks and states."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from guangyue.law import CITY, Text
from guangyue.web.present.money import yuan

register = template.Library()

MICRO = 1_000_000


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
def time_of_day(value: datetime) -> str:
    """The clock time in the city, whatever the day."""
    return f"{value.astimezone(CITY):%H:%M:%S}"


@register.filter
def hour(value: datetime) -> str:
    """Hour and minute in the city."""
    return f"{value.astimezone(CITY):%H:%M}"


@register.filter
def shown(value: object) -> object:
    """A value of a record as people write it: a place in degrees, a moment in the city's time, a list with commas."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, tuple | list):
        pair = len(value) == len("xy") and all(isinstance(v, int) and abs(v) > MICRO for v in value)
        return f"{value[0] / MICRO:.5f}, {value[1] / MICRO:.5f}" if pair else "、".join(str(v) for v in value)
    return "–" if value in (None, "") else value


@register.filter
def theme(request: object) -> str:
    """The appearance somebody chose on this device: ``light``, ``dark``, or nothing for what the device says."""
    cookies = getattr(request, "COOKIES", {})
    chosen = cookies.get("theme", "")
    return chosen if chosen in {"light", "dark"} else ""


@register.filter
def thousands(value: object) -> object:
    """A whole number with its thousands apart; anything else as it is."""
    return f"{value:,}" if isinstance(value, int) else value


@register.filter
def at_key(given: object, key: object) -> object:
    """What stands under a key."""
    return given.get(key, "") if isinstance(given, dict) else ""


@register.filter
def spent(minutes: object) -> Text:
    """Minutes as people say them: minutes under two hours, hours under two days, then days."""
    if not isinstance(minutes, int | float):
        return Text("–", "–")
    whole = round(minutes)
    if whole < 2 * 60:
        return Text(f"{whole} 分钟", f"{whole} min")
    if whole < 2 * 1440:
        return Text(f"{whole / 60:.1f} 小时", f"{whole / 60:.1f} h")
    return Text(f"{whole / 1440:.1f} 天", f"{whole / 1440:.1f} days")


register.filter(yuan)


@register.inclusion_tag("parts/clock.html")
def clock(chip: Any, matter: str = "") -> dict[str, Any]:  # noqa: ANN401 - a present.clocks.Clock
    """The clock chip with its card; ``matter`` tells chips of a list apart."""
    mark = f"clock-{matter}-{chip.key}-{int(chip.due_at.timestamp())}"
    return {"c": chip, "id": mark.replace(":", "-").replace(".", "-")}


@register.inclusion_tag("parts/state.html")
def state(title: Text, tone: str) -> dict[str, Any]:
    """A state: a shape and a word."""
    return {"title": title, "tone": tone}
