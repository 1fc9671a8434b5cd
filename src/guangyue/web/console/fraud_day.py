"""A day of the fraud engine as the page shows it up to a moment: what ``guangyue fraud day`` wrote, shaped for reading.

Nothing after the moment is shown, so the page tells what the desk would have known then. The file is read anew when it
has changed.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from guangyue.kernel.grammar import T
from guangyue.law import Text

__all__ = ["FORMAT", "Case", "Count", "Step", "Told", "Warned", "case_of", "read_day", "until"]

FORMAT = "guangyue.fraud.day/1"
LEVELS: dict[str, tuple[Text, str]] = {
    "urgent": (T("紧急", "urgent"), "lapsed"),
    "high": (T("高", "high"), "elsewhere"),
    "medium": (T("中", "medium"), "act"),
    "low": (T("低", "low"), "closed"),
}
"""The four levels with the shape they are shown by."""
_WARNS = ("urgent", "high")
_TRUTH = (
    ("contact", T("骗子首次接触", "first contact by the gang")),
    ("hooked", T("受害人信以为真", "the victim believes")),
    ("leaves", T("大额资金转出", "the main money leaves")),
)
_read: dict[Path, tuple[int, Any]] = {}


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning as it stood at the moment.

    Attributes:
        at: when it came. count: how often its rule had held by then. fresh: came within the last step.
    """

    at: datetime
    person: str
    level: Text
    tone: str
    rule: str
    said: Text
    count: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many warnings of a level."""

    level: Text
    value: int


@dataclass(frozen=True, slots=True)
class Told:
    """The day up to the moment, the newest warning first."""

    warnings: list[Warned]
    counts: list[Count]
    persons: int


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a person's day: ``kind`` is record, warning or truth."""

    at: datetime
    kind: str
    title: Text
    said: Text
    details: list[tuple[Text, str]]


@dataclass(frozen=True, slots=True)
class Case:
    """A person's day up to the moment.

    Attributes:
        lead: how long before the main money left the first warning of the two upper levels came; None when either did
            not happen by then.
    """

    person: str
    steps: list[Step]
    lead: Text | None


def read_day(path: Path) -> dict[str, Any] | None:
    """The file's day, or None when there is none that can be used."""
    try:
        stamp = path.stat().st_mtime_ns
        if path not in _read or _read[path][0] != stamp:
            found = json.loads(path.read_text(encoding="utf-8"))
            _read[path] = (stamp, found if isinstance(found, dict) and found.get("format") == FORMAT else None)
    except (OSError, ValueError):
        return None
    day: dict[str, Any] | None = _read[path][1]
    return day


def until(day: dict[str, Any], moment: datetime, step: timedelta) -> Told:
    """The warnings that had come by ``moment``; those of the last ``step`` are marked fresh."""
    limit = _ms(moment)
    shown = [w for w in day["warnings"] if w["at"] <= limit]
    warnings = [
        Warned(
            _at(w["at"]), w["person"], *LEVELS[w["level"]], w["rule"], T(w["zh"], w["en"]),
            sum(t <= limit for t in w["times"]), w["at"] > _ms(moment - step),
        )
        for w in reversed(shown)
    ]  # fmt: skip
    by_level = Counter(w["level"] for w in shown)
    counts = [Count(title, by_level[code]) for code, (title, _) in LEVELS.items()]
    return Told(warnings, counts, len({w["person"] for w in shown}))


def case_of(day: dict[str, Any], person: str, moment: datetime) -> Case | None:
    """What was known of a person by ``moment``, in order; None for somebody of whom nothing is told."""
    found = next((p for p in day["people"] if p["person"] == person), None)
    if found is None:
        return None
    limit = _ms(moment)
    steps = [
        Step(_at(r["at"]), "record", T(r["zh"], r["en"]), T("", ""), [(T(zh, name), v) for name, zh, v in r["said"]])
        for r in found["records"]
    ]
    mine = [w for w in day["warnings"] if w["person"] == person]
    steps += [
        Step(
            _at(w["at"]), "warning", T(f"预警（{LEVELS[w['level']][0].zh}）", f"Warning ({LEVELS[w['level']][0].en})"),
            T(w["zh"], w["en"]), [],
        )
        for w in mine
    ]  # fmt: skip
    nothing = T("", "")
    for truth in found["truth"]:
        if truth["scam"]:
            steps += [Step(_at(truth[k]), "truth", name, nothing, []) for k, name in _TRUTH if truth[k] >= 0]
    begin = _at(day["begin"])
    steps = sorted((s for s in steps if begin <= s.at <= moment), key=lambda s: (s.at, s.kind != "record"))
    warned = min((w["at"] for w in mine if w["level"] in _WARNS and w["at"] <= limit), default=None)
    leaves = min((t["leaves"] for t in found["truth"] if t["scam"] and 0 <= t["leaves"] <= limit), default=None)
    if warned is None or leaves is None or leaves < day["begin"]:
        return Case(person, steps, None)
    return Case(person, steps, _lead((leaves - warned) // 60_000))


def _lead(minutes: int) -> Text:
    if minutes < 0:
        return T("预警晚于大额资金转出", "The warning came after the main money had left")
    return T(
        f"首次紧急或高级别预警比大额资金转出早{minutes}分钟",
        f"First urgent or high warning {minutes} minutes before the main money left",
    )


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
