"""What the law asks of an act: that the actor has the power to do it, and that a fine keeps to its band and its ladder.

The questions are put to the tables of ``guangyue.law.competence``; here stands only how a matter answers what they ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from guangyue.kernel.grammar.base import Element, T
from guangyue.kernel.grammar.conditions import Condition
from guangyue.kernel.grammar.requirements import MET, Requirement
from guangyue.kernel.reasons import Reason
from guangyue.law import LawError, Text, local_date
from guangyue.law.competence.actions import Action, Fact
from guangyue.law.competence.actors import Agency, Level, Party, Role
from guangyue.law.competence.bands import Step, applicable_band, may_fine
from guangyue.law.competence.matrix import POWERS, may
from guangyue.law.competence.offences import Offence, Place
from guangyue.law.competence.powers import Act
from guangyue.law.override import override

if TYPE_CHECKING:
    from guangyue.kernel.context import Context
    from guangyue.law.verdict import Allowed, Denied

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
        day = local_date(context.observed_at)
        fine = _number(context, self.fine)
        offence, place = _text(context, self.offence), _text(context, self.place)
        organisation = bool(self.organisation) and context.value(self.organisation) is True
        nearest: Denied | None = None
        for role in sorted(actor.roles):
            if role not in ROLES:
                continue
            facts = frozenset([fact for fact in circumstances(role, self.power) if self._is_given(fact, context)])
            verdict = ruling(
                role, self.power, actor.agency, actor.level, day, facts, fine, organisation, offence, place
            )
            if verdict:
                return MET
            if nearest is None or len(verdict.reasons) < len(nearest.reasons):
                nearest = verdict
        if nearest is None:
            return (Reason("who.not_competent", {"why": NO_POWER, "rule": "power.none"}),)
        return tuple(Reason("who.not_competent", {"why": r.text, "rule": r.code}) for r in nearest.reasons)

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
OFFENCES = frozenset(offence.value for offence in Offence)
PLACES = frozenset(place.value for place in Place)


@cache
def circumstances(role: str, power: str) -> tuple[Fact, ...]:
    """What the law's tables ask about when a role does an act."""
    powers = (p for p in POWERS if p.role == role and power in p.actions)
    asked = {fact for p in powers for fact in (*p.needs, *p.excludes, *(f for pair in p.needs_when for f in pair))}
    return tuple(sorted(asked))


@lru_cache(maxsize=10_000)
def ruling(
    role: str,
    power: str,
    agency: str,
    level: str,
    day: date,
    facts: frozenset[Fact],
    fine: int | None,
    organisation: bool,  # noqa: FBT001 - a place in a key, never written out
    offence: str,
    place: str,
) -> Allowed | Denied:
    """What the law's tables answer; the same question has the same answer, so it is put once."""
    return may(
        Act(
            role=Role(role),
            action=Action(power),
            agency=Agency(agency) if agency in AGENCIES else Agency.PUBLIC,
            level=Level(level) if level in LEVELS else Level.NONE,
            on=day,
            facts=facts,
            fine=fine,
            party=Party.ORGANISATION if organisation else Party.CITIZEN,
            offence=Offence(offence) if offence in OFFENCES else None,
            place=Place(place) if place in PLACES else None,
        )
    )


@dataclass(frozen=True, slots=True)
class Priors(Element):
    """What the same subject has on record from before (初犯查询), shown to whoever chooses a measure.

    It suggests and never decides: no requirement looks at it, and every look is on record (行政处罚法 33).

    Attributes:
        outcomes: the outcomes that count as an earlier record; a reminder that was followed never does.
        first: what is suggested where there is none. again: what is said where there are some.
        shows: the fields of each earlier matter that are shown, choices all of them: the measure.
        look_back: the term of the book that says how far back is looked.
    """

    outcomes: tuple[str, ...]
    first: Text
    again: Text
    shows: tuple[str, ...] = ()
    look_back: str = "S-FIRST"


def _number(context: Context, name: str) -> int | None:
    value = context.value(name) if name else None
    return value if isinstance(value, int) else None


def _text(context: Context, name: str) -> str:
    value = context.value(name) if name else ""
    return value if isinstance(value, str) else ""


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
        fen, offence = _number(context, self.amount), _text(context, self.offence)
        if fen is None or offence not in OFFENCES:
            missing = self.amount if fen is None else self.offence
            return (Reason("value.required", {"title": context.title_of(missing)}, field=missing),)
        passages = context.matter.passages
        act = passages[0].at if passages else context.observed_at
        try:
            band = applicable_band(f"B-{offence}{self.part}", act, context.observed_at)
        except LawError as error:
            return (self._reason(error.text, error.code),)
        taken = [Step(step) for code, step in self.steps.items() if context.matter.times(code)]
        verdict = may_fine(band, fen, taken, context.observed_at)
        return MET if verdict else tuple(self._reason(r.text, r.code) for r in verdict.reasons)

    def _reason(self, why: Text, rule: str) -> Reason:
        return Reason("requires.band", {"why": why, "rule": rule}, field=self.amount)
