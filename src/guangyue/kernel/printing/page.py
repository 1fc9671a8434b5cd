"""One procedure as one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.kernel.printing import acts, clocks, diagram, matter
from guangyue.kernel.printing.markdown import GENERATED, bullets, code, heading, say
from guangyue.kernel.printing.words import people
from guangyue.law import BOOK, LawBook, Text

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure

OTHER = {"zh": ("en", "English"), "en": ("zh", "中文")}
DIGEST_SHOWN = 16
LEGEND = Text(
    "箭头是办理；写着“到期”的是期限届满后由计时器办理；绿色的是办结；不改变状态的办理只列在表中。",
    "Arrows are acts; “time up” is what the clock does when a term runs out; green is an end; acts that change no state "
    "stand in the table only.",
)
QUESTION = Text(
    "“未经核实”：来自地方规定、本市承诺或者未读全文的资料，使用前由市法制部门确认。",
    "“Unverified”: a local rule, the city's own promise, or a text not read in full; the city's legal office confirms "
    "it before use.",
)


def page(p: Procedure, lang: str, law: LawBook = BOOK) -> str:
    """The page of a procedure in Markdown.

    Args:
        p: the procedure.
        lang: ``zh`` or ``en``.
        law: the book in which its terms are looked up.
    """
    other, word = OTHER[lang]
    sections: tuple[tuple[Text, list[str]], ...] = (
        (Text("状态", "States"), diagram.standing(p, lang)),
        (Text("状态图", "Diagram"), [*diagram.diagram(p, law, lang), LEGEND.of(lang), ""]),
        (Text("全部走向", "All transitions"), diagram.transitions(p, law, lang)),
        (Text("谁可以办什么", "Who may do what"), acts.matrix(p, lang)),
        (Text("期限", "Deadlines"), _clocks(p, law, lang)),
        (Text("每一步办理", "Every act"), acts.described(p, lang)),
        (Text("内容与可见范围", "Fields and who sees them"), matter.fields(p, lang)),
        (Text("文书", "Papers"), matter.papers(p, lang)),
        (Text("通知", "Notices"), matter.notices(p, lang)),
        (Text("任务", "Tasks"), matter.tasks(p, lang)),
        (Text("子事项", "Sub-matters"), matter.children(p, lang)),
        (Text("关联", "Relations"), matter.relations(p, lang)),
        (Text("指标", "Figures"), matter.figures(p, lang)),
        (Text("版本衔接", "Versions"), matter.versions(p, lang)),
    )
    out = [GENERATED, "", *heading(1, p.title, lang), f"[{word}]({p.code}.{other}.md)", "", *_head(p, lang)]
    for title, body in sections:
        if body:
            out += [*heading(2, title, lang), *body]
    return "\n".join(out).rstrip("\n") + "\n"


def _head(p: Procedure, lang: str) -> list[str]:
    items = [
        say("规程 {c}，第 {n} 版", "Procedure {c}, version {n}", c=code(p.code), n=p.version),
        say("摘要 {d}…", "digest {d}…", d=code(p.digest[:DIGEST_SHOWN])),
        say("对象 {s}", "about {s}", s=code(p.subject)),
    ]
    law = [say("依据：{t}", "Law: {t}", t=p.law)] if p.law else []
    seen = say("可督看（不办理）：{t}", "Opened by, without acting: {t}", t=people(p.overseers))
    more = [*law, *([seen] if p.overseers else [])]
    return bullets([Text(" · ".join(i.zh for i in items), " · ".join(i.en for i in items)), *more], lang)


def _clocks(p: Procedure, law: LawBook, lang: str) -> list[str]:
    body = clocks.deadlines(p, law, lang)
    return [*body, QUESTION.of(lang), ""] if any(clocks.UNVERIFIED.of(lang) in line for line in body) else body
