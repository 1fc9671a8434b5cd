"""Lines of a list as the desk shows them: the chip of the next clock, the colour of the state, who has it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, cast

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guangyue.kernel import Armed
from guangyue.law import BOOK, CALENDAR, LawError, Span, Text, local_date
from guangyue.records.database import db
from guangyue.records.kept import Kept
from guangyue.records.library import LIBRARY
from guangyue.web.console.names import agency_of, unit_name
from guangyue.web.present.clocks import Clock, clock
from guangyue.web.present.clocks import tone as clock_tone
from guangyue.web.templatetags.guangyue import reader

if TYPE_CHECKING:
    from guangyue.city.viewer import Viewer
    from guangyue.records.matters import Clock as Running
    from guangyue.records.matters import MatterLine

__all__ = ["Row", "chip_of", "row", "run_out", "tone_of", "urgency"]

LEFT, SHARE = Text("\ue000", "\ue000"), cast("int", "\ue001")
"""Marks where the time left and its share stand, in letters that no text has."""
_drawn: Kept[str] = Kept(2_000)
"""Drawn rows, some 3 KiB each: those of the lists that are being looked at, with room to spare."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line with its chip."""

    line: MatterLine
    chip: Clock | None
    tone: str
    holder: Text

    @property
    def html(self) -> SafeString:
        """The line as a row of the table, whoever looks; drawn once for as long as nothing but the time left changes."""
        line, chip, english = self.line, self.chip, reader() == "en"
        running = (chip.tone, chip.due_at, chip.title) if chip else None
        key = (line.id, line.seq, english, self.tone, line.mine, self.holder, running, local_date(timezone.now()))
        found = _drawn.get(key)
        if found is None:
            # What runs from second to second is left out of what is kept, and filled in each time.
            still = replace(self, chip=replace(chip, left=LEFT, share=SHARE)) if chip else self
            drawn = render_to_string("console/row.html", {"r": still}).replace("{", "{{").replace("}", "}}")
            found = _drawn.keep(key, drawn.replace(LEFT.zh, "{left}").replace(str(SHARE), "{share}"))
        left = (chip.left.en if english else chip.left.zh) if chip else ""
        return format_html(found, left=left, share=chip.share if chip else "")


def row(line: MatterLine, viewer: Viewer, now: datetime) -> Row:
    """A line as it is shown to a viewer."""
    return Row(
        line, chip_of(line, line.clock, now) if line.clock else None, tone_of(line, viewer, now), unit_name(line.holder)
    )


def tone_of(line: MatterLine, viewer: Viewer, now: datetime) -> str:
    """Grey closed, red past its clock or where a clock ran out to, violet with another agency, blue ours."""
    if line.closed:
        return "closed"
    if (line.due_at is not None and line.due_at < now) or line.state in run_out(line.procedure):
        return "lapsed"
    ours = any(h.agency == agency_of(line.holder) for h in viewer.held)
    return "act" if ours else "elsewhere"


@cache
def run_out(code: str) -> frozenset[str]:
    """The states of a procedure in which a matter is because a clock ran out."""
    return frozenset(d.lapses_to for d in LIBRARY[code, 0].deadlines) if (code, 0) in LIBRARY else frozenset()


def chip_of(line: MatterLine, running: Running, now: datetime) -> Clock:
    """The chip of a clock as lists know it."""
    return clock(LIBRARY.find(db(), line.procedure), _armed(running), now, BOOK, CALENDAR)


def urgency(line: MatterLine, viewer: Viewer, now: datetime) -> str:
    """The colour on a map: the clock's where it is low or has lapsed, the state's otherwise."""
    found = clock_tone(_armed(line.clock), now) if line.clock else ""
    return found if found in {"low", "lapsed"} else tone_of(line, viewer, now)


def _armed(running: Running) -> Armed:
    return Armed(
        key=running.key, occurrence=running.occurrence, rule=running.rule, started_at=running.started_at,
        due_at=running.due_at, inclusive=running.inclusive, provisional=running.provisional, calendar="",
        status=running.status, span=_span(running.rule, running.started_at),  # type: ignore[arg-type]  # one of the kernel's words
        remaining=Span.parse(running.remaining) if running.remaining else None,
    )  # fmt: skip


def _span(rule: str, at: datetime) -> Span | None:
    try:
        return BOOK.term(rule, at).span
    except LawError:
        return None
