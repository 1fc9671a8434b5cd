"""How powers and bans are written in the tables: one call a row, readable beside the law."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law.competence.actors import ROLES, Agency, Level, Party, Role
from guangyue.law.competence.powers import Ban, Power
from guangyue.law.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection

    from guangyue.law.competence.actions import Action, Fact
    from guangyue.law.competence.offences import Offence
    from guangyue.law.laws import Law

__all__ = ["may", "must_not"]


def may(
    code: str,
    role: Role,
    actions: Collection[Action],
    law: Law,
    art: str,
    *,
    at: Collection[Agency] = (),
    level: Collection[Level] = (),
    needs: Collection[Fact] = (),
    when: tuple[tuple[Fact, Fact], ...] = (),
    excludes: Collection[Fact] = (),
    limits: tuple[tuple[Party, str], ...] = (),
) -> Power:
    """A power: who may do what, by which provision, at which agencies and levels, under which circumstances."""
    source = law.source(art)
    return Power(
        code=f"P-{code}",
        title=ROLES[role],
        role=role,
        actions=frozenset(actions),
        agencies=frozenset(at),
        levels=frozenset(level),
        needs=frozenset(needs),
        needs_when=when,
        excludes=frozenset(excludes),
        limits=limits,
        source=source,
        verified=source.is_settled,
        effective_from=law.since,
        effective_to=law.until,
    )


def must_not(
    code: str,
    role: Role,
    actions: Collection[Action],
    why: tuple[str, str],
    law: Law,
    art: str,
    *,
    at: Collection[Agency] = (),
    offences: Collection[Offence] = (),
) -> Ban:
    """A ban: who must not do what, and the sentence that tells them."""
    source = law.source(art)
    return Ban(
        code=code,
        title=Text(*why),
        role=role,
        actions=frozenset(actions),
        agencies=frozenset(at),
        offences=frozenset(offences),
        source=source,
        verified=source.is_settled,
        effective_from=law.since,
        effective_to=law.until,
    )
