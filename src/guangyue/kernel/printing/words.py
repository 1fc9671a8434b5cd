"""Conditions, requirements, evidence and answers in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from guangyue.kernel.grammar import (
    AllOf,
    AnyOf,
    Checked,
    ChildrenClosed,
    Competent,
    Condition,
    Done,
    DoneByActor,
    Expired,
    FieldAtLeast,
    FieldIs,
    FieldNotAbove,
    FieldSet,
    Happened,
    Holds,
    Issued,
    Not,
    PhotoSet,
    Present,
    Recording,
    Related,
    Requirement,
    Running,
    TaskDone,
    TermOver,
    Who,
    WithinBand,
)
from guangyue.kernel.grammar.conditions import Value
from guangyue.kernel.grammar.values import Field, Kind
from guangyue.kernel.printing.markdown import NONE, code, joined, quoted, say
from guangyue.kernel.wording import listed
from guangyue.law import Text
from guangyue.law.competence.actions import ACTIONS, FACTS, Action, Fact
from guangyue.law.competence.bands import STEPS, Step

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure

YES, NO = Text("是", "yes"), Text("否", "no")


def field_of(p: Procedure, name: str) -> Field | None:
    """The field or answer of that name."""
    if name in p.tables.fields:
        return p.tables.fields[name]
    return next((form[name].field for form in p.tables.forms.values() if name in form), None)


def title_of(p: Procedure, name: str) -> Text:
    """What a clerk reads above a value."""
    found = field_of(p, name)
    return found.title if found else Text(name, name)


def acts(p: Procedure, codes: Iterable[str]) -> Text:
    """Acts by their titles."""
    return quoted(p.action(c).title for c in codes)


def states(p: Procedure, codes: Iterable[str]) -> Text:
    """States by their titles."""
    return quoted(p.state(c).title for c in codes)


def people(who: Iterable[Who]) -> Text:
    """Who, listed; a dash for nobody."""
    found = tuple(who)
    return listed(w.title for w in found) if found else NONE


def _value(p: Procedure, name: str, value: Value) -> Text:
    if isinstance(value, bool):
        return YES if value else NO
    found = field_of(p, name)
    return dict(found.choices if found else ()).get(str(value), Text(str(value), str(value)))


def condition(p: Procedure, c: Condition) -> Text:
    """A condition as a clause.

    Raises:
        TypeError: a kind of condition that has no words here.
    """
    match c:
        case FieldIs():
            values = joined((_value(p, c.name, v) for v in c.values), "或", " or ")
            return say("“{title}”为{values}", "“{title}” is {values}", title=title_of(p, c.name), values=values)
        case FieldAtLeast():
            return say("“{t}”不少于 {n}", "“{t}” is at least {n}", t=title_of(p, c.name), n=c.mark)
        case FieldNotAbove():
            return say("“{t}”不超过“{o}”", "“{t}” does not exceed “{o}”", t=title_of(p, c.name), o=title_of(p, c.other))
        case FieldSet():
            return say("已填写“{t}”", "“{t}” is filled in", t=title_of(p, c.name))
        case Happened():
            acted = p.action(c.act).title
            return say("“{t}”至少办理 {n} 次", "“{t}” was done at least {n}×", t=acted, n=c.times)
        case TermOver():
            return say("期限“{t}”已届满", "the term “{t}” has run out", t=p.deadline(c.deadline).title)
        case DoneByActor():
            return say("办理人曾办理{t}", "the actor had a hand in {t}", t=acts(p, c.acts))
        case AnyOf():
            return joined((condition(p, x) for x in c.conditions), "，或者", ", or ")
        case AllOf():
            return joined((condition(p, x) for x in c.conditions), "，并且", ", and ")
        case Not():
            return say("并非“{t}”", "not: {t}", t=condition(p, c.condition))
    raise TypeError(f"no words for {type(c).__name__}")


def requirement(p: Procedure, r: Requirement) -> Text:
    """A requirement as a sentence, with the condition under which it is asked.

    Raises:
        TypeError: a kind of requirement that has no words here.
    """
    when: Condition | None = getattr(r, "when", None)
    said = _asked(p, r)
    if when is None:
        return said
    return say("{said}（仅当{when}）", "{said} (only when {when})", said=said, when=condition(p, when))


def _asked(p: Procedure, r: Requirement) -> Text:
    match r:
        case Checked():
            return say("核对并勾选：{t}", "check and tick: {t}", t=r.title)
        case Issued():
            paper = p.paper(r.paper)
            if paper.signed_by is None:
                return say("已出具《{t}》", "“{t}” has been issued", t=paper.title)
            signer = paper.signed_by.title
            return say("《{t}》已由{w}签署", "“{t}” has been signed by {w}", t=paper.title, w=signer)
        case Present():
            return say("{t}在场", "present: {t}", t=r.title)
        case Expired():
            return say("期限“{t}”已届满", "the term “{t}” has run out", t=p.deadline(r.deadline).title)
        case Running():
            return say("期限“{t}”尚未届满", "the term “{t}” has not run out", t=p.deadline(r.deadline).title)
        case Done():
            n, title = r.times, p.action(r.act).title
            return say("“{t}”已至少办理 {n} 次", "“{t}” was done at least {n}×", t=title, n=n)
        case Holds():
            met = condition(p, r.condition)
            return say("{met}；否则提示：{otherwise}", "{met}; else: {otherwise}", met=met, otherwise=r.otherwise)
        case TaskDone():
            return say("任务“{t}”已完成", "the task “{t}” is done", t=p.task(r.task).title)
        case ChildrenClosed():
            return say("“{t}”全部办结", "all “{t}” are closed", t=p.child(r.slot).title)
        case Related():
            title = p.relation(r.kind).title
            return say("“{t}”至少 {n} 件", "at least {n}× “{t}”", t=title, n=r.at_least)
    return _lawful(p, r)


def _lawful(p: Procedure, r: Requirement) -> Text:
    match r:
        case Competent():
            return _competent(p, r)
        case WithinBand():
            return _band(p, r)
    raise TypeError(f"no words for {type(r).__name__}")


def _competent(p: Procedure, r: Competent) -> Text:
    said = say("依法有权“{t}”", "power by law to {t}", t=ACTIONS[Action(r.power)])
    told = tuple(
        say("“{f}”指{c}", "“{f}” means that {c}", f=FACTS[Fact(fact)], c=condition(p, c)) for fact, c in r.given.items()
    )
    asked = [n for n in (r.offence, r.place, r.fine, r.organisation) if n]
    if asked:
        told += (say("按{t}判断", "judged by {t}", t=quoted(title_of(p, n) for n in asked)),)
    return say("{said}（{told}）", "{said} ({told})", said=said, told=joined(told)) if told else said


def _band(p: Procedure, r: WithinBand) -> Text:
    said = say(
        "“{a}”在“{o}”的法定处罚幅度内",
        "“{a}” keeps to the band of “{o}”",
        a=title_of(p, r.amount),
        o=title_of(p, r.offence),
    )
    if not r.steps:
        return said
    steps = joined(
        say("{step}＝“{act}”", "{step} = “{act}”", step=STEPS[Step(s)], act=p.action(a).title)
        for a, s in r.steps.items()
    )
    return say("{said}，法定前置步骤：{steps}", "{said}; steps of the law's ladder: {steps}", said=said, steps=steps)


def evidence(p: Procedure, e: PhotoSet | Recording) -> Text:
    """What photographs or recording an act must bring."""
    return _photos(p, e) if isinstance(e, PhotoSet) else _recording(p, e)


def _photos(p: Procedure, e: PhotoSet) -> Text:
    asks = [say("至少 {n} 张", "at least {n}", n=e.at_least) if e.at_least else Text("选交", "optional")]
    if e.panoramas:
        asks.append(say("其中全景 {n} 张", "{n} of them panoramas with a landmark", n=e.panoramas))
    if e.legible_plate:
        asks.append(Text("号牌清晰可辨", "a legible plate"))
    if e.located:
        asks.append(Text("每张有位置", "each with its position"))
    if not e.timed:
        asks.append(Text("不要求拍摄时间", "no capture time asked"))
    if e.apart is not None:
        sets = {s.code: s.title for a in p.actions for s in a.evidence}
        with_ = [sets.get(c, Text(c, c)) for c in e.together_with]
        apart = say("首末张相隔至少{s}", "first and last at least {s} apart", s=e.apart.text)
        more = say("（连同{w}）", " (together with {w})", w=quoted(with_)) if with_ else Text("", "")
        asks.append(Text(apart.zh + more.zh, apart.en + more.en))
    return say("{t}：{asks}", "{t}: {asks}", t=e.title, asks=joined(asks, "，", ", "))


def _recording(p: Procedure, e: Recording) -> Text:
    asks = [Text("必须提交", "required") if e.required else Text("可分段提交", "may come in bit by bit")]
    if e.since:
        asks.append(say("从“{s}”起全程", "covers everything since “{s}”", s=p.state(e.since).title))
    if e.without_gap is not None:
        asks.append(say("中断不超过{s}", "no gap longer than {s}", s=e.without_gap.text))
    return say("{t}：{asks}", "{t}: {asks}", t=e.title, asks=joined(asks, "，", ", "))


KINDS: dict[Kind, Text] = {
    Kind.TEXT: Text("文字", "text"),
    Kind.LINES: Text("长文字", "longer text"),
    Kind.INTEGER: Text("整数", "whole number"),
    Kind.MONEY: Text("金额（分）", "money, in fen"),
    Kind.FLAG: Text("是或否", "yes or no"),
    Kind.CHOICE: Text("单选", "one choice"),
    Kind.CHOICES: Text("多选", "several choices"),
    Kind.DATE: Text("日期", "date"),
    Kind.MOMENT: Text("日期时间", "date and time"),
    Kind.PLACE: Text("经纬度", "position"),
    Kind.PLATE: Text("号牌", "plate"),
    Kind.PHONE: Text("电话", "phone"),
    Kind.PARTY: Text("当事人", "party"),
    Kind.PERSON: Text("自然人", "person"),
    Kind.UNIT: Text("单位", "unit"),
    Kind.MATTER: Text("事项", "matter"),
    Kind.FILE: Text("文件", "file"),
    Kind.CODE: Text("代码", "code"),
}


def choices(field: Field) -> Text:
    """What a field offers, each with its code."""
    return joined((say("{t} {c}", "{t} {c}", t=t, c=code(c)) for c, t in field.choices), "、", ", ")
