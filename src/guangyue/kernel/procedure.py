"""A declared procedure (规程): one readable value from which everything else is derived."""

from __future__ import annotations

from dataclasses import dataclass, field

from guangyue.kernel.canonical import digest_of
from guangyue.kernel.checks import check
from guangyue.kernel.grammar.actions import Action, Outcome, State
from guangyue.kernel.grammar.base import Element
from guangyue.kernel.grammar.deadlines import Deadline, Schedule
from guangyue.kernel.grammar.figures import Count
from guangyue.kernel.grammar.papers import Paper
from guangyue.kernel.grammar.values import Field
from guangyue.kernel.grammar.versions import Succeeds
from guangyue.kernel.grammar.who import Who
from guangyue.kernel.grammar.work import Child, Relation, Task
from guangyue.kernel.tables import Tables, build
from guangyue.law import Text
from guangyue.law.override import override


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure(Element):
    """A line of work, declared.

    Attributes:
        code: ``desk.name``, stable.
        version: grows with every change that matters; a matter stays on the version that opened it.
        title: its name.
        subject: what it is about: vehicle, person, shop, place.
        law: the articles it stands on, in words.
        offence: the field with the offence's code, or nothing: read by competence and penalty bands.
        place: the field with the type of place, likewise.
        overseers: who opens its matters by office and does nothing in them: heads of agencies, commanders.
        succeeds: older versions whose matters may move to this one.

    Raises:
        DeclarationError: at import, with every fault and the line that caused it.
    """

    code: str
    version: int
    title: Text
    subject: str
    law: Text | None = None
    fields: tuple[Field, ...] = ()
    states: tuple[State | Outcome, ...]
    deadlines: tuple[Deadline, ...] = ()
    actions: tuple[Action, ...]
    tasks: tuple[Task, ...] = ()
    children: tuple[Child, ...] = ()
    relations: tuple[Relation, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    figures: tuple[Count, ...] = ()
    overseers: tuple[Who, ...] = ()
    succeeds: tuple[Succeeds, ...] = ()
    tables: Tables = field(init=False, repr=False, compare=False)
    digest: str = field(init=False, repr=False, compare=False)

    @override
    def __post_init__(self) -> None:
        Element.__post_init__(self)
        check(self)
        object.__setattr__(self, "tables", build(self))
        object.__setattr__(self, "digest", digest_of(self))

    def state(self, code: str) -> State | Outcome:
        """A state or outcome by its code."""
        return self.tables.states[code]

    def action(self, code: str) -> Action:
        """An action by its code."""
        return self.tables.actions[code]

    def deadline(self, key: str) -> Deadline:
        """A deadline by its key; schedules count as deadlines."""
        return self.tables.deadlines[key]

    def field(self, name: str) -> Field:
        """A field by its name."""
        return self.tables.fields[name]

    def task(self, code: str) -> Task:
        """A task by its code."""
        return self.tables.tasks[code]

    def child(self, slot: str) -> Child:
        """A child slot by its name."""
        return self.tables.children[slot]

    def relation(self, kind: str) -> Relation:
        """A relation by its kind."""
        return self.tables.relations[kind]

    def paper(self, code: str) -> Paper:
        """A paper that one of the actions issues."""
        return self.tables.papers[code]
