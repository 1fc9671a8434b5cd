"""Which matters a viewer may open: agency × unit × role × assignment (可见范围). What no line here allows is refused."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guangyue.city.models import Person
from guangyue.kernel import Actor
from guangyue.kernel.matrix import everyone
from guangyue.law.competence.actors import Agency, Role

if TYPE_CHECKING:
    from datetime import datetime

    from guangyue.city.viewer import Held, Viewer
    from guangyue.kernel import Procedure
    from guangyue.records.database import Db
    from guangyue.records.library import Library

__all__ = ["READ", "WRITE", "PartyRow", "Reach", "Scope", "Standing", "account_name", "scope_of"]

READ, WRITE = "matters:read", "matters:write"
"""What a token must allow to read matters, and to act on them."""
_UNITS = """
    select h.n, u.code from unnest(%s::int[], %s::text[], %s::boolean[]) h (n, path, below)
    join city_unit u on u.path >= h.path collate "C"
        and u.path < (h.path || case when h.below then '~' else ' ' end) collate "C"
"""
_NAMED: dict[str, frozenset[tuple[str, str, tuple[str, ...]]]] = {}


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the roles held reach, for some procedures.

    Attributes:
        procedures: the procedures whose declaration names a role held there.
        units: the units within reach. agencies: what no unit of these agencies has taken yet is seen by all of theirs.
    """

    procedures: tuple[str, ...]
    units: tuple[str, ...]
    agencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartyRow:
    """Somebody the matter is about, as the records know him."""

    role: str
    account: str
    search: bytes | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a matter decides who may open it."""

    procedure: str
    holder: str
    assignee: str
    units: frozenset[str]
    parties: tuple[PartyRow, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """A viewer's reach, worked out anew for each request.

    Attributes:
        account: the account's name in the journal; empty for nobody.
        reaches: where the roles held reach.
        everything: city-wide oversight: all matters, with what everybody may read in them.
        identities: keyed hashes of the viewer's own identity number.
        held: each role held, with the units and procedures it reaches.
    """

    account: str = ""
    reaches: tuple[Reach, ...] = ()
    everything: bool = False
    identities: tuple[bytes, ...] = ()
    held: tuple[tuple[Held, frozenset[str], frozenset[str]], ...] = ()

    @property
    def nobody(self) -> bool:
        """Whether nothing can be seen at all."""
        return not self.account

    def parties(self, standing: Standing) -> frozenset[str]:
        """What the viewer is to a matter: owner, applicant, respondent."""
        if self.nobody:
            return frozenset()
        mine = set(self.identities)
        return frozenset(
            p.role for p in standing.parties if p.account == self.account or (p.search and p.search in mine)
        )

    def through(self, standing: Standing) -> tuple[Held, ...]:
        """The roles held through which a viewer reaches a matter."""
        if self.assigned(standing):
            return tuple(held for held, _, procedures in self.held if standing.procedure in procedures)
        return tuple(
            held
            for held, units, procedures in self.held
            if standing.procedure in procedures
            and (standing.holder in units or standing.holder == held.agency or not units.isdisjoint(standing.units))
        )

    def assigned(self, standing: Standing) -> bool:
        """Whether the viewer, who holds a role, is in charge of the matter."""
        return bool(self.held) and standing.assignee == self.account != ""

    def admits(self, standing: Standing) -> bool:
        """Whether the viewer may open a matter."""
        if self.nobody:
            return False
        if self.everything:
            return True
        if self.through(standing):
            return True
        return bool(self.parties(standing))

    def actors(self, standing: Standing, signed_in_at: datetime | None = None) -> tuple[Actor, ...]:
        """Every capacity in which the viewer may act on a matter and read it, one for each unit; at least one."""
        parties = self.parties(standing)
        by_unit: defaultdict[str, list[Held]] = defaultdict(list)
        for held in self.through(standing):
            by_unit[held.unit_code].append(held)
        name = self.account or "nobody"
        return tuple(
            Actor(
                id=name, roles=frozenset(h.role for h in group), agency=group[0].agency, level=group[0].level,
                unit=unit, parties=parties, signed_in_at=signed_in_at,
                qualities=frozenset({"certified"} if any(h.certificate for h in group) else ()),
            )
            for unit, group in by_unit.items()
        ) or (Actor(id=name, parties=parties, signed_in_at=signed_in_at),)  # fmt: skip


def account_name(account_id: int) -> str:
    """An account as journals, parties and assignments name it: ``account:17``."""
    return f"account:{account_id}"


def scope_of(db: Db, viewer: Viewer, library: Library, *, needs: str = READ) -> Scope:
    """The scope of a viewer now.

    Args:
        db: a connection.
        viewer: who looks; a token that does not allow ``needs`` sees nothing.
        library: the procedures; what none of them says is refused.
        needs: the scope a token must have.
    """
    if viewer.account_id is None or not viewer.allows(needs):
        return Scope()
    units: defaultdict[int, set[str]] = defaultdict(set)
    if viewer.held:
        rows = [list(range(len(viewer.held))), [h.path for h in viewer.held], [h.below for h in viewer.held]]
        for n, code in db.execute(_UNITS, rows).fetchall():
            units[n].add(code)
    held = tuple(
        (h, frozenset(units[n]), frozenset(p.code for p in library.known() if _names(p, h)))
        for n, h in enumerate(viewer.held)
    )
    return Scope(
        account=account_name(viewer.account_id),
        reaches=_reaches(held),
        everything=any(h.role == Role.SUPERVISOR and h.agency == Agency.GOVERNMENT for h in viewer.held),
        identities=_identities(db, viewer),
        held=held,
    )


def _names(procedure: Procedure, held: Held) -> bool:
    named = _NAMED.get(procedure.digest)
    if named is None:
        roles = {(w.code, w.agency, w.levels) for w in everyone(procedure) if w.kind == "role"}
        named = _NAMED[procedure.digest] = frozenset(roles)
    return any(
        code == held.role and agency in {"", held.agency} and (not levels or held.level in levels)
        for code, agency, levels in named
    )


def _reaches(held: tuple[tuple[Held, frozenset[str], frozenset[str]], ...]) -> tuple[Reach, ...]:
    """Units with the same procedures together, so that a list needs few branches."""
    per_unit: defaultdict[tuple[bool, str], set[str]] = defaultdict(set)  # a unit, or an agency
    for h, units, procedures in held:
        if procedures:
            for unit in units:
                per_unit[True, unit] |= procedures
            per_unit[False, h.agency] |= procedures
    grouped: defaultdict[tuple[str, ...], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for (is_unit, code), reached in sorted(per_unit.items()):
        grouped[tuple(sorted(reached))][0 if is_unit else 1].append(code)
    return tuple(Reach(key, tuple(units), tuple(agencies)) for key, (units, agencies) in grouped.items())


def _identities(db: Db, viewer: Viewer) -> tuple[bytes, ...]:
    if viewer.person_id is None:
        return ()
    row = db.execute("select id_number from city_person where id = %s", [viewer.person_id]).fetchone()
    number = Person._meta.get_field("id_number").from_db_value(row[0]) if row else None
    return (number.search_key(),) if number is not None and not number.erased else ()
