"""The way of a matter: a Mermaid diagram, and the same as a table for whoever reads plain text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guangyue.kernel.grammar import CLOCK, Outcome
from guangyue.kernel.printing.clocks import short
from guangyue.kernel.printing.markdown import NONE, joined, named, say, table
from guangyue.kernel.printing.words import people
from guangyue.kernel.tables import NOWHERE
from guangyue.law import LawBook, Text

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure

NEW = Text("（新建）", "(new)")
SAME = Text("（状态不变）", "(stays)")
HEAD = (Text("从", "From"), Text("办理", "Act"), Text("由谁", "By"), Text("到", "To"))
STATES = (Text("状态", "State"), Text("性质", "Kind"), Text("运行的期限", "Clocks running"))


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a state to the next: by an act, or by a clock that runs out."""

    before: str
    after: str
    label: Text
    name: str
    by: Text


def edges(p: Procedure, law: LawBook) -> Iterator[Edge]:
    """Every transition, clocks included, in the order of the states."""
    for state in (NOWHERE, *p.tables.states):
        for action in p.actions:
            step = p.tables.steps[action.code][state]
            if step is not None and action.by != (CLOCK,):
                yield Edge(state, step.after, action.title, action.code, people(action.by))
        for key, lapse in p.tables.lapses.items():
            d, step = p.deadline(key), lapse[state]
            acted = p.tables.steps[d.does][state] if d.does else None
            if step is not None and (d.lapses_to or acted is not None):
                label = say("到期·{t} {s}", "time up – {t}, {s}", t=d.title, s=short(p, d.term, law))
                if acted is not None:
                    label = say("{l}：{a}", "{l}: {a}", l=label, a=p.action(d.does).title)
                yield Edge(state, acted.after if acted else step.after, label, key, CLOCK.title)


def diagram(p: Procedure, law: LawBook, lang: str) -> list[str]:
    """``stateDiagram-v2``: acts that change nothing stand in the table only; “time up” marks what a clock does."""
    out = ["```mermaid", "stateDiagram-v2"]
    out += [f'  state "{_label(s.title, lang)}" as s_{c}' for c, s in p.tables.states.items()]
    ways: dict[tuple[str, str], list[str]] = {}
    for edge in edges(p, law):
        if edge.before != edge.after or not _repeats(p, edge.name):
            ways.setdefault((edge.before, edge.after), []).append(_label(edge.label, lang))
    out += [f"  {_node(a)} --> {_node(b)}: {' / '.join(labels)}" for (a, b), labels in ways.items()]
    out += [f"  s_{c} --> [*]" for c in p.tables.states if c in p.tables.outcomes]
    out += ["  classDef outcome fill:#e8f0e8,stroke:#4a7a4a,color:#1a2e1a"]
    out += [f"  class {','.join(f's_{c}' for c in p.tables.states if c in p.tables.outcomes)} outcome"]
    return [*out, "```", ""]


def transitions(p: Procedure, law: LawBook, lang: str) -> list[str]:
    """The same as a table, with acts that repeat."""
    rows = (
        (
            p.state(e.before).title if e.before else NEW,
            named(e.label, e.name),
            e.by,
            SAME if e.before == e.after else p.state(e.after).title,
        )
        for e in edges(p, law)
    )
    return table(HEAD, rows, lang)


def standing(p: Procedure, lang: str) -> list[str]:
    """The states, what each is, and which clocks run in it."""
    rows = []
    for name, state in p.tables.states.items():
        kind = Text("办理中", "open")
        if isinstance(state, Outcome):
            kind = Text("办结，记入记录", "end, stays on record") if state.record else Text("办结", "end")
        running = [d.title for d in p.tables.deadlines.values() if name in d.during]
        rows.append((named(state.title, name), kind, joined(running, "、", ", ") if running else NONE))
    return table(STATES, rows, lang)


def _repeats(p: Procedure, name: str) -> bool:
    """Whether an edge that leads back changes nothing at all."""
    found = p.tables.actions.get(name)
    return found is None or found.repeat


def _node(state: str) -> str:
    return f"s_{state}" if state else "[*]"


def _label(text: Text, lang: str) -> str:
    """Words without the signs that mean something to Mermaid."""
    said = text.of(lang)
    for sign, instead in (('"', "'"), (";", ","), (":", "："), ("#", "＃"), ("\n", " ")):
        said = said.replace(sign, instead)
    return said
