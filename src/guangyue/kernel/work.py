"""One decision in the making: the matters it touches as they stand by now, the entries so far, what has to follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from guangyue.kernel.command import Actor, Command, Facts
from guangyue.kernel.decision import Decision, Entry, Refusal
from guangyue.kernel.evolve import evolve
from guangyue.kernel.matter import Matter
from guangyue.kernel.reasons import Reason
from guangyue.law.swift import swift

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure


@swift(frozen=True)
class Follow:
    """An act that follows from another: on which matter, by whom, because of what.

    An ``optional`` one does not follow when its matter has meanwhile gone another way; what led to it stands.
    """

    matter: str
    command: Command
    actor: Actor
    cause: str
    optional: bool = False


class Work:
    """Collects entries and reasons; nothing is decided while a reason stands."""

    __slots__ = ("entries", "facts", "following", "matters", "procedure", "reasons")

    def __init__(self, procedure: Procedure, facts: Facts) -> None:
        self.procedure = procedure
        self.facts = facts
        self.matters: dict[str, Matter] = {}
        self.entries: list[Entry] = []
        self.reasons: list[Reason] = []
        self.following: list[Follow] = []

    def matter(self, id: str) -> Matter | None:  # noqa: A002 - the matter's own word
        """A matter as it stands by now."""
        return self.matters.get(id) or self.facts.related.get(id)

    def procedure_of(self, matter: Matter) -> Procedure | None:
        """The procedure a matter follows, on the version that opened it."""
        return self.named(matter.procedure, matter.version)

    def named(self, code: str, version: int = 0) -> Procedure | None:
        """A procedure by its code; version 0 is the one in force."""
        own = self.procedure
        if code == own.code and version in {0, own.version}:
            return own
        key = (code, version)
        library = self.facts.library
        return cast("Procedure", library[key]) if key in library else None

    def add(self, matter: Matter, entry: Entry) -> Matter:
        """Takes an entry in; returns the matter after it."""
        after = evolve(matter, entry)
        self.entries.append(entry)
        self.matters[entry.matter] = after
        return after

    def follow(
        self,
        matter: str,
        command: Command,
        actor: Actor,
        entry: Entry,
        *,
        system: str = "kernel",
        optional: bool = False,
    ) -> None:
        """Puts a follow-on act in line. Whoever caused it stands in its entry; a party of one matter is none of another."""
        parties = actor.parties if matter == entry.matter else frozenset()
        cause = f"{entry.matter}#{entry.seq}"
        doer = replace(actor, system=system, parties=parties)
        self.following.append(Follow(matter, command, doer, cause, optional))

    def refuse(self, reasons: list[Reason], matter: Matter, *, inner: bool) -> None:
        """Notes reasons; those from a follow-on act say on which matter they arose."""
        self.reasons += [replace(r, matter=matter.id) for r in reasons] if inner else reasons

    def answer(self, act: str) -> Decision | Refusal:
        """The decision, unless anything speaks against it."""
        if self.reasons:
            return Refusal(act, tuple(self.reasons))
        return Decision(tuple(self.entries), self.matters)


def told(work: Work, matter: Matter, act: str, command: Command, by: Entry, **changes: object) -> Matter | None:
    """An entry by which one matter is told of another: a child closed, a relation made or loosed."""
    procedure = work.procedure_of(matter)
    if procedure is None:
        work.reasons.append(Reason("child.procedure_missing", {"code": matter.procedure}, matter=matter.id))
        return None
    entry = Entry(
        matter=matter.id, seq=matter.seq + 1, procedure=matter.procedure, version=matter.version,
        digest=procedure.digest, kind="told", act=act, actor=by.actor, role="", agency=by.agency, unit=by.unit,
        observed_at=command.observed_at or command.received_at, decided_at=work.facts.now,
        before=matter.state, after=matter.state, closes=matter.closed, cause=f"{by.matter}#{by.seq}",
        **changes,  # type: ignore[arg-type]  # named fields of an entry
    )  # fmt: skip
    return work.add(matter, entry)


def values_for(form: Mapping[str, object], command: Command) -> dict[str, object]:
    """Those of a command's answers that another form asks for too."""
    return {k: v for k, v in command.values.items() if k in form}
