"""The story of a matter, in words: what happened, when, by whom, with which evidence and papers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from guangyue.kernel import Entry, Piece, Procedure
from guangyue.kernel.grammar import Field, Kind, T
from guangyue.law import Text
from guangyue.web.present.money import yuan

LATE_ENOUGH_TO_SAY = 60
"""Seconds between what was observed and what was decided, from which both are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """One point of the time line."""

    seq: int
    kind: str
    title: Text
    at: datetime
    received_at: datetime | None
    who: str
    role: str
    state: Text | None
    answers: tuple[tuple[Text, object], ...]
    photos: tuple[Piece, ...]
    papers: tuple[tuple[str, Text], ...]
    clocks: tuple[Text, ...]
    note: Text | None


Names = Callable[[str], str]


def story(procedure: Procedure, entries: Iterable[Entry], names: Names, visible: frozenset[str]) -> tuple[Line, ...]:
    """The time line, oldest first. ``visible`` names the fields this reader may see; ``names`` shows people."""
    return tuple(_line(procedure, e, names, visible) for e in entries)


def _line(procedure: Procedure, entry: Entry, names: Names, visible: frozenset[str]) -> Line:
    moved = entry.before != entry.after
    gap = (entry.decided_at - entry.observed_at).total_seconds()
    return Line(
        seq=entry.seq,
        kind=entry.kind,
        title=_title(procedure, entry),
        at=entry.observed_at,
        received_at=entry.decided_at if gap >= LATE_ENOUGH_TO_SAY else None,
        who=names(entry.actor),
        role=entry.role,
        state=procedure.state(entry.after).title if moved else None,
        answers=tuple(_answers(procedure, entry, visible)),
        photos=entry.evidence,
        papers=tuple((p.code, p.title) for p in entry.papers),
        clocks=tuple(procedure.deadline(a.key).title for a in entry.arms if a.key in procedure.tables.deadlines),
        note=_note(entry),
    )


def _title(procedure: Procedure, entry: Entry) -> Text:
    tables = procedure.tables
    if entry.kind == "act" and entry.act in tables.actions:
        return tables.actions[entry.act].title
    if entry.kind in {"lapse", "alarm", "dropped", "reinstated"}:
        deadline = tables.deadlines.get(entry.act)
        name = deadline.title if deadline else T("交办任务", "Task")
        words = {
            "lapse": T(f"“{name.zh}”期限届满", f"“{name.en}” lapsed"),
            "alarm": T(f"“{name.zh}”到期提醒", f"“{name.en}” is due"),
            "dropped": T(f"“{name.zh}”已过时，跳过", f"“{name.en}” skipped, too late"),
            "reinstated": T(f"撤回“{name.zh}”届满", f"Lapse of “{name.en}” undone"),
        }
        return words[entry.kind]
    if entry.kind == "told":
        return _told(procedure, entry.act)
    return WORK.get(entry.act, T(f"记录：{entry.act}", entry.act))


def _told(procedure: Procedure, act: str) -> Text:
    """What another matter did that this one was told of: tied to it, loosed from it, closed inside it."""
    what, _, name = act.partition(":")
    if what == "child":
        title = next((c.title for c in procedure.children if c.slot == name), None)
        return T(f"“{title.zh}”有进展", f"{title.en}: one has moved on") if title else WORK["child"]
    return WORK.get(what, T(f"记录：{act}", act))


WORK = {
    "child": T("子事项有进展", "A part of this has moved on"),
    "related": T("另有事项与本事项关联", "Another matter was tied to this one"),
    "unrelated": T("与另一事项解除关联", "A tie to another matter was taken back"),
    "task.accept": T("接收任务", "Task accepted"),
    "task.return": T("退回任务", "Task returned"),
    "task.done": T("完成任务", "Task done"),
    "task.assign": T("增派任务", "Task assigned"),
}


def _answers(procedure: Procedure, entry: Entry, visible: frozenset[str]) -> Iterable[tuple[Text, object]]:
    form = procedure.tables.forms.get(entry.act, {})
    given = {**entry.sets, **entry.values}
    for name in (*(n for n in form if n in given), *(n for n in given if n not in form)):
        value = given[name]
        question = form.get(name)
        field = question.field if question else procedure.tables.fields.get(name)
        if field is None or (name in procedure.tables.fields and name not in visible):
            continue
        yield field.title, shown(field, value)


def shown(field: Field, value: object) -> object:
    """A value as a reader sees it: the wording of a choice, yes or no, money in yuan, else itself."""
    choices = dict(field.choices)
    if isinstance(value, bool):
        return T("是", "yes") if value else T("否", "no")
    if field.kind is Kind.MONEY and isinstance(value, int):
        return yuan(value)
    if isinstance(value, str) and value in choices:
        return choices[value]
    if isinstance(value, tuple | list) and choices:
        texts = [choices.get(str(v), T(str(v), str(v))) for v in value]
        return T("、".join(t.zh for t in texts), ", ".join(t.en for t in texts))
    return value


def _note(entry: Entry) -> Text | None:
    if entry.kind == "reinstated":
        return T(
            "在期限内已观察到，迟到的记录视为按时。", "Observed inside the term; the late record counts as in time."
        )
    if entry.late:
        return T("触发晚于到期时间，按到期时间生效。", "Fired later than due; it takes effect as of the due time.")
    return None
