"""What a matter holds and what leaves it: fields, papers, notices, tasks, sub-matters, relations, figures, versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from guangyue.kernel.grammar import Field, Notice
from guangyue.kernel.printing.markdown import NONE, code, joined, lines, named, plain, quoted, say, table
from guangyue.kernel.printing.words import KINDS, YES, acts, choices, condition, people, states, title_of
from guangyue.kernel.tables import elements
from guangyue.law import Text
from guangyue.law.papers import FIELDS, PAPERS

if TYPE_CHECKING:
    from guangyue.kernel.grammar import Child, Count, Paper, Task
    from guangyue.kernel.procedure import Procedure

BY_ACT = Text("由何办理", "By which act")


def fields(p: Procedure, lang: str) -> list[str]:
    """Fields of the matter, then answers that stay with their act, with who may read them."""
    head = (
        Text("内容", "Field"), Text("类型", "Kind"), Text("谁能看到", "Who sees it"), Text("个人信息", "Personal"),
        Text("选项", "Choices"),
    )  # fmt: skip
    own = [(f, "") for f in p.fields]
    asked = [(q.field, a.code) for a in p.actions for q in p.tables.forms[a.code].values() if not q.sets]
    rows = [_field(p, f, act) for f, act in own]
    seen: dict[tuple[str, Text], tuple[Field, list[str]]] = {}
    for f, act in asked:
        seen.setdefault((f.name, f.title), (f, []))[1].append(act)
    rows += [_field(p, f, *on) for f, on in seen.values()]
    return table(head, rows, lang)


def _field(p: Procedure, f: Field, *on: str) -> tuple[Text, ...]:
    title = named(f.title, f.name)
    if any(on):
        title = say("{t}（只属于{a}）", "{t} (of {a} alone)", t=title, a=acts(p, on))
    return (title, KINDS[f.kind], people(f.visible), YES if f.personal else NONE, choices(f))


def papers(p: Procedure, lang: str) -> list[str]:
    """Papers with their mandatory fields, and whether they have legal effect."""
    head = (
        Text("文书", "Paper"), Text("效力", "Effect"), Text("必填项", "Mandatory fields"), Text("签署", "Signed by"),
        Text("编号", "Number series"), BY_ACT,
    )  # fmt: skip
    return table(head, (_paper(p, paper) for paper in p.tables.papers.values()), lang)


def _paper(p: Procedure, paper: Paper) -> tuple[Text, ...]:
    effect = Text("法定文书", "statutory") if paper.statutory else Text("提示，无法律效力", "courtesy, no legal effect")
    needs = [joined((named(title_of(p, n), n) for n in paper.needs), "、", ", ")] if paper.needs else []
    if paper.basis in PAPERS:
        rule = PAPERS.versions(paper.basis)[-1]
        listed = joined((FIELDS[f] for f in rule.fields), "、", ", ")
        needs.append(say("{s}：{f}", "{s}: {f}", s=rule.source.text, f=listed))
    by = acts(p, (a.code for a in p.actions if paper in a.documents))
    if paper.when is not None:
        by = say("{a}（仅当{c}）", "{a} (only when {c})", a=by, c=condition(p, paper.when))
    signer = paper.signed_by.title if paper.signed_by else NONE
    return (named(paper.title, paper.code), effect, lines(needs), signer, _number(paper.numbered), by)


def _number(series: str) -> Text:
    return plain(code(series)) if series else NONE


def notices(p: Procedure, lang: str) -> list[str]:
    """Messages to people, word for word."""
    head = (
        Text("通知", "Notice"), Text("给谁", "To"), Text("方式", "Channel"), Text("内容", "Wording"), Text("何时", "When"),
    )  # fmt: skip
    channels = {
        "sms": Text("短信", "SMS"), "push": Text("应用推送", "push message"), "desk": Text("工作列表", "work list"),
    }  # fmt: skip
    sent: dict[int, tuple[Notice, Text]] = {}
    for n in (e for e in elements(p) if isinstance(e, Notice)):
        sent.setdefault(id(n), (n, _when(p, n)))
    rows = []
    for n, when in sent.values():
        way = channels.get(n.channel, plain(n.channel))
        way = say("{w}，夜间也发", "{w}, in quiet hours too", w=way) if n.urgent else way
        rows.append((plain(code(n.code)), n.to.title, way, n.wording, when))
    return table(head, rows, lang)


def _when(p: Procedure, notice: Notice) -> Text:
    by = [a.title for a in p.actions if notice in a.notices]
    by += [d.title for d in p.deadlines if notice in d.notices]
    return quoted(by)


def tasks(p: Procedure, lang: str) -> list[str]:
    """Work handed to other units."""
    head = (Text("任务", "Task"), Text("由谁", "Owner"), Text("方式", "Mode"), Text("完成之后", "When done"))
    modes = {
        "one": Text("一家完成即可", "the first to finish finishes it"),
        "all": Text("每家都要完成", "everyone must finish"),
        "relay": Text("依次接力", "one after another"),
    }

    def row(t: Task) -> tuple[Text, ...]:
        mode = modes[t.mode]
        mode = say("{m}，办结后继续", "{m}; outlives the matter", m=mode) if t.survives_close else mode
        return (named(t.title, t.code), t.owner.title, mode, acts(p, (t.then,)) if t.then else NONE)

    return table(head, map(row, p.tasks), lang)


def children(p: Procedure, lang: str) -> list[str]:
    """Slots for sub-matters."""
    head = (Text("子事项", "Sub-matters"), Text("规程", "Procedure"), Text("办结之后", "When they close"))

    def row(c: Child) -> tuple[Text, ...]:
        return (named(c.title, c.slot), plain(f"{code(c.procedure)} · {code(c.opening)}"), lines(_then(p, c)))

    return table(head, map(row, p.children), lang)


def _then(p: Procedure, c: Child) -> Iterator[Text]:
    for then in c.then:
        share = Text("全部", "all") if then.when == "all" else Text("任一", "any")
        closed = joined((plain(code(o)) for o in then.closed_as), "、", ", ")
        how = say("{s}办结", "{s} closed", s=share)
        if then.closed_as:
            how = say("{h}为{o}", "{h} as {o}", h=how, o=closed)
        yield say("{h}：办理“{a}”", "{h}: “{a}”", h=how, a=p.action(then.act).title)


def relations(p: Procedure, lang: str) -> list[str]:
    """Ties to matters that keep their own life."""
    head = (Text("关联", "Relation"), Text("规程", "Procedures"), Text("数量", "How many"))
    many = Text("可多件", "many"), Text("一件", "one")
    rows = (
        (named(r.title, r.kind), joined((plain(code(t)) for t in r.to), "、", ", "), many[0] if r.many else many[1])
        for r in p.relations
    )
    return table(head, rows, lang)


def figures(p: Procedure, lang: str) -> list[str]:
    """What is counted, and from what."""
    head = (Text("指标", "Figure"), Text("计什么", "Counts"))
    return table(head, ((named(c.title, c.code), _count(p, c)) for c in p.figures), lang)


def _count(p: Procedure, c: Count) -> Text:
    kind, _, name = c.of.partition(":")
    if kind == "lapse" and name:
        said = say("期限“{t}”届满", "the term “{t}” ran out", t=p.deadline(name).title)
    elif kind == "enters" and name:
        said = say("进入{t}", "entered {t}", t=states(p, (name,)))
    else:
        said = say("办理{t}", "done: {t}", t=acts(p, (c.of,)))
    if c.sums:
        said = say("{s}，累加“{f}”", "{s}; adds up “{f}”", s=said, f=title_of(p, c.sums))
    return say("{s}（仅当{w}）", "{s} (only when {w})", s=said, w=condition(p, c.when)) if c.when else said


def versions(p: Procedure, lang: str) -> list[str]:
    """Older versions whose matters may move here."""
    head = (
        Text("旧版本", "Older version"),
        Text("由谁（提出与复核为两人）", "By (two persons)"),
        Text("状态对应", "States"),
    )
    rows = (
        (
            say("第 {n} 版：{t}", "version {n}: {t}", n=s.version, t=s.title),
            people(s.by),
            joined((plain(f"{code(a)} → {code(b)}") for a, b in s.states.items()), "、", ", "),
        )
        for s in p.succeeds
    )
    return table(head, rows, lang)
