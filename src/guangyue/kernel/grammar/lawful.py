"""What the law asks of an act: that the actor has the power to do it, and that a fine keeps to its band and its ladder.

The questions are put to the tables of ``guangyue.law.competence``; here stands only how a matter answers what they ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from guangyue.kernel.grammar.base import T
from guangyue.kernel.grammar.conditions import Condition
from guangyue.kernel.grammar.requirements import MET, Requirement
from guangyue.kernel.reasons import Reason
from guangyue.law import LawError, Text
from guangyue.law.competence.actions import Action, Fact
from guangyue.law.competence.actors import Agency, Level, Party, Role
from guangyue.law.competence.bands import Step, applicable_band, may_fine
from guangyue.law.competence.matrix import may
from guangyue.law.competence.offences import Offence, Place
from guangyue.law.competence.powers import Act
from guangyue.law.override import override

if TYPE_CHECKING:
    from guangyue.kernel.context import Context
    from guangyue.law.verdict import Denied

NO_POWER = T("您的岗位没有任何执法职权。", "Your role has no power of this kind at all.")


@dataclass(frozen=True, slots=True)
class Competent(Requirement):
    """The law gives this act to the actor's role, agency and level, in these circumstances (职权).

    A circumstance that the law asks about is the case when ``given`` says so; else when the actor has it as a quality, it
    is ticked or present under its own code, or a yes-or-no field of that name is set. Two officers and a recording
    throughout are seen from the command itself.

    Attributes:
        power: the law's name of what is done: ``review_record``, ``fine_on_spot``, …
        offence: the field that holds the offence, when competence depends on it.
        place: the field that holds the kind of place, likewise.
        fine: the field that holds the amount in fen.
        organisation: the yes-or-no field that says whether the party is an organisation.
        given: circumstances and when they are the case.
    """

    power: str
    offence: str = ""
    place: str = ""
    fine: str = ""
    organisation: str = ""
    given: Mapping[str, Condition] = field(default_factory=dict)

    @override
    def unmet(self, context: Context) -> tuple[Reason, ...]:
        actor = context.actor
        if actor.system:
            return MET
        verdicts: list[Denied] = []
        for role in sorted(actor.roles & ROLES):
            verdict = may(
                Act(
                    role=Role(role),
                    action=Action(self.power),
                    agency=Agency(actor.agency) if actor.agency in AGENCIES else Agency.PUBLIC,
                    level=Level(actor.level) if actor.level in LEVELS else Level.NONE,
                    on=context.observed_at,
                    facts=self._facts(context),
                    fine=_number(context, self.fine),
                    party=Party.ORGANISATION if context.value(self.organisation) is True else Party.CITIZEN,
                    offence=_offence(context, self.offence),
                    place=_place(context, self.place),
                )
            )
            if verdict:
                return MET
            verdicts.append(verdict)
        if not verdicts:
            return (Reason("who.not_competent", {"why": NO_POWER, "rule": "power.none"}),)
        nearest = min(verdicts, key=lambda verdict: len(verdict.reasons))
        return tuple(Reason("who.not_competent", {"why": r.text, "rule": r.code}) for r in nearest.reasons)

    def _facts(self, context: Context) -> frozenset[Fact]:
        return frozenset(fact for fact in Fact if self._is_given(fact, context))

    def _is_given(self, fact: Fact, context: Context) -> bool:
        command, matter, code = context.command, context.matter, fact.value
        if code in self.given:
            return self.given[code].holds(context)
        if fact is Fact.TWO_OFFICERS and context.officers() > 1:
            return True
        if fact is Fact.FULL_RECORDING and (
            any(p.until is not None for p in command.evidence) or any(s.covered for s in matter.shots.values())
        ):
            return True
        ticked = code in command.checks or code in matter.checks or code in command.present
        return ticked or code in context.actor.qualities or context.value(code) is True


ROLES = frozenset(role.value for role in Role)
AGENCIES = frozenset(agency.value for agency in Agency)
LEVELS = frozenset(level.value for level in Level)


def _number(context: Context, name: str) -> int | None:
    value = context.value(name) if name else None
    return value if isinstance(value, int) else None


def _offence(context: Context, name: str) -> Offence | None:
    value = context.value(name) if name else None
    return Offence(value) if isinstance(value, str) and value in OFFENCES else None


def _place(context: Context, name: str) -> Place | None:
    value = context.value(name) if name else None
    return Place(value) if isinstance(value, str) and value in PLACES else None


OFFENCES = frozenset(offence.value for offence in Offence)
PLACES = frozenset(place.value for place in Place)


@dataclass(frozen=True, slots=True)
class WithinBand(Requirement):
    """A fine stays inside the band of its offence, after the steps the law demands first (处罚幅度).

    The band is that of the day on which the matter was opened, or a lighter one since (行政处罚法 37).

    Attributes:
        amount: the field that holds the fine in fen.
        offence: the field that holds the offence.
        part: a second band of the same offence: ``.city``, ``.serious``.
        steps: the acts of the procedure that are steps of the law's ladder: ``{"admonish": "admonish"}``.
    """

    amount: str
    offence: str
    part: str = ""
    steps: Mapping[str, str] = field(default_factory=dict)

    @override
    def unmet(self, context: Context) -> tuple[Reason, ...]:
        fen, offence = _number(context, self.amount), _offence(context, self.offence)
        if fen is None or offence is None:
            title = context.title_of(self.amount if fen is None else self.offence)
            return (Reason("value.required", {"title": title}, field=self.amount if fen is None else self.offence),)
        passages = context.matter.passages
        act = passages[0].at if passages else context.observed_at
        try:
            band = applicable_band(f"B-{offence.value}{self.part}", act, context.observed_at)
        except LawError as error:
            return (self._reason(error.text, error.code),)
        taken = [Step(step) for code, step in self.steps.items() if context.matter.times(code)]
        verdict = may_fine(band, fen, taken, context.observed_at)
        return MET if verdict else tuple(self._reason(r.text, r.code) for r in verdict.reasons)

    def _reason(self, why: Text, rule: str) -> Reason:
        return Reason("requires.band", {"why": why, "rule": rule}, field=self.amount)
