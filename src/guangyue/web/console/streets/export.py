"""The board and its lists as files (导出): what the page shows and no more; each export stands in the access log.

Lists hold what lists show: number, state, place, who has it, times. Personal values are masked there for everybody, so
no file carries a name, a telephone or an identity number, whoever asks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from guangyue.city.errors import NotVisibleError
from guangyue.kernel.grammar import T
from guangyue.records import figures
from guangyue.records.access_log import Reading, write
from guangyue.records.database import alone, city_now, db
from guangyue.records.library import LIBRARY
from guangyue.records.matters import MOST, BadCursorError, account_name, matters_for
from guangyue.records.matters.scope import scope_of
from guangyue.records.matters.standing import visible_rows
from guangyue.web.console.asking import Filters
from guangyue.web.console.door import staff_page
from guangyue.web.console.figures import window_of
from guangyue.web.console.names import unit_name
from guangyue.web.console.streets.board import Line, block_titles, blocks, holders, late
from guangyue.web.console.streets.measures import LEFT, PENALISED, REMINDERS, behind, numbers, titles
from guangyue.web.console.streets.reach import Sight, sight
from guangyue.web.console.streets.sheets import Cell, Sheet, as_csv, as_xlsx
from guangyue.web.present.money import SUMS, figure_head, figure_number
from guangyue.web.templatetags.guangyue import say

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest

    from guangyue.city.viewer import Viewer
    from guangyue.law import Text

__all__ = ["LARGEST", "board_file", "entries_file", "list_file"]

LARGEST = 10_000
"""Rows of one file; a file that was cut says so in its last row."""
KINDS = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
CUT = T("仅导出前 {most} 行，请缩小范围后再导出", "Only the first {most} rows; narrow the range for the rest")


def words(zh: str, en: str) -> str:
    """Two languages as one word."""
    return str(say(T(zh, en)))


def said(text: Text) -> str:
    """A wording in the reader's language."""
    return str(say(text))


@require_safe
@staff_page
def board_file(request: HttpRequest, viewer: Viewer, kind: str) -> HttpResponse:
    """The board of a window of days: what stands open, the figures with their base, blocks, days."""
    seen = sight(viewer)
    first, last = window_of(request.GET)
    n = numbers(seen, first, last)
    window = f"{first.isoformat()} – {last.isoformat()} · {said(seen.scope)}"
    share = words("占比%", "share %")
    sheets = [
        Sheet(
            words("指标", "Figures"),
            [words("指标", "Figure"), words("本期", "Now"), words("去年同期", "A year before"), words("同比%", "Change %"), window],
            [[said(m.title), m.value, m.base, m.change, None] for m in n.measures]
            + [[said(s.title), s.percent, s.base, None, f"{s.part} / {s.whole}"] for s in n.shares]
            + [[words("从拍照到决定（中位，分钟）", "photo to decision (median, minutes)"), n.took.median, n.took_base.median, None,
                f"n = {n.took.count}"]],
        ),
        Sheet(
            words("在办", "Open"), [words("单位", "Unit"), words("在办", "Open"), words("逾期", "Overdue"), words("最早受理", "Oldest")],
            [row for agency in holders(seen) for row in (_line(agency), *map(_line, agency.lines))],
        ),
        Sheet(
            words("区块", "Blocks"),
            [words("区块", "Block"), words("在办", "Open"), words("逾期", "Overdue"), words("提醒", "Reminders"),
             words("处罚", "Penalties"), words("提醒后驶离", "Left in time"), share],
            [_block(line) for line in blocks(seen, first, last)],
        ),
        Sheet(
            words("逾期", "Late"), [words("事项", "Matter"), words("状态", "State"), words("在办", "Open"), words("逾期", "Overdue")],
            [[said(r["procedure"]), said(r["state"]), int(str(r["open"])), int(str(r["overdue"]))] for r in late(seen)],  # type: ignore[arg-type]  # wordings
        ),
        Sheet(words("按日", "By day"), [words("日期", "Day"), *(said(figure_head(c, t)) for c, t in titles(seen).items())], _days(seen, first, last)),
    ]  # fmt: skip
    return _answer(viewer, kind, f"board-{first:%Y%m%d}-{last:%Y%m%d}", sheets, f"street board {window}")


