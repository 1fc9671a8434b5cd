"""What a power is, and the one question: may this role do this here and now (职权)?

A power allows an act to a role, for some agencies and levels, under conditions. A ban forbids it outright and says why.
What no power allows is denied. The answer names every reason, so that an officer mends all of them at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guangyue.law.competence.actions import ACTIONS, FACTS, PENALTIES, SUMS, Action, Fact
from guangyue.law.competence.actors import AGENCIES, LEVELS, ROLES, Agency, Level, Party, Role
from guangyue.law.competence.offences import Offence, Place, competent, other_agency
from guangyue.law.limits import LIMITS, YUAN
from guangyue.law.rule import Rule
from guangyue.law.text import Text
from guangyue.law.verdict import Allowed, Denied, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

__all__ = ["Act", "Ban", "Power", "judge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Power(Rule):
    """A role may do these acts.

    Attributes:
        role: who.
        actions: what.
        agencies: on whose behalf; empty for any.
        levels: at which levels; empty for any.
        needs: circumstances that must all be given.
        needs_when: where the first circumstance is given, the second must be too.
        excludes: circumstances that must not be given.
        limits: the highest fine, a code of :data:`guangyue.law.limits.LIMITS` by party; empty for none.
    """

    role: Role
    actions: frozenset[Action]
    agencies: frozenset[Agency] = frozenset()
    levels: frozenset[Level] = frozenset()
    needs: frozenset[Fact] = frozenset()
    needs_when: tuple[tuple[Fact, Fact], ...] = ()
    excludes: frozenset[Fact] = frozenset()
    limits: tuple[tuple[Party, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban(Rule):
    """A role must not do these acts, whatever the circumstances.

    ``agencies`` and ``offences`` narrow it; empty for all.
    """

    role: Role
    actions: frozenset[Action]
    agencies: frozenset[Agency] = frozenset()
    offences: frozenset[Offence] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody is about to do.

    Attributes:
        role: who.
        action: what.
        agency: on whose behalf.
        level: the level of that agency.
        on: when; the law of that day decides.
        facts: the circumstances given; what is not given is not the case.
        fine: the amount in fen; an act about a fine that has a limit is denied without it.
        party: whom a penalty falls on.
        offence: which offence it is about; then an act of enforcement needs ``place`` too, and the competent agency.
        place: where.
    """

    role: Role
    action: Action
    agency: Agency
    level: Level
    on: date | datetime
    facts: frozenset[Fact] = frozenset()
    fine: int | None = None
    party: Party = Party.CITIZEN
    offence: Offence | None = None
    place: Place | None = None


def judge(act: Act, powers: Iterable[Power], bans: Iterable[Ban]) -> Allowed | Denied:
    """Whether an act is allowed by these powers and bans.

    Returns:
        Allowed with the provisions, or Denied with every reason. Codes: ``ban.<code of the ban>``, ``power.none``,
        ``power.agency``, ``power.level``, ``power.needs.<fact>``, ``power.excludes.<fact>``, ``power.amount``,
        ``power.amount_missing``, ``competence.agency``, ``competence.place_missing``, and those of
        :func:`guangyue.law.competence.offences.competent`.
    """
    reasons = [_banned(ban) for ban in bans if _forbids(ban, act)]
    granted = [
        power for power in powers if power.role is act.role and act.action in power.actions and power.in_force(act.on)
    ]
    best: tuple[Power, list[Reason]] | None = None
    if granted:
        best = min(((power, _problems(power, act)) for power in granted), key=lambda pair: len(pair[1]))
        reasons += best[1]
    elif not reasons:
        text = Text("{role}没有“{action}”的职权。", "{role} has no power to {action}.")
        reasons.append(Reason("power.none", text.format(role=ROLES[act.role], action=ACTIONS[act.action])))
    reasons += _not_competent(act)
    if reasons or best is None:
        return Denied(tuple(reasons))
    return Allowed((best[0].source,), best[0].verified)


def _forbids(ban: Ban, act: Act) -> bool:
    return (
        ban.role is act.role
        and act.action in ban.actions
        and ban.in_force(act.on)
        and (not ban.agencies or act.agency in ban.agencies)
        and (not ban.offences or act.offence in ban.offences)
    )


def _banned(ban: Ban) -> Reason:
    return Reason(f"ban.{ban.code}", ban.title, ban.source)


def _problems(power: Power, act: Act) -> list[Reason]:
    found = []
    if power.agencies and act.agency not in power.agencies:
        text = Text("此项职权不属于{agency}。", "This power is not one of {agency}.")
        found.append(Reason("power.agency", text.format(agency=AGENCIES[act.agency]), power.source))
    if power.levels and act.level not in power.levels:
        text = Text("{level}机关没有此项职权。", "An agency at {level} level has no such power.")
        found.append(Reason("power.level", text.format(level=LEVELS[act.level]), power.source))
    wanted = sorted(power.needs) + [then for given, then in power.needs_when if given in act.facts]
    for fact in wanted:
        if fact not in act.facts:
            text = Text("须{fact}。", "Required: {fact}.")
            found.append(Reason(f"power.needs.{fact}", text.format(fact=FACTS[fact]), power.source))
    for fact in sorted(power.excludes & act.facts):
        text = Text("不得有此情形：{fact}。", "Not where: {fact}.")
        found.append(Reason(f"power.excludes.{fact}", text.format(fact=FACTS[fact]), power.source))
    code = dict(power.limits).get(act.party)
    if code and act.action in SUMS:
        found += _too_much(code, act)
    return found


def _too_much(code: str, act: Act) -> tuple[Reason, ...]:
    limit = LIMITS.get(code, act.on)
    if act.fine is None:
        text = Text(
            "请先写明罚款数额，上限为{most}元（{limit}）。", "Name the amount first; the limit is ¥{most} ({limit})."
        )
        reason = "power.amount_missing"
    elif act.fine > limit.amount:
        text = Text("{given}元超过上限{most}元（{limit}）。", "¥{given} is above the limit of ¥{most} ({limit}).")
        reason = "power.amount"
    else:
        return ()
    sums = {"given": f"{(act.fine or 0) / YUAN:,.2f}", "most": f"{limit.amount / YUAN:,.2f}"}
    return (Reason(reason, text.format(limit=limit.title, **sums), limit.source),)


def _not_competent(act: Act) -> tuple[Reason, ...]:
    if act.offence is None or act.action not in PENALTIES:
        return ()
    if act.place is None:
        text = Text("请先写明发生的场所，才能确定管辖。", "Name the kind of place first; competence depends on it.")
        return (Reason("competence.place_missing", text),)
    rule = competent(act.offence, act.place, act.on)
    if isinstance(rule, Denied):
        return rule.reasons
    return () if rule.agency is act.agency else (other_agency(rule),)
