"""States, outcomes, and the actions that lead from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from guangyue.kernel.grammar.base import Element
from guangyue.kernel.grammar.evidence import PhotoSet, Recording
from guangyue.kernel.grammar.lawful import Priors
from guangyue.kernel.grammar.papers import Notice, Paper, Send
from guangyue.kernel.grammar.requirements import Requirement
from guangyue.kernel.grammar.values import Ask
from guangyue.kernel.grammar.verbs import Verb
from guangyue.kernel.grammar.who import Who
from guangyue.kernel.grammar.work import FanOut
from guangyue.law import Text


@dataclass(frozen=True, slots=True)
class State(Element):
    """A state in which somebody still has to do something."""

    code: str
    title: Text


@dataclass(frozen=True, slots=True)
class Outcome(Element):
    """An end (办结): nothing runs any more. ``record`` says whether it stays on somebody's record."""

    code: str
    title: Text
    record: bool = False


@dataclass(frozen=True, slots=True)
class Action(Element):
    """Something a person or system does to a matter (动作).

    Attributes:
        code: stable.
        title: the word on the button.
        by: who may do it.
        opens: the state in which a new matter begins; only for opening actions.
        moves: from which state to which.
        repeat: changes no state (an attempt at service, a leg of a visit); possible in ``during``.
        during: the states of a ``repeat`` action; empty: all that are not outcomes.
        from_outcome: the outcomes it may leave, named on purpose.
        form: what it asks.
        evidence: the photo sets and recordings it needs.
        requires: what must be true before.
        documents: papers it issues.
        signs: the paper it signs.
        notices: messages to people.
        sends: messages to systems.
        tasks: tasks it opens; units come in ``command.assign``.
        calls_back: open tasks it takes back from whoever has them.
        children: slots it opens sub-matters in; items come in ``command.items``.
        relates: the relation it adds to; matters come in ``command.related``.
        unrelates: the relation it takes from, likewise.
        fans_out: acts it carries to related matters.
        hands_over_to: the agency that holds the matter afterwards.
        verb: a generic verb.
        unless_same_person_as: acts whose doer may not do this one (four eyes).
        officers: how many qualified officers must act together.
        irreversible: waits until field devices have synced, because nothing can undo it.
        while_suspended: possible while the matter is suspended.
        consults: what whoever does it is shown of earlier records.
        law: where it comes from, in words.
    """

    code: str
    title: Text
    by: tuple[Who, ...] = ()
    opens: str = ""
    moves: Mapping[str, str] = field(default_factory=dict)
    repeat: bool = False
    during: tuple[str, ...] = ()
    from_outcome: tuple[str, ...] = ()
    form: tuple[Ask, ...] = ()
    evidence: tuple[PhotoSet | Recording, ...] = ()
    requires: tuple[Requirement, ...] = ()
    documents: tuple[Paper, ...] = ()
    signs: str = ""
    notices: tuple[Notice, ...] = ()
    sends: tuple[Send, ...] = ()
    tasks: tuple[str, ...] = ()
    calls_back: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    relates: str = ""
    unrelates: str = ""
    fans_out: tuple[FanOut, ...] = ()
    hands_over_to: str = ""
    verb: Verb | None = None
    unless_same_person_as: tuple[str, ...] = ()
    officers: int = 1
    irreversible: bool = False
    while_suspended: bool = False
    consults: Priors | None = None
    law: Text | None = None
