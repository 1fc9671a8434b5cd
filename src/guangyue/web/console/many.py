"""What an act brings besides answers: units to give work to, and lists of things that each become a matter of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guangyue.city.models import Unit
from guangyue.kernel.grammar import Kind, T
from guangyue.kernel.tables import slots
from guangyue.law import Text
from guangyue.records.library import LIBRARY
from guangyue.web.console.names import agency_of, units

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import QueryDict

    from guangyue.kernel import Procedure
    from guangyue.kernel.grammar import Action
    from guangyue.kernel.grammar.work import Child, Task
    from guangyue.kernel.tables import Question

__all__ = ["Assign", "Column", "Items", "assigned", "assigns", "items", "listed_items", "slot_form", "units_for"]

MOST_UNITS = 12
MOST_ITEMS = 100
BLANK = 3
"""Empty lines to begin with; the page adds more where scripts run."""

YES_NO = (("yes", T("是", "yes")), ("no", T("否", "no")))
MODES: dict[str, Text] = {
    "one": T("选一个或多个单位，最先办结的一家即可", "one or more units; the first to finish is enough"),
    "all": T("所选单位都要办结", "every unit chosen has to finish"),
    "relay": T("按先后顺序接力办理", "one after another, in this order"),
}


@dataclass(frozen=True, slots=True)
class Assign:
    """A task to give out: its title, how the units work on it, the choice, and a line for each unit."""

    name: str
    title: Text
    hint: Text
    choices: tuple[tuple[str, Text], ...]
    picked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One answer asked of each thing."""

    name: str
    kind: str
    input: str
    title: Text
    required: bool
    choices: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of things: the columns, and the lines filled in so far with empty ones below."""

    slot: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[tuple[Column, object], ...], ...]


def units_for(procedure: Procedure, task: Task) -> tuple[tuple[str, Text], ...]:
    """The units in which somebody may handle a task: of its owner's agency, else of any agency the procedure names."""
    named = {w.agency for a in procedure.actions for w in a.by if w.kind == "role" and w.agency}
    wanted = {task.owner.agency} if task.owner.agency else named
    closed = set(Unit.objects.exclude(closed_at=None).values_list("code", flat=True))
    return tuple(
        (code, name)
        for code, name in units().items()
        if code not in closed and (not wanted or agency_of(code) in wanted)
    )


def assigns(procedure: Procedure, action: Action, given: QueryDict | None) -> tuple[Assign, ...]:
    """The tasks an act gives out, with what was chosen."""
    found: list[Assign] = []
    for code in action.tasks:
        task = procedure.task(code)
        picked = tuple(given.getlist(f"assign-{code}")[:MOST_UNITS]) if given is not None else ()
        lines = picked + ("",) * max(1 if picked else 2, BLANK - len(picked))
        found.append(Assign(f"assign-{code}", task.title, MODES[task.mode], units_for(procedure, task), lines))
    return tuple(found)


def assigned(action: Action, given: QueryDict) -> dict[str, tuple[str, ...]]:
    """The units chosen for each task, in order; each once."""
    chosen = {c: tuple(dict.fromkeys(u for u in given.getlist(f"assign-{c}")[:MOST_UNITS] if u)) for c in action.tasks}
    return {code: found for code, found in chosen.items() if found}


def slot_form(child: Child) -> dict[str, Question]:
    """What is asked of each thing; nothing while its procedure is not installed."""
    if (child.procedure, 0) not in LIBRARY:
        return {}
    return dict(LIBRARY[child.procedure, 0].tables.forms.get(child.opening, {}))


def items(
    procedure: Procedure, action: Action, given: QueryDict | None, inputs: Mapping[Kind, str]
) -> tuple[Items, ...]:
    """The lists an act brings, line by line."""
    found: list[Items] = []
    for slot in slots(action):
        child = procedure.child(slot)
        columns = tuple(
            Column(
                name, q.field.kind.value, inputs.get(q.field.kind, "text"), q.field.title, q.ask.required,
                YES_NO if q.field.kind is Kind.FLAG else q.field.choices,
            )
            for name, q in slot_form(child).items()
        )  # fmt: skip
        lines = _lines(slot, given) if given is not None else []
        lines += [{} for _ in range(max(1, BLANK - len(lines)))]
        rows = tuple(tuple((c, line.get(c.name, "")) for c in columns) for line in lines)
        found.append(Items(slot, child.title, columns, rows))
    return tuple(found)


def listed_items(
    procedure: Procedure, action: Action, given: QueryDict, read: Callable[[Kind, str], object]
) -> dict[str, tuple[dict[str, object], ...]]:
    """The things that were listed, as the kinds of their own form; an empty line is none."""
    found: dict[str, tuple[dict[str, object], ...]] = {}
    for slot in slots(action):
        form = slot_form(procedure.child(slot))
        lines = [
            {name: _cell(form[name].field.kind, text, read) for name, text in line.items() if name in form}
            for line in _lines(slot, given)
        ]
        if lines:
            found[slot] = tuple(lines)
    return found


def _cell(kind: Kind, text: str, read: Callable[[Kind, str], object]) -> object:
    if kind is Kind.FLAG:
        return text == "yes"
    return [text] if kind is Kind.CHOICES else read(kind, text)


def _lines(slot: str, given: QueryDict) -> list[dict[str, str]]:
    """Each column comes as many times as there are lines, in their order."""
    head = f"item-{slot}-"
    columns = {key.removeprefix(head): given.getlist(key)[:MOST_ITEMS] for key in given if key.startswith(head)}
    count = max((len(v) for v in columns.values()), default=0)
    lines = [{n: v[i].strip() for n, v in columns.items() if i < len(v) and v[i].strip()} for i in range(count)]
    return [line for line in lines if line]
