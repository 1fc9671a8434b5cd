"""A stage on which procedures are played: a simulated clock, matters, journals, and a runner; no database.

Every decision is checked as it is made: the journal of every matter, folded, is the matter; stored as JSON and read back
it is the same. So whatever test uses the stage proves that too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from guangyue.kernel import (
    Actor,
    Armed,
    Command,
    Decision,
    Entry,
    Facts,
    Matter,
    Piece,
    Procedure,
    Refusal,
    decide,
    entry_data,
    lapse,
    matter_data,
    read_entry,
    read_matter,
    replay,
)
from guangyue.kernel.canonical import plain
from guangyue.law import BOOK, CALENDAR, CITY, Calendar, LawBook

CARRIER = Actor(id="carrier", system="carrier")


def moment(text: str) -> datetime:
    """``2026-03-02 09:00`` in the city."""
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


def officer(id_: str, *roles: str, agency: str = "", unit: str = "", level: str = "county", **more) -> Actor:
    """A member of staff with the usual qualities."""
    return Actor(
        id=id_, roles=frozenset(roles), agency=agency, unit=unit or agency, level=level,
        qualities=frozenset({"certified", "legally_qualified"}), **more,
    )  # fmt: skip


def citizen(id_: str, *parties: str) -> Actor:
    """Somebody the matter is about."""
    return Actor(id=id_, parties=frozenset(parties))


class Stage:
    """Plays procedures. Times are the city's; ``at`` moves the clock and lets the runner fire what is due."""

    def __init__(
        self, *procedures: Procedure, at: str = "2026-03-02 09:00", law: LawBook = BOOK, calendar: Calendar = CALENDAR
    ) -> None:
        self.now = moment(at)
        self.law, self.calendar = law, calendar
        self.library: dict[tuple[str, int], Procedure] = {}
        for procedure in procedures:
            self.library[procedure.code, procedure.version] = procedure
            self.library[procedure.code, 0] = procedure
        self.matters: dict[str, Matter] = {}
        self.journals: dict[str, list[Entry]] = {}
        self.last: Decision | None = None
        self.staff: dict[str, Actor] = {}
        self.waiting: tuple[str, ...] = ()

    # -- time ---------------------------------------------------------------------------------------------------

    def at(self, text: str, *, runner: bool = True) -> Stage:
        """Moves to ``10:05`` of the same day or to ``2026-03-03 08:00``, firing what falls due on the way."""
        full = text if "-" in text else f"{self.now.astimezone(CITY):%Y-%m-%d} {text}"
        self.move(moment(full), runner=runner)
        return self

    def later(self, runner: bool = True, **span: float) -> Stage:
        """Moves on by a ``timedelta``."""
        self.move(self.now + timedelta(**span), runner=runner)
        return self

    def move(self, to: datetime, *, runner: bool = True) -> None:
        assert to >= self.now, f"time runs forward: {self.now} → {to}"
        if runner:
            while (due := self.next_due(to)) is not None:
                matter, armed = due
                # a clock whose last instant still counts has run out only after it
                self.now = max(self.now, armed.due_at + (timedelta(microseconds=1) if armed.inclusive else timedelta()))
                self.fire(matter, armed)
        self.now = to

    def next_due(self, until: datetime) -> tuple[Matter, Armed] | None:
        """The clock that runs out first, up to a moment."""
        due = [
            (a.due_at, m.id, a.key)
            for m in self.matters.values()
            for a in m.deadlines.values()
            if a.status == "pending" and a.due_at <= until and not a.met_by(until)
        ]
        if not due:
            return None
        _, id_, key = min(due)
        return self.matters[id_], self.matters[id_].deadlines[key]

    def fire(self, matter: Matter, armed: Armed) -> Decision:
        """What the runner does with one clock."""
        answer = lapse(self.procedure(matter), matter, armed.key, armed.occurrence, self.facts(Actor(id="runner")))
        assert isinstance(answer, Decision), [r.text.en for r in answer.reasons]
        return self.take(answer)

    # -- acts ---------------------------------------------------------------------------------------------------

    def facts(self, actor: Actor, new_id: str = "") -> Facts:
        return Facts(
            now=self.now, actor=actor, law=self.law, calendar=self.calendar, related=self.matters,
            library=self.library, colleagues=self.staff, waiting_devices=self.waiting, new_id=new_id,
        )  # fmt: skip

    def procedure(self, matter: Matter) -> Procedure:
        return self.library[matter.procedure, matter.version]

    def ask(
        self, actor: Actor, act: str, matter: str = "", *, code: str = "", new_id: str = "", **more
    ) -> Decision | Refusal:
        """Puts a command to the kernel. ``seen`` is when it was observed; what else it brings goes by its own name."""
        seen = more.pop("seen", None)
        command = Command(
            act=act, received_at=self.now, observed_at=moment(self.full(seen)) if seen else None,
            values=more.pop("values", {}), **more,
        )  # fmt: skip
        known = self.matters.get(matter)
        procedure = self.procedure(known) if known is not None else self.library[code, 0]
        before = dict(self.matters)
        answer = decide(procedure, known, command, self.facts(actor, new_id or matter or f"m{len(self.matters) + 1}"))
        assert self.matters == before, "deciding changes nothing by itself"
        return answer

    def full(self, text: str) -> str:
        return text if "-" in text else f"{self.now.astimezone(CITY):%Y-%m-%d} {text}"

    def do(self, actor: Actor, act: str, matter: str = "", **more) -> Matter:
        """An act that must be possible; gives the matter after it."""
        answer = self.ask(actor, act, matter, **more)
        assert isinstance(answer, Decision), f"{act}: " + "; ".join(f"{r.code}: {r.text.en}" for r in answer.reasons)
        self.take(answer)
        main = matter or next(e.matter for e in answer.entries)
        return self.matters[main]

    def open(self, actor: Actor, act: str, code: str, **more) -> Matter:
        """Opens a matter."""
        return self.do(actor, act, code=code, **more)

    def refused(self, actor: Actor, act: str, matter: str = "", **more) -> Refusal:
        """An act that must not be possible."""
        answer = self.ask(actor, act, matter, **more)
        assert isinstance(answer, Refusal), f"{act} should have been refused"
        for reason in answer.reasons:
            assert "{" not in reason.text.zh, reason
            assert "{" not in reason.text.en, reason
        return answer

    def take(self, decision: Decision) -> Decision:
        """Writes a decision, as the records would, and proves that nothing is lost on the way."""
        for entry in decision.entries:
            journal = self.journals.setdefault(entry.matter, [])
            assert entry.seq == len(journal) + 1
            journal.append(entry)
            self.matters[entry.matter] = decision.matters[entry.matter]
        for id_ in {e.matter for e in decision.entries}:
            self.prove(id_)
        self.last = decision
        return decision

    def prove(self, id_: str) -> None:
        """Replay and storage give the same matter."""
        matter, journal = self.matters[id_], self.journals[id_]
        assert replay(journal) == matter
        procedure = self.procedure(matter)
        stored = json.loads(json.dumps(matter_data(matter), ensure_ascii=False))
        assert read_matter(stored, procedure) == matter
        entry = journal[-1]
        kept = self.library[entry.procedure, entry.version]
        line = json.loads(json.dumps(entry_data(entry, lambda _, value: value, frozenset()), ensure_ascii=False))
        assert read_entry(line, kept) == replace(entry, sets=typed(entry.sets), values=typed(entry.values))

    # -- looking ------------------------------------------------------------------------------------------------

    def state(self, id_: str) -> str:
        return self.matters[id_].state

    def figures(self, code: str) -> dict[str, int]:
        """All figures of a procedure, added up over the journals."""
        sums: dict[str, int] = {}
        for journal in self.journals.values():
            for entry in journal:
                for name, amount in entry.counts if entry.procedure == code else ():
                    sums[name] = sums.get(name, 0) + amount
        return sums


def typed(values: Mapping[str, object]) -> dict[str, object]:
    """Values as storage gives them back: lists become tuples."""
    return {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}


def zh(refusal: Refusal) -> list[str]:
    """The sentences an officer would read."""
    return [r.text.zh for r in refusal.reasons]


def photo(set_: str, at: str | datetime, n: int = 1, **more) -> Piece:
    """A located, legible photograph."""
    taken = moment(at) if isinstance(at, str) else at
    base = {"panorama": True, "plate_legible": True, "located": True} | more
    return Piece(set=set_, sha256=f"{n:064x}", taken_at=taken, **base)


def recording(set_: str, began: str, ended: str, n: int = 1) -> Piece:
    """A stretch of sound and picture."""
    return Piece(set=set_, sha256=f"{n:064x}", taken_at=moment(began), until=moment(ended), kind="recording")


__all__ = ["CARRIER", "Stage", "citizen", "moment", "officer", "photo", "plain", "recording", "zh"]
