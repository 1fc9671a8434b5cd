"""The authorisation matrix (权限矩阵) of a procedure, cell by cell: who may do which action, who may read which value.

Other layers assert these cells against what their pages and answers really allow; the matrix itself is read off the
declaration and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from guangyue.kernel.context import fits
from guangyue.kernel.grammar.values import Field
from guangyue.kernel.grammar.who import Who, sees
from guangyue.kernel.tables import elements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guangyue.kernel.command import Actor
    from guangyue.kernel.matter import Matter
    from guangyue.kernel.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        procedure: the procedure's code.
        kind: ``act``: may do; ``read``: may read.
        name: the action's code, the field's name, or ``<action>.<answer>`` for an answer of one act alone.
        who: one of those the procedure speaks of.
        allowed: yes or no. A yes for an act still depends on its state, its requirements and its four eyes.
    """

    procedure: str
    kind: Literal["act", "read"]
    name: str
    who: Who
    allowed: bool


def everyone(procedure: Procedure) -> tuple[Who, ...]:
    """All kinds of people and systems that a procedure speaks of, each once, in the order of the declaration."""
    named = (e for e in elements(procedure) if isinstance(e, Who) and e.kind != "anyone")
    return tuple({(w.name, w.levels, w.holder): w for w in named}.values())


def readable(procedure: Procedure) -> Iterator[tuple[str, Field]]:
    """Every value that can be read: fields of the matter, and answers that belong to one act alone."""
    for field in procedure.fields:
        yield field.name, field
    for action in procedure.actions:
        for name, question in procedure.tables.forms[action.code].items():
            if not question.sets:
                yield f"{action.code}.{name}", question.field


def cells(procedure: Procedure) -> tuple[Cell, ...]:
    """Every cell of the matrix: each action and each value against everyone the procedure speaks of."""
    people = everyone(procedure)
    found = [
        Cell(procedure.code, "act", action.code, who, sees(who, action.by))
        for action in procedure.actions
        for who in people
    ]
    for name, field in readable(procedure):
        found += [Cell(procedure.code, "read", name, who, sees(who, field.visible)) for who in people]
    return tuple(found)


def may_read(procedure: Procedure, matter: Matter, actor: Actor) -> frozenset[str]:
    """The values of a matter that an actor may read, by the names of :func:`readable`; personal ones still ask a purpose."""
    return frozenset(
        name for name, field in readable(procedure) if any(fits(who, actor, matter) for who in field.visible)
    )


def may_do(procedure: Procedure, matter: Matter, actor: Actor) -> frozenset[str]:
    """The actions an actor has the capacity for, whatever the state of the matter."""
    return frozenset(a.code for a in procedure.actions if any(fits(who, actor, matter) for who in a.by))
