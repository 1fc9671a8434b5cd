"""Acts: who may do each, and all that each asks, issues, opens and sends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from guangyue.kernel.grammar import (
    Action,
    Annul,
    Ask,
    Extend,
    Field,
    Merge,
    Reopen,
    Resume,
    Split,
    Suspend,
    Transfer,
    Verb,
    Withdraw,
)
from guangyue.kernel.grammar.who import AGENCY_TITLES
from guangyue.kernel.printing.markdown import NONE, bullets, code, heading, joined, named, plain, quoted, say, table
from guangyue.kernel.printing.words import KINDS, acts, condition, evidence, people, requirement, states, title_of
from guangyue.kernel.tables import NOWHERE, relation_of, slots
from guangyue.law import Text

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure

MAY = Text("✓", "✓")
ACT = Text("办理", "Act")


def matrix(p: Procedure, lang: str) -> list[str]:
    """Act × role: a tick where the role may do the act."""
    everyone = tuple(dict.fromkeys(w for a in p.actions for w in a.by))
    rows = ((named(a.title, a.code), *(MAY if w in a.by else Text("", "") for w in everyone)) for a in p.actions)
    return table((ACT, *(w.title for w in everyone)), rows, lang)


def described(p: Procedure, lang: str) -> list[str]:
    """Every act under a heading of its own."""
    return [line for a in p.actions for line in (*heading(3, named(a.title, a.code), lang), *_bullets(p, a, lang))]


def _bullets(p: Procedure, a: Action, lang: str) -> list[str]:
    return bullets((say("{k}：{v}", "{k}: {v}", k=key, v=value) for key, value in details(p, a)), lang)


def details(p: Procedure, a: Action) -> Iterator[tuple[Text, Text]]:
    """What an act is made of, each with its label; what it has not is left out."""
    yield Text("由谁", "By"), people(a.by)
    yield Text("走向", "Leads"), leads(p, a)
    if a.law is not None:
        yield Text("依据", "Law"), a.law
    form = p.tables.forms[a.code].values()
    if form:
        yield Text("填写", "Asks"), joined(_question(q.ask, q.field, KINDS[q.field.kind]) for q in form)
    for e in a.evidence:
        yield Text("取证", "Evidence"), evidence(p, e)
    for r in a.requires:
        yield Text("前提", "Requires"), requirement(p, r)
    yield from _people(p, a)
    yield from _papers(p, a)
    yield from _work(p, a)
    if a.consults is not None:
        counted = quoted(p.state(s).title for s in a.consults.outcomes)
        said = say(
            "回溯 {t} 内的{o}，只作提示", "{o} within {t}; it only suggests", t=code(a.consults.look_back), o=counted
        )
        yield Text("提示以往记录", "Shows earlier records"), said
    if a.verb is not None:
        yield Text("通用动作", "Generic verb"), verb(p, a.verb)
    if a.irreversible:
        yield (
            Text("不可撤回", "Cannot be undone"),
            Text("等现场设备同步，或至多三十分钟", "waits until field devices have synced, or thirty minutes"),
        )
    if a.while_suspended:
        yield Text("中止期间", "While suspended"), Text("也可办理", "possible too")
    figures = [c.title for c in p.figures if c.of == a.code]
    if figures:
        yield Text("计入", "Counts in"), quoted(figures)


def leads(p: Procedure, a: Action) -> Text:
    """From which states to which."""
    steps = [s for s in p.tables.steps[a.code].values() if s is not None]
    if a.repeat:
        during = states(p, (s.before for s in steps))
        return say("在{s}期间可办，状态不变", "possible in {s}; changes no state", s=during)
    goes: dict[str, list[str]] = {}
    for step in steps:
        goes.setdefault(step.after, []).append(step.before)
    return joined(
        say("新建为“{b}”", "opens as “{b}”", b=p.state(after).title)
        if before == [NOWHERE]
        else say("{a} → “{b}”", "{a} → “{b}”", a=states(p, before), b=p.state(after).title)
        for after, before in goes.items()
    )


def _question(ask: Ask, field: Field, kind: Text) -> Text:
    bounds = [joined((t for _, t in field.choices), "、", ", ")] if ask.among else []
    if ask.at_least is not None:
        bounds.append(say("至少 {n}", "at least {n}", n=ask.at_least))
    if ask.at_most is not None:
        bounds.append(say("至多 {n}", "at most {n}", n=ask.at_most))
    if not ask.required:
        bounds.append(Text("选填", "optional"))
    inside = joined((kind, *bounds), "，", ", ")
    return say("{t}（{i}）", "{t} ({i})", t=field.title, i=inside)


def _people(p: Procedure, a: Action) -> Iterator[tuple[Text, Text]]:
    if a.officers > 1:
        yield Text("人数", "Officers"), say("至少 {n} 名有资格的人员", "at least {n}, qualified", n=a.officers)
    if a.unless_same_person_as:
        yield Text("须另一人", "Another person than who did"), acts(p, a.unless_same_person_as)
    if a.hands_over_to:
        title = AGENCY_TITLES.get(a.hands_over_to, plain(a.hands_over_to))
        yield Text("此后由谁承办", "Held afterwards by"), title


def _papers(p: Procedure, a: Action) -> Iterator[tuple[Text, Text]]:
    for paper in a.documents:
        said = named(paper.title, paper.code)
        if paper.when is not None:
            said = say("{t}（仅当{c}）", "{t} (only when {c})", t=said, c=condition(p, paper.when))
        yield Text("出具", "Issues"), said
    if a.signs:
        yield Text("签署", "Signs"), named(p.paper(a.signs).title, a.signs)
    for notice in a.notices:
        yield Text("通知", "Notice"), say("{c} 给{w}", "{c} to {w}", c=code(notice.code), w=notice.to.title)
    for send in a.sends:
        what = joined((title_of(p, f) for f in send.fields), "、", ", ") if send.fields else NONE
        channel = code(f"{send.channel}.{send.what}")
        yield Text("发往外部系统", "Sends to a system"), say("{c}：{f}", "{c}: {f}", c=channel, f=what)


def _work(p: Procedure, a: Action) -> Iterator[tuple[Text, Text]]:
    if a.tasks:
        yield Text("交办任务", "Hands out"), quoted(p.task(t).title for t in a.tasks)
    if a.calls_back:
        yield Text("收回任务", "Calls back"), quoted(p.task(t).title for t in a.calls_back)
    if slots(a):
        yield Text("新建子事项", "Opens sub-matters"), quoted(p.child(s).title for s in slots(a))
    if relation_of(a):
        yield Text("关联", "Relates"), quoted((p.relation(relation_of(a)).title,))
    if a.unrelates:
        yield Text("解除关联", "Unties"), quoted((p.relation(a.unrelates).title,))
    for fan in a.fans_out:
        title = p.relation(fan.relation).title
        yield (
            Text("带动关联事项", "Carries to related matters"),
            say("对每件“{t}”办理 {a}", "on each “{t}”: {a}", t=title, a=code(fan.act)),
        )


VERBS: dict[type[Verb], Text] = {
    Transfer: Text("移交另一单位", "gives the matter to another unit"),
    Withdraw: Text("由提出人撤回", "taken back by who brought it"),
    Annul: Text("撤销办结结果", "declares an outcome void"),
    Reopen: Text("从办结重新办理", "back from an outcome to work"),
}


def verb(p: Procedure, v: Verb) -> Text:
    """What a generic verb does.

    Raises:
        TypeError: a verb that has no words here.
    """
    match v:
        case Extend():
            said = say("延长期限“{t}”", "extends the term “{t}”", t=p.deadline(v.deadline).title)
            most = [say("每次{s}", "by {s}", s=v.by.text)] if v.by else []
            most += [say("至多 {n} 次", "at most {n}×", n=v.at_most)] if v.at_most is not None else []
            return joined((said, *(most or [Text("以法定延长为限", "as far as the law allows")])), "，", ", ")
        case Suspend() | Resume():
            return _pause(p, v)
        case Merge():
            return say("并入“{t}”", "goes up in “{t}”", t=p.relation(v.relation).title)
        case Split():
            return say("分出为“{t}”", "part of it goes on as “{t}”", t=p.child(v.child).title)
    if type(v) in VERBS:
        return VERBS[type(v)]
    raise TypeError(f"no words for {type(v).__name__}")


def _pause(p: Procedure, v: Suspend | Resume) -> Text:
    titles = quoted(p.deadline(d).title for d in v.deadlines)
    if isinstance(v, Suspend):
        whole = Text("整个事项中止，保留剩余期限", "suspends the whole matter; what remains of its clocks is kept")
        return say("暂停期限{t}", "pauses {t}", t=titles) if v.deadlines else whole
    whole = Text("恢复办理，期限按剩余继续", "resumes; clocks go on with what remained")
    return say("恢复期限{t}", "resumes {t}", t=titles) if v.deadlines else whole
