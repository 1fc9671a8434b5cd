"""Deadlines in words: how long, by which law, while when, and what happens at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.kernel.grammar import Daily, Deadline, Extend, FromField, Term
from guangyue.kernel.printing.markdown import NONE, code, joined, lines, named, quoted, say, table
from guangyue.kernel.printing.words import acts, people, states, title_of
from guangyue.law import LawBook, TermRule, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guangyue.kernel.procedure import Procedure

HEAD = (
    Text("期限", "Clock"),
    Text("长度", "Length"),
    Text("依据", "Law"),
    Text("计时期间", "Runs"),
    Text("届满后果", "When it runs out"),
    Text("停机之后", "After an outage"),
)
WEEK = tuple(
    Text(zh, en)
    for zh, en in zip(
        ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)
UNVERIFIED = Text("**未经核实**", "**unverified**")
PROMISE = Text("本市自定，可调整", "the city's own promise, adjustable")
HERE = Text("本规程自定", "set by this procedure")


def short(p: Procedure, term: Term | FromField | Daily, law: LawBook) -> Text:
    """The length alone: 10分钟, 5 working days, until “Due”."""
    match term:
        case Term():
            return joined((r.span.text for r in law.versions(term.code)[-1:]), "", "")
        case FromField():
            return say("至“{t}”", "until “{t}”", t=title_of(p, term.name))
        case Daily():
            days = joined((WEEK[d - 1] for d in term.on), "、", ", ") if term.on else Text("每天", "every day")
            if term.working:
                days = say("{d}（工作日）", "{d} (working days only)", d=days)
            return say("{d} {at}", "{d} at {at}", d=days, at=term.at)


def length(p: Procedure, term: Term | FromField | Daily, law: LawBook) -> Text:
    """The length with its extension and its holiday rule, each version on its own line."""
    if isinstance(term, Term):
        return lines(_long(rule) for rule in law.versions(term.code))
    return short(p, term, law)


def _long(rule: TermRule) -> Text:
    parts = [rule.span.text]
    if rule.clock_time is not None:
        parts.append(say("至当日 {t}", "until {t} of that day", t=rule.clock_time))
    if rule.stays and rule.span.clock is None:
        parts.append(Text("遇节假日不顺延", "never moves off a holiday"))
    if rule.extension is not None:
        times, most = rule.max_extensions, rule.extension.text
        parts.append(say("可延长{n}次，每次至多{s}", "may be extended {n}×, by {s} each at most", n=times, s=most))
    if rule.cap is not None:
        parts.append(say("总长至多{s}", "{s} in all at most", s=rule.cap.text))
    return joined(parts, "，", ", ")


def source(term: Term | FromField | Daily, law: LawBook) -> Text:
    """The article of every version, and whether somebody who answers for it has read it."""
    if not isinstance(term, Term):
        return HERE
    versions = law.versions(term.code)
    return lines(_source(rule, dated=len(versions) > 1) for rule in versions)


def _source(rule: TermRule, *, dated: bool) -> Text:
    parts = [named(rule.source.text, rule.code)]
    if rule.day_source is not None:
        parts.append(say("工作日依{t}", "working days by {t}", t=rule.day_source.text))
    if dated:
        to = rule.effective_to or ""
        parts.append(say("{a} 至 {b}", "{a} to {b}", a=rule.effective_from, b=to) if to else _since(rule))
    if rule.is_setting:
        parts.append(PROMISE)
    if not rule.verified:
        parts.append(UNVERIFIED)
    return joined(parts, "，", ", ")


def _since(rule: TermRule) -> Text:
    return say("{a} 起", "from {a}", a=rule.effective_from)


def runs(p: Procedure, d: Deadline) -> Text:
    """While which states it runs, what starts it and what fulfils it."""
    if d.during == ("*",):
        return Text("每次交办起，至完成或退回", "from each hand-over until done or returned")
    parts = [states(p, d.during)]
    if d.starts_on:
        parts.append(say("自{a}起算", "starts on {a}", a=acts(p, d.starts_on)))
    if d.stops_on:
        parts.append(say("{a}即完成", "fulfilled by {a}", a=acts(p, d.stops_on)))
    extends = [a.title for a in p.actions if isinstance(a.verb, Extend) and a.verb.deadline == d.key]
    if extends:
        parts.append(say("可由{a}延长", "extended by {a}", a=quoted(extends)))
    return lines(parts)


def consequence(p: Procedure, d: Deadline) -> Text:
    """What happens when it runs out."""
    parts: list[Text] = []
    if d.lapses_to:
        parts.append(say("转为“{s}”", "becomes “{s}”", s=p.state(d.lapses_to).title))
    if d.does:
        parts.append(say("自动办理“{a}”", "performs “{a}”", a=p.action(d.does).title))
    if d.tells:
        parts.append(say("提醒{w}", "tells {w}", w=people(d.tells)))
    parts += [say("向{w}发送通知 {c}", "sends notice {c} to {w}", w=n.to.title, c=code(n.code)) for n in d.notices]
    if d.mode == "reference":
        parts.append(Text("仅显示", "only shown"))
    if d.repeats:
        parts.append(Text("重新计时", "starts again"))
    return joined(parts)


def outage(d: Deadline) -> Text:
    """What happens to it when the system was down at its end."""
    if d.mode == "reference":
        return NONE
    match d.late:
        case "fire":
            return Text("按届满时刻补办", "fires as of its legal time")
        case "as_late":
            return Text("补办，从补办时起算后果", "fires late, and counts from then")
        case "drop":
            after = d.drop_after.text if d.drop_after else NONE
            return say("迟于{s}的跳过", "skipped when later than {s}", s=after)


def clocks(p: Procedure) -> Iterator[Deadline]:
    """Every clock: deadlines, rounds of schedules, hops of tasks."""
    yield from p.tables.deadlines.values()
    yield from p.tables.hops.values()


def deadlines(p: Procedure, law: LawBook, lang: str) -> list[str]:
    """The table of clocks."""
    rows = (
        (named(d.title, d.key), length(p, d.term, law), source(d.term, law), runs(p, d), consequence(p, d), outage(d))
        for d in clocks(p)
    )
    return table(HEAD, rows, lang)
