"""Random walks over procedures: legal and illegal steps, jumps in time, late observations; each step is checked.

Used by the tests and by the benchmark `kernel.steps`. Deterministic by seed.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta

from tests.kernel import model
from tests.kernel.skeletons.batch import BATCH, PERMIT
from tests.kernel.skeletons.eviction import EVICTION
from tests.kernel.skeletons.hazard import HAZARD, ROUND
from tests.kernel.skeletons.mediation import MEDIATION, PROMISE
from tests.kernel.skeletons.parking import PARKING
from tests.kernel.skeletons.relay import PASSPORT
from tests.kernel.skeletons.series import SERIES, SUSPECT, THEFT
from tests.kernel.skeletons.visit import VISIT
from tests.kernel.stage import Stage

from guangyue.kernel import Actor, Command, Decision, Matter, Piece, Procedure, Refusal, decide
from guangyue.kernel.grammar import Action, Checked, Present, Recording
from guangyue.kernel.grammar.values import Kind
from guangyue.kernel.tables import elements, relation_of, slots

ALL = (BATCH, PERMIT, EVICTION, HAZARD, ROUND, MEDIATION, PROMISE, PARKING, PASSPORT, SERIES, SUSPECT, THEFT, VISIT)
UNITS = ("u1", "u2", "u3")
QUALITIES = frozenset({"certified", "legally_qualified"})


@dataclass
class Tally:
    """What a walk has seen."""

    steps: int = 0
    decided: int = 0
    refused: int = 0
    entries: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)


class Walker:
    """Walks over one family of procedures."""

    def __init__(self, seed: int, tally: Tally, *, procedures: tuple[Procedure, ...] = ALL) -> None:
        self.dice = random.Random(seed)
        self.tally = tally
        self.procedures = procedures
        self.stage = Stage(*procedures)
        self.people = [f"p{n}" for n in range(4)]
        self.seen: dict[str, int] = {}

    def walk(self, steps: int) -> None:
        """So many steps; a new stage now and then, so that matters stay few."""
        for n in range(steps):
            if n % 150 == 0:
                self.stage = Stage(*self.procedures)
                self.seen = {}
            self.step()
            self._look()

    def step(self) -> None:
        """One act, after some time has passed."""
        dice, stage = self.dice, self.stage
        if dice.random() < 0.35:
            jump = dice.choice((timedelta(minutes=3), timedelta(minutes=12), timedelta(hours=5), timedelta(days=4)))
            stage.move(stage.now + jump, runner=dice.random() < 0.7)
        matters = list(stage.matters.values())
        fresh = not matters or (len(matters) < 12 and dice.random() < 0.15)
        awake = [m for m in matters if not m.closed]
        matter = None if fresh else dice.choice(awake if awake and dice.random() < 0.85 else matters)
        procedure = stage.procedure(matter) if matter else dice.choice(self.procedures)
        action = self._action(procedure, matter)
        blank = matter or Matter(id=f"m{len(stage.matters) + 1}", procedure=procedure.code, version=procedure.version)
        actor = self._actor(action, blank)
        command = self._command(procedure, action, blank)
        if matter and len(matter.passages) > 1 and matter.passages[-1].by.startswith("lapse:") and dice.random() < 0.4:
            command = self._overtaking(procedure, matter, command)
            actor = self._actor(procedure.action(command.act), blank)
        self._judge(procedure, matter, blank, command, actor)

    def _overtaking(self, procedure: Procedure, matter: Matter, command: Command) -> Command:
        """What a phone saw just before the last lapse, and tells only now."""
        state, seen = matter.passages[-2].state, matter.passages[-1].at - timedelta(seconds=30)
        possible = [a for a in procedure.actions if a.moves and model.target(procedure, a, state) is not None]
        if not possible or seen <= matter.passages[-2].at:
            return command
        made = self._command(procedure, self.dice.choice(possible), matter)
        return replace(made, observed_at=seen, evidence=tuple(replace(p, taken_at=seen) for p in made.evidence))

    def _judge(
        self, procedure: Procedure, matter: Matter | None, blank: Matter, command: Command, actor: Actor
    ) -> None:
        stage, tally = self.stage, self.tally
        answer = decide(procedure, matter, command, stage.facts(actor, blank.id))
        tally.steps += 1
        late = command.observed_at is not None or any(
            a.status == "pending" and not a.met_by(stage.now) for a in blank.deadlines.values()
        )
        if isinstance(answer, Decision):
            tally.decided += 1
            self._check_decision(procedure, blank, command, actor, answer, settled=not late)
        else:
            tally.refused += 1
            self._check_refusal(procedure, blank, command, actor, answer, settled=not late)

    def _check_refusal(self, procedure, blank, command, actor, answer: Refusal, *, settled: bool) -> None:
        own = [r for r in answer.reasons if not r.matter]
        if not answer.reasons:
            self.tally.violations.append(f"{command.act}: refused without a reason")
        if settled:
            expected = model.objections(procedure, blank, command, actor)
            told = {r.code for r in own} & model.JUDGED
            if told != expected and not (own == [] and not expected):
                self.tally.violations.append(
                    f"{procedure.code}.{command.act} in {blank.state}: model {sorted(expected)}, kernel {sorted(told)}"
                )

    def _check_decision(self, procedure, blank, command, actor, answer: Decision, *, settled: bool) -> None:
        stage, tally = self.stage, self.tally
        if settled and (against := model.objections(procedure, blank, command, actor)):
            tally.violations.append(
                f"{procedure.code}.{command.act} in {blank.state}: allowed in spite of {sorted(against)}"
            )
        stage.take(answer)

    def _look(self) -> None:
        """Every entry written since the last look, those of the runner included, and every matter it touched."""
        stage, tally = self.stage, self.tally
        for id_, journal in stage.journals.items():
            fresh = journal[self.seen.get(id_, 0) :]
            if not fresh:
                continue
            self.seen[id_] = len(journal)
            for entry in fresh:
                tally.entries[entry.kind] += 1
                rules = stage.library[entry.procedure, entry.version]
                tally.violations += [f"{entry.procedure}: {v}" for v in model.violations(rules, entry)]
            touched = stage.matters[id_]
            tally.violations += [f"{touched.procedure}: {v}" for v in model.lost(stage.procedure(touched), touched)]
            fired = Counter((s.key, s.occurrence) for e in journal for s in e.stops if s.status == "fired")
            revived = Counter((s.key, s.occurrence) for e in journal for s in e.stops if s.status == "pending")
            tally.violations += [
                f"{touched.procedure}: {k} fired {n} times" for k, n in fired.items() if n > 1 + revived[k]
            ]

    # -- making commands ----------------------------------------------------------------------------------------

    def _action(self, procedure: Procedure, matter: Matter | None) -> Action:
        if self.dice.random() < 0.8:
            state = matter.state if matter else ""
            possible = [a for a in procedure.actions if model.target(procedure, a, state) is not None]
            if possible:
                return self.dice.choice(possible)
        return self.dice.choice(procedure.actions)

    def _actor(self, action: Action, matter: Matter) -> Actor:
        dice = self.dice
        name, unit = dice.choice(self.people), dice.choice(UNITS)
        if dice.random() < 0.12 or not action.by:
            return Actor(id=name, roles=frozenset({"volunteer"}), agency="community", unit=unit)
        who = dice.choice(action.by)
        if who.kind == "system":
            return Actor(id=who.code, system=who.code)
        if who.kind == "party":
            return Actor(id=name, parties=frozenset({who.code}))
        agency = who.agency or dice.choice(("police", "urban", "traffic_police", "court", "community"))
        if who.holder and matter.holder:
            unit = matter.holder
        return Actor(
            id=name, roles=frozenset({who.code}), agency=agency, unit=unit,
            level=dice.choice(who.levels or ("county", "city")), qualities=QUALITIES,
        )  # fmt: skip

    def _command(self, procedure: Procedure, action: Action, matter: Matter) -> Command:
        dice, now = self.dice, self.stage.now
        form = procedure.tables.forms[action.code]
        values = {n: self._value(q.field, q.ask) for n, q in form.items() if q.ask.required or dice.random() < 0.5}
        if values and dice.random() < 0.12:
            values.pop(dice.choice(list(values)))
        evidence = tuple(p for e in action.evidence for p in self._pieces(e)) if dice.random() < 0.9 else ()
        ticks = {e.code for e in elements(action.requires) if isinstance(e, Checked | Present)}
        given = frozenset(t for t in ticks if dice.random() < 0.92)
        observed = now - timedelta(minutes=dice.randrange(1, 40)) if dice.random() < 0.08 else None
        kind = relation_of(action)
        others = [i for i in self.stage.matters if i != matter.id]
        related = {kind: tuple(dice.sample(others, min(len(others), dice.randrange(3))))} if kind else {}
        return Command(
            act=action.code, received_at=now, observed_at=observed, values=values, evidence=evidence, checks=given,
            present=given, officers=tuple(self.people[:2]),
            assign={t: tuple(dice.sample(UNITS, dice.randrange(0, 4))) for t in action.tasks},
            items={s: self._items(procedure, s) for s in slots(action)}, related=related,
        )  # fmt: skip

    def _items(self, procedure: Procedure, slot: str) -> tuple[dict[str, object], ...]:
        child = procedure.child(slot)
        inner = self.stage.library.get((child.procedure, 0))
        if inner is None:
            return ()
        form = inner.tables.forms[child.opening]
        return tuple(
            {n: self._value(q.field, q.ask) for n, q in form.items()} for _ in range(self.dice.randrange(0, 4))
        )

    def _pieces(self, profile) -> list[Piece]:
        dice, now = self.dice, self.stage.now
        number = f"{dice.getrandbits(200):064x}"
        if isinstance(profile, Recording):
            return [
                Piece(set=profile.code, sha256=number, taken_at=now - timedelta(minutes=5), until=now, kind="recording")
            ]
        least = max(0, profile.at_least - (dice.random() < 0.08))
        return [
            Piece(
                set=profile.code,
                sha256=number,
                taken_at=now,
                panorama=True,
                plate_legible=dice.random() < 0.97,
                located=True,
            )
            for _ in range(least)
        ]

    def _value(self, field_, ask) -> object:
        dice, kind = self.dice, field_.kind
        if kind is Kind.CHOICE:
            return dice.choice(field_.choices)[0]
        if kind is Kind.CHOICES:
            return (field_.choices[0][0],) if field_.choices else ("x",)
        if kind in {Kind.INTEGER, Kind.MONEY}:
            low = ask.at_least or 0
            return dice.randrange(low, (ask.at_most or low + 1000) + 1)
        if kind is Kind.FLAG:
            return dice.random() < 0.7
        if kind is Kind.MOMENT:
            return self.stage.now + timedelta(days=dice.randrange(1, 9))
        if kind is Kind.DATE:
            return (self.stage.now + timedelta(days=dice.randrange(1, 9))).date()
        if kind is Kind.PLACE:
            return (115_985_000, 36_456_000)
        if kind is Kind.UNIT:
            return dice.choice(UNITS)
        return "鲁P12345" if kind is Kind.PLATE else "柳园路十二号"


def walk(seed: int, steps: int, procedures: tuple[Procedure, ...] = ALL) -> Tally:
    """One walk; the tally says what happened."""
    tally = Tally()
    Walker(seed, tally, procedures=procedures).walk(steps)
    return tally
