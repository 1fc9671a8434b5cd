"""``guangyue law``: look at the rules, check them, compute a deadline."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date, datetime, timedelta

import click

from guangyue.law import BOOK, CALENDAR, CITY, Due, LawError, Span, TermRule, Text, due, remaining, resuming
from guangyue.law.audit import Concern, audit
from guangyue.law.override import override

__all__ = ["group"]

_LANGUAGE = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", envvar="GUANGYUE_LANG", show_default=True
)
_UNVERIFIED = Text(
    "“未经核实”：来自地方规定、第三方资料或者一般知识，使用前由市法制部门确认。",
    "“Unverified”: a local rule, or known from a third party only; the city's legal office confirms it before use.",
)
_LAPSED = Text("已逾期", "lapsed")
_LEFT = Text("剩余{left}", "{left} left")
_PROVISIONAL = Text("（暂定：放假安排尚未公布）", " (provisional: the holiday table is not out yet)")
_BARE = Text("只有规则可以延长，请给出规则编号。", "Only a rule can be extended; give its code.")
_COUNTS = Text(
    "期限{terms}条；全部规则中未经核实{unverified}，即将失效{ending}，已失效{ended}；"
    "今日起算为暂定的期限{provisional}条；工作日历至{until}（{version}）。",
    "{terms} terms; of all rules {unverified} unverified, {ending} ending, {ended} ended; {provisional} terms begun "
    "today would be provisional; working-day calendar until {until} ({version}).",
)


class _Moment(click.ParamType[datetime]):
    """A moment; without a zone it is the city's time."""

    name = "time"

    @override
    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}”不是时间，请写作 2026-09-29T10:00 (not a time, write 2026-09-29T10:00)", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=CITY)


@click.group()
def group() -> None:
    """The rules of law: show, check, compute a deadline."""


def _today() -> date:
    return datetime.now(CITY).date()


def _failed(error: LawError, lang: str) -> click.ClickException:
    return click.ClickException(f"{error.text.of(lang)} [{error.code}]")


@group.command("list")
@click.option("--on", type=_Moment(), default=None, help="The law of this day; today by default.")
@_LANGUAGE
def list_(on: datetime | None, lang: str) -> None:
    """Every term in force: code, length, title, source. “?” marks what is unverified."""
    for rule in BOOK.in_force(on or _today()):
        parts = (rule.span.text, rule.title, rule.source.text)
        mark = " " if rule.verified else "?"
        click.echo(f"{mark} {rule.code:<16}" + "  ".join(part.of(lang) for part in parts))


@group.command()
@click.argument("code")
@_LANGUAGE
def show(code: str, lang: str) -> None:
    """Every version of a term, or of each part of a compound one."""
    try:
        rules = [rule for part in (BOOK.parts(code) or (code,)) for rule in BOOK.versions(part)]
    except LawError as error:
        raise _failed(error, lang) from None
    click.echo("\n\n".join(_described(rule, lang) for rule in rules))
    if not all(rule.verified for rule in rules):
        click.echo("\n" + _UNVERIFIED.of(lang))


def _described(rule: TermRule, lang: str) -> str:
    stays = Text("（遇节假日不顺延）", " (never moves off a holiday)") if rule.stays else Text("", "")
    lines = [
        (Text("起算", "from"), rule.trigger),
        (Text("期限", "length"), Text("{span}{stays}", "{span}{stays}").format(span=rule.span.text, stays=stays)),
    ]
    if rule.extension is not None:
        text = Text("每次{most}，最多{times}次", "{most} each, {times} time(s) at most")
        lines.append((Text("延长", "extension"), text.format(most=rule.extension.text, times=rule.max_extensions)))
    if rule.cap is not None:
        lines.append((Text("总长不超过", "in all at most"), rule.cap.text))
    lines.append((Text("依据", "source"), rule.source.text))
    if rule.day_source is not None:
        lines.append((Text("工作日依据", "working days by"), rule.day_source.text))
    lines.append((Text("施行", "since"), Text(str(rule.effective_from), str(rule.effective_from))))
    if rule.effective_to is not None:
        lines.append((Text("截至", "until"), Text(str(rule.effective_to), str(rule.effective_to))))
    lines.append(
        (Text("状态", "status"), Text("已核实", "verified") if rule.verified else Text("未经核实", "unverified"))
    )
    shown = [f"  {label.of(lang)}: {value.of(lang)}" for label, value in lines]
    return "\n".join([f"{rule.code}  {rule.title.of(lang)}", *shown])


@group.command("due")
@click.argument("code")
@click.argument("start", type=_Moment())
@click.option("--extend", "extensions", multiple=True, help="An extension granted, like “30 d”; may be repeated.")
@click.option("--now", type=_Moment(), default=None, help="Also say what is left at this moment.")
@_LANGUAGE
def due_(code: str, start: datetime, extensions: tuple[str, ...], now: datetime | None, lang: str) -> None:
    """When a term ends that began at START (2026-09-29T10:00, city time). CODE may be a bare length like “5 wd”."""
    try:
        click.echo(_computed(code, start, extensions, now, lang))
    except LawError as error:
        raise _failed(error, lang) from None


def _computed(code: str, start: datetime, extensions: tuple[str, ...], now: datetime | None, lang: str) -> str:
    lines = []
    if code[:1].isdigit():
        if extensions:
            raise click.ClickException(_BARE.of(lang))
        term: TermRule | Span = Span.parse(code)
    else:
        rule = BOOK.term(code, on=start)
        term = resuming(rule, rule.extended(*map(Span.parse, extensions)))
        parts = (rule.title, term.span.text, rule.source.text)
        lines.append("  ".join([rule.code, *(part.of(lang) for part in parts)]))
    end = due(term, start, CALENDAR)
    lines.append(_ending(end, lang))
    if now is not None:
        left = _LEFT.format(left=remaining(term, start, now, CALENDAR).text) if end.met_by(now) else _LAPSED
        lines.append(left.of(lang))
    return "\n".join(lines)


def _ending(end: Due, lang: str) -> str:
    city = end.at.astimezone(CITY)
    shown = f"{city:%Y-%m-%d %H:%M:%S}" if end.inclusive else f"{city - timedelta(days=1):%Y-%m-%d} 24:00"
    return shown + _PROVISIONAL.of(lang) if end.provisional else shown


@group.command()
@click.option("--on", type=_Moment(), default=None, help="Check as of this day; today by default.")
@click.option("--all", "everything", is_flag=True, help="List every unverified and provisional rule.")
@_LANGUAGE
def check(on: datetime | None, everything: bool, lang: str) -> None:
    """What is unverified, ending or missing, and when the calendar runs out; fails when something must be mended."""
    today = on.astimezone(CITY).date() if on else _today()
    findings = audit(BOOK, CALENDAR, today)
    for finding in findings:
        if everything or finding.concern.is_alarm:
            click.echo(f"{finding.concern:<12}{finding.code}  {finding.text.of(lang)}")
    counted = Counter(finding.concern for finding in findings)
    shown = _COUNTS.format(
        terms=len(BOOK.in_force(today)),
        until=CALENDAR.official_until,
        version=CALENDAR.version,
        **{concern.value: counted[concern] for concern in Concern if concern is not Concern.CALENDAR},
    )
    click.echo(shown.of(lang))
    if counted[Concern.UNVERIFIED]:
        click.echo(_UNVERIFIED.of(lang))
    if any(finding.concern.is_alarm for finding in findings):
        sys.exit(1)
