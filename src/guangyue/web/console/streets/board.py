"""The joint headquarters' board (联合指挥部): what stands open and late, by agency and block, and what came of it.

It reads rollups alone, so that it answers as fast with a million matters. It counts by agency, unit and block, never by
officer: there is no ranking of people by penalties, here or in its files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from guangyue.city.errors import NotVisibleError
from guangyue.city.models import Block
from guangyue.kernel.grammar import T
from guangyue.kernel.grammar.who import AGENCY_TITLES
from guangyue.law import CITY
from guangyue.records import figures
from guangyue.records.database import db
from guangyue.records.figures import Heap
from guangyue.records.kept import Kept
from guangyue.records.library import LIBRARY
from guangyue.records.matters import tasks_for
from guangyue.records.matters.scope import scope_of
from guangyue.records.matters.standing import visible_rows
from guangyue.web.console.door import staff_page
from guangyue.web.console.figures import window_of
from guangyue.web.console.names import agency_of, unit_name
from guangyue.web.console.streets.measures import (
    GROUPS,
    LEFT,
    PENALISED,
    REMINDERS,
    behind,
    link,
    numbers,
    titles,
)  # fmt: skip
from guangyue.web.console.streets.reach import DESK, Sight, Stock, desk_frame, sight
from guangyue.web.console.streets.registers import GAP, open_gaps
from guangyue.web.present.money import figure_change, figure_value
from guangyue.web.templatetags.guangyue import reader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from guangyue.city.viewer import Viewer
    from guangyue.law import Text

__all__ = ["Line", "block_titles", "blocks", "board", "entries", "holders", "late", "open_now"]

NOWHERE = T("未定位或区外", "No position, or outside")
PAGE = 100
LISTED = 6
"""How many tasks and gaps stand on the board; the rest is behind a link."""
OWN = "<!-- own -->"
"""Where in the drawn board each reader's own part goes."""
_drawn: Kept[tuple[Stock, SafeString]] = Kept(32)
"""Drawn boards, some 80 KiB each."""
COUNTED = (REMINDERS, PENALISED, LEFT)
"""What is counted of each block."""


@dataclass(slots=True)
class Line(Heap):
    """A row of the board: an agency, a unit or a block.

    Attributes:
        counts: figures of the window by code. ways: where each number leads.
    """

    code: str = ""
    title: Text = NOWHERE
    counts: dict[str, int] = field(default_factory=dict)
    ways: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    share: int = 0


def way(**said: str) -> str:
    """The list of open matters behind a number."""
    return f"{reverse('console_home')}?{urlencode({'desk': DESK, **{k: v for k, v in said.items() if v}})}"


def open_now(seen: Sight) -> Line:
    """All that stands open."""
    whole = Line(title=seen.scope, ways={"open": way(), "overdue": way(overdue="1")})
    whole.add(seen.stock.whole)
    return whole


def holders(seen: Sight) -> list[Line]:
    """By agency, and within it by unit; those with most overdue first."""
    agencies: dict[str, Line] = {}
    for holder, heap in seen.stock.holders.items():
        kind = agency_of(holder)
        if kind not in agencies:
            ways = {"open": way(agency=kind), "overdue": way(agency=kind, overdue="1")}
            agencies[kind] = Line(code=kind, title=AGENCY_TITLES.get(kind) or unit_name(kind), ways=ways)
        agencies[kind].add(heap)
        ways = {"open": way(unit=holder), "overdue": way(unit=holder, overdue="1")}
        unit = Line(code=holder, title=unit_name(holder), ways=ways)
        unit.add(heap)
        agencies[kind].lines.append(unit)
    for agency in agencies.values():
        agency.lines.sort(key=_weight)
    return sorted(agencies.values(), key=_weight)


def blocks(seen: Sight, first: date, last: date) -> list[Line]:
    """By block: what stands open there now, and what was counted in the window; the fullest first."""
    named = block_titles()
    lines: dict[str, Line] = {}

    def line(block: str) -> Line:
        if block not in lines:
            made = lines[block] = Line(code=block, title=named.get(block, NOWHERE))
            if block:
                made.ways = {"open": way(block=block), "overdue": way(block=block, overdue="1")}
                made.ways |= {c: link(c, first, last, block=block) for c in COUNTED}
        return lines[block]

    for block, heap in seen.stock.blocks.items():
        line(block).add(heap)
    window = figures.Window.days(first, last, seen.units)
    wanted = [REMINDERS, LEFT, *(c for _, codes in GROUPS.values() for c in codes)]
    for block, counted in figures.by_block(db(), seen.codes, wanted, window).items():
        added = {name: sum(counted.get(c, 0) for c in codes) for name, (_, codes) in GROUPS.items()}
        line(block).counts = {REMINDERS: counted.get(REMINDERS, 0), LEFT: counted.get(LEFT, 0), **added}
    for each in lines.values():
        each.counts = {code: each.counts.get(code, 0) for code in COUNTED}
    most = max((x.counts[REMINDERS] + x.counts[PENALISED] for x in lines.values()), default=0)
    for each in lines.values():
        each.share = round(100 * (each.counts[REMINDERS] + each.counts[PENALISED]) / most) if most else 0
    return sorted(lines.values(), key=lambda x: (not x.code, -x.counts[REMINDERS], -x.open, x.code))