@require_safe
@staff_page
def entries_file(request: HttpRequest, viewer: Viewer, code: str, kind: str) -> HttpResponse:
    """The entries behind a number."""
    seen = sight(viewer)
    asked = behind(code, titles(seen))
    if asked is None:
        raise NotVisibleError
    called, codes = asked
    first, last = window_of(request.GET)
    block = request.GET.get("block", "")[:90]
    window = figures.Window.days(first, last, seen.units)
    rows = figures.entries(db(), seen.codes, codes, window, block=block or None, most=LARGEST + 1)
    ids = [r[1] for r in rows[:LARGEST]]
    known = {
        r[0]: r[1:]
        for r in db().execute(
            "select id, coalesce(number, ref), title, place, holder, opened_at from matter where id = any(%s)", [ids]
        ).fetchall()
    }  # fmt: skip
    mine = visible_rows(db(), scope_of(db(), viewer, LIBRARY), ids)
    by_code = {p.code: p.title for p in seen.procedures}
    made: list[list[Cell]] = []
    for at, matter, _, amount, of in rows[:LARGEST]:
        number, title, place, holder, opened = known[matter]
        shown = (title, place) if matter in mine else ("", "")
        made.append(
            [at, number, said(by_code[of]), *shown, said(unit_name(holder)), opened, figure_number(code, amount)]
        )
    head = [
        words("时间", "When"), words("编号", "Number"), words("规程", "Procedure"), words("事项", "Matter"), words("地点", "Where"),
        words("承办", "With"), words("受理", "Opened"),
        words("金额（元）", "Yuan") if code.startswith(SUMS) else words("计数", "Count"),
    ]  # fmt: skip
    title = f"{said(called)}{' · ' + said(block_titles()[block]) if block in block_titles() else ''}"
    about = f"entries of {code} {first.isoformat()}–{last.isoformat()} {block}".strip()
    sheet = Sheet(title, head, _cut(made, cut=len(rows) > LARGEST))
    return _answer(viewer, kind, f"{code}-{first:%Y%m%d}-{last:%Y%m%d}", [sheet], about)


@require_safe
@staff_page
def list_file(request: HttpRequest, viewer: Viewer, kind: str) -> HttpResponse:
    """A list of matters as its filters leave it."""
    f = Filters.read(request.GET)
    asked, made, cut = replace(f.asked(), most=MOST, after=""), list[list[Cell]](), False
    while True:
        try:
            found = matters_for(viewer, asked)
        except BadCursorError:
            break
        for line in found.lines:
            made.append([
                line.number, said(line.procedure_title), line.title, line.place, said(line.state_title),
                said(unit_name(line.holder)), line.opened_at, line.due_at, line.closed_at,
            ])  # fmt: skip
        if len(made) >= LARGEST:
            cut = bool(found.next) or len(made) > LARGEST
            break
        if not found.next:
            break
        asked = replace(asked, after=found.next)
    head = [
        words("编号", "Number"), words("规程", "Procedure"), words("事项", "Matter"), words("地点", "Where"), words("状态", "State"),
        words("承办", "With"), words("受理", "Opened"), words("下一时限", "Next clock"), words("办结", "Closed"),
    ]  # fmt: skip
    sheet = Sheet(words("事项", "Matters"), head, _cut(made[:LARGEST], cut=cut))
    return _answer(viewer, kind, f"matters-{city_now(db()):%Y%m%d}", [sheet], f"list of matters: {f.query or 'open'}")


def _line(line: Line) -> list[Cell]:
    indent = "" if line.lines else "　"
    return [indent + said(line.title), line.open, line.overdue, line.oldest]


def _block(line: Line) -> list[Cell]:
    counts = [line.counts.get(code, 0) for code in (REMINDERS, PENALISED, LEFT)]
    return [said(line.title), line.open, line.overdue, *counts, figures.share(counts[2], counts[0])]


def _days(seen: Sight, first: date, last: date) -> list[list[Cell]]:
    named = list(titles(seen))
    found = figures.several_by_day(db(), seen.codes, named, figures.Window.days(first, last, seen.units))
    every = sorted({day for counted in found.values() for day in counted})
    return [[day, *(figure_number(code, found[code].get(day, 0)) for code in named)] for day in every]


def _cut(rows: list[list[Cell]], *, cut: bool) -> list[list[Cell]]:
    if cut:
        rows.append([said(CUT.format(most=LARGEST)), *[None] * (len(rows[0]) - 1)])
    return rows


def _answer(viewer: Viewer, kind: str, name: str, sheets: list[Sheet], what: str) -> HttpResponse:
    if kind not in KINDS:
        raise NotVisibleError
    media, made = KINDS[kind]
    content = made(sheets)
    rows = sum(len(s.rows) for s in sheets)
    reading = Reading(
        viewer=account_name(viewer.account_id or 0), purpose="export", what=f"{what}; {rows} rows as {kind}"[:400]
    )
    with alone() as raw:
        write(raw, reading)
    answer = HttpResponse(content, content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
