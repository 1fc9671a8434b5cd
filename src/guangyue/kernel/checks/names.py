"""Names: each once, each fit to stand in a journal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from guangyue.kernel.checks.fault import Fault
from guangyue.kernel.grammar.papers import Paper

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure

CODES = frozenset({"name.twice", "name.bad"})
NAME = re.compile(r"[a-z][a-z0-9_]*")
CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


def faults(p: Procedure) -> Iterator[Fault]:
    """Names that are doubled or malformed, and a procedure that nothing opens."""
    if not CODE.fullmatch(p.code):
        yield Fault("name.bad", p.declared_at, f"“{p.code}” must read like desk.name, in small letters")
    if p.version < 1:
        yield Fault("name.bad", p.declared_at, "versions count from 1")
    papers: list[Paper] = []
    for paper in (d for a in p.actions for d in a.documents):
        if paper not in papers:  # the same paper may be issued by several acts
            papers.append(paper)
    groups: tuple[tuple[str, tuple[Any, ...], str], ...] = (
        ("state", p.states, "code"), ("action", p.actions, "code"), ("deadline", p.deadlines, "key"),
        ("field", p.fields, "name"), ("task", p.tasks, "code"), ("child", p.children, "slot"),
        ("relation", p.relations, "kind"), ("schedule", p.schedules, "code"), ("figure", p.figures, "code"),
        ("paper", tuple(papers), "code"),
    )  # fmt: skip
    for kind, group, attribute in groups:
        counted = Counter(getattr(e, attribute) for e in group)
        for element in group:
            name = getattr(element, attribute)
            if counted[name] > 1:
                yield Fault("name.twice", element.declared_at, f"{kind} “{name}” is declared {counted[name]} times")
            if not NAME.fullmatch(name):
                yield Fault("name.bad", element.declared_at, f"“{name}” cannot be the name of a {kind}")
    for action in p.actions:
        counted = Counter(q.name for q in action.form)
        for question in action.form:
            if counted[question.name] > 1:
                yield Fault("name.twice", question.declared_at, f"“{action.code}” asks “{question.name}” twice")
    if not any(a.opens for a in p.actions):
        yield Fault("action.no_opening", p.declared_at, "no action opens a matter")