def late(seen: Sight) -> list[dict[str, object]]:
    """Where clocks have run out: procedure and state, the longest first."""
    by_code = {p.code: p for p in seen.procedures}
    found = []
    for (code, state), heap in seen.stock.states.items():
        procedure = by_code[code]
        if state not in {s.code for s in procedure.states}:
            continue
        found.append({
            "procedure": procedure.title, "state": procedure.state(state).title, "overdue": heap.overdue,
            "open": heap.open, "due": heap.due,
            "way": way(procedure=code, state=state), "late": way(procedure=code, state=state, overdue="1"),
        })  # fmt: skip
    return sorted(found, key=lambda row: (-int(str(row["overdue"])), -int(str(row["open"]))))


def _weight(line: Line) -> tuple[int, int, str]:
    return -line.overdue, -line.open, line.code


def block_titles() -> dict[str, Text]:
    """Every block's name."""
    rows: Iterable[tuple[str, str, str, str]] = Block.objects.values_list("layer", "code", "name_zh", "name_en")
    return {f"{layer}:{code}": T(zh, en or zh) for layer, code, zh, en in rows}


@require_safe
@staff_page
def board(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The board."""
    first, last = window_of(request.GET)
    seen = sight(viewer)
    above, _, below = body(seen, first, last).partition(OWN)
    context: dict[str, Any] = desk_frame(viewer, "board") | _own(viewer, seen) | {"above": above, "below": below}
    return render(request, "console/streets/board.html", context)


def _own(viewer: Viewer, seen: Sight) -> dict[str, Any]:
    """What each sees of its own: work given to units within reach, and gaps that no rule has closed."""
    gaps = any(code == GAP for code, _ in seen.stock.states)
    return {
        "tasks": [(t, unit_name(t.unit)) for t in tasks_for(viewer, desk=DESK, reach=True, most=LISTED)],
        "gaps": open_gaps(viewer, LISTED) if gaps else [],
    }


def body(seen: Sight, first: date, last: date) -> SafeString:
    """The board below its tabs: drawn once for all who see it alike, as of the moment at which was counted what stands open."""
    key = (seen.units, tuple(seen.codes), str(seen.scope), first, last, reader())
    kept = _drawn.get(key)
    if kept is None or kept[0] is not seen.stock:
        days = {"from": first.isoformat(), "until": last.isoformat()}
        drawn = render_to_string("console/streets/board_body.html", {
            "seen": seen, "now": open_now(seen), "holders": holders(seen), "late": late(seen)[:12],
            "blocks": blocks(seen, first, last), "n": numbers(seen, first, last), "first": first, "last": last,
            "days": figures.Window.days(first, last).length, "query": urlencode(days), "desk": DESK,
            "reminders": REMINDERS, "penalties": PENALISED, "sufficed": LEFT,
        })  # fmt: skip
        kept = _drawn.keep(key, (seen.stock, drawn))
    return kept[1]


@require_safe
@staff_page
def entries(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """The entries behind a number of the board, oldest first."""
    seen = sight(viewer)
    asked = behind(code, titles(seen))
    if asked is None:
        raise NotVisibleError
    title, codes = asked
    first, last = window_of(request.GET)
    block = request.GET.get("block", "")[:90]
    window = figures.Window.days(first, last, seen.units)
    rows = figures.entries(db(), seen.codes, codes, window, block=block or None, after=_after(request), most=PAGE)
    by_code = {p.code: p for p in seen.procedures}
    ids = [r[1] for r in rows]
    known = {
        r[0]: r[1:]
        for r in db().execute(
            "select id, ref, coalesce(number, ref), title, holder, opened_at from matter where id = any(%s)", [ids]
        ).fetchall()
    }  # fmt: skip
    mine = visible_rows(db(), scope_of(db(), viewer, LIBRARY), ids)
    shown = [
        {
            "at": at, "ref": known[m][0], "number": known[m][1], "title": known[m][2] if m in mine else "", "seq": seq,
            "unit": unit_name(known[m][3]), "procedure": by_code[of].title, "minutes": (at - known[m][4]).total_seconds() // 60,
            "amount": figure_change(code, amount), "mine": m in mine,
        }
        for at, m, seq, amount, of in rows
    ]  # fmt: skip
    days = {"from": first.isoformat(), "until": last.isoformat(), **({"block": block} if block else {})}
    onward = urlencode({**days, "at": rows[-1][0].isoformat(), "id": rows[-1][1]}) if len(rows) == PAGE else ""
    total = (
        sum(figures.by_block(db(), seen.codes, codes, window, block=block).get(block, {}).values())
        if block
        else sum(sum(days.values()) for days in figures.several_by_day(db(), seen.codes, codes, window).values())
    )
    context = desk_frame(viewer, "board") | {
        "title": title, "total": figure_value(code, total), "rows": shown, "next": onward, "first": first,
        "last": last, "scope": block_titles().get(block, NOWHERE) if block else seen.scope,
        "back": f"{reverse('streets_board')}?{urlencode({k: days[k] for k in ('from', 'until')})}",
        "export": urlencode({**days, "figure": code}),
    }  # fmt: skip
    return render(request, "console/streets/entries.html", context)


def _after(request: HttpRequest) -> tuple[datetime, int] | None:
    try:
        at = datetime.fromisoformat(request.GET.get("at", ""))
        return (at if at.tzinfo else at.replace(tzinfo=CITY)), int(request.GET.get("id", ""))
    except ValueError:
        return None
