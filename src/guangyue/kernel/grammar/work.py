"""Work handed to others, matters inside matters, and ties between matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guangyue.kernel.grammar.base import Element
from guangyue.kernel.grammar.deadlines import FromField, Term
from guangyue.kernel.grammar.who import Who
from guangyue.law import Text


@dataclass(frozen=True, slots=True)
class Task(Element):
    """A piece of work for other units (交办), each with its own owner and clock.

    The units are chosen at run time by the act that opens the task (``command.assign``). Each hop accepts, returns with
    a reason, or finishes.

    Attributes:
        code: stable.
        title: what the work list says.
        owner: who in the chosen unit may handle it.
        mode: ``one``: the first to finish finishes it; ``all``: everyone must; ``relay``: one after another.
        term: each hop's clock, from the moment the hop is offered.
        then: the act that follows when the task is finished.
        survives_close: stays open when the matter closes.
    """

    code: str
    title: Text
    owner: Who
    mode: Literal["one", "all", "relay"] = "one"
    term: Term | FromField | None = None
    then: str = ""
    survives_close: bool = False


@dataclass(frozen=True, slots=True)
class Then(Element):
    """What the parent does when its sub-matters close: *when all are closed as kept, then performed*.

    Attributes:
        when: ``all`` or ``any`` of the slot's sub-matters.
        act: the parent's act, by the kernel itself; it does not follow when the parent has gone another way.
        closed_as: the outcomes that count; empty: every outcome.
    """

    when: Literal["all", "any"]
    act: str
    closed_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Child(Element):
    """A slot for sub-matters (子事项): a batch, several counts, objects with their own state.

    Attributes:
        slot: stable.
        title: what the page says.
        procedure: the code of the procedure they follow.
        opening: their opening act.
        then: what the parent does when they close; empty: nothing.
    """

    slot: str
    title: Text
    procedure: str
    opening: str
    then: tuple[Then, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation(Element):
    """A tie to other matters that keep their own life: a series and its members (串并案).

    Attributes:
        kind: stable.
        title: what the page says.
        to: the codes of the procedures on the other side.
        many: more than one may be tied.
    """

    kind: str
    title: Text
    to: tuple[str, ...]
    many: bool = False


@dataclass(frozen=True, slots=True)
class FanOut(Element):
    """One act carried to every related matter, as an act of theirs."""

    relation: str
    act: str
