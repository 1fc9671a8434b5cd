"""The clock chip (时限): what is left in words, where the term comes from, what happens when it lapses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from guangyue.kernel import Armed, Matter, Procedure
from guangyue.kernel.grammar import T
from guangyue.law import CITY, Calendar, LawBook, LawError, Text, Unit

DAY = timedelta(days=1)
LOW = 5
"""A clock is low in its last fifth."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One chip.

    Attributes:
        tone: ``running``, ``low``, ``lapsed``, ``met`` or ``stopped``; a word always stands beside the colour.
        left: the words; the page counts on by itself below a day.
        share: what is left of the ring, in percent.
        law: the provision, or the field that holds the moment.
        then: what happens when it lapses.
        unverified: the rule still awaits the legal office.
    """

    key: str
    title: Text
    tone: str
    left: Text
    share: int
    started_at: datetime
    due_at: datetime
    ticking: bool
    law: Text
    then: Text
    provisional: bool
    unverified: bool


def clock(procedure: Procedure, armed: Armed, now: datetime, law: LawBook, calendar: Calendar) -> Clock:
    """The chip of one clock."""
    deadline = procedure.tables.deadlines.get(armed.key)
    title = deadline.title if deadline else procedure.task(armed.key.split(":")[1]).title
    then = T("到期提醒承办人", "those responsible are told")
    if deadline is not None and deadline.lapses_to:
        state = procedure.state(deadline.lapses_to).title
        then = T(f"转为“{state.zh}”", f"becomes “{state.en}”")
    elif deadline is not None and deadline.mode == "reference":
        then = T("仅供对照，不改变事项", "shown for comparison; changes nothing")
    source, unverified = _law(armed, law)
    return Clock(
        key=armed.key,
        title=title,
        tone=tone(armed, now),
        left=_left(armed, now, calendar),
        share=_share(armed, now),
        started_at=armed.started_at,
        due_at=armed.due_at,
        ticking=armed.status in {"pending", "reference"},
        law=source,
        then=then,
        provisional=armed.provisional,
        unverified=unverified,
    )


def clocks(procedure: Procedure, matter: Matter, now: datetime, law: LawBook, calendar: Calendar) -> tuple[Clock, ...]:
    """The chips of a matter, the most urgent first; clocks that ended are history and stand in the time line."""
    shown = [a for a in matter.deadlines.values() if a.status in {"pending", "reference", "suspended"}]
    shown.sort(key=lambda a: (a.status == "reference", a.due_at))
    return tuple(clock(procedure, a, now, law, calendar) for a in shown)


def tone(armed: Armed, now: datetime) -> str:
    """How urgent a clock is, see :class:`Clock`."""
    if armed.status == "suspended":
        return "stopped"
    if armed.status in {"met", "cancelled"}:
        return "met"
    if armed.status == "fired" or not armed.met_by(now):
        return "lapsed"
    whole = armed.due_at - armed.started_at
    return "low" if armed.due_at - now < whole / LOW else "running"


def _share(armed: Armed, now: datetime) -> int:
    whole = (armed.due_at - armed.started_at).total_seconds()
    left = (armed.due_at - now).total_seconds()
    return max(0, min(100, round(100 * left / whole))) if whole > 0 else 0


def _left(armed: Armed, now: datetime, calendar: Calendar) -> Text:
    if armed.status == "suspended":
        kept = armed.remaining.text if armed.remaining else T("保留", "kept")
        return T(f"已中止 · 余{kept.zh}", f"suspended · {kept.en} left")
    gap = armed.due_at - now
    if abs(gap) < DAY:
        return _short(gap)
    over = gap < timedelta(0)
    if armed.span is not None and armed.span.unit is Unit.WORKING_DAY and not over:
        today = now.astimezone(CITY).date()
        last = (armed.due_at - timedelta(microseconds=1)).astimezone(CITY).date()
        days = calendar.working_days_between(today, last)
        return T(f"{days} 个工作日", f"{days} working day{'' if days == 1 else 's'}")
    days = abs(gap).days
    if over:
        return T(f"超 {days} 天", f"+{days} d")
    return T(f"{days} 天", f"{days} day{'' if days == 1 else 's'}")


def _short(gap: timedelta) -> Text:
    """Below a day: minutes and seconds, or hours and minutes; the page counts on from here."""
    seconds = int(abs(gap).total_seconds())
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    text = T(f"{minutes}:{seconds:02}", f"{minutes}:{seconds:02}")
    if hours:
        text = T(f"{hours}时{minutes:02}分", f"{hours}h {minutes:02}m")
    return T(f"超 {text.zh}", f"+{text.en}") if gap < timedelta(0) else text


def _law(armed: Armed, law: LawBook) -> tuple[Text, bool]:
    if armed.rule.startswith("field:"):
        return T("由承办人设定", "set by the case holder"), False
    try:
        rule = law.term(armed.rule, armed.started_at)
    except LawError:
        return T(armed.rule, armed.rule), True
    return rule.source.text, not rule.verified
