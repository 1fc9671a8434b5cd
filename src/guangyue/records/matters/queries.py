"""The SQL of lists: a few short index walks, one for each key, merged and cut to a page.

PostgreSQL does not merge ordered walks of one index over several keys by itself, so it is spelt out: for every holder (or
pair of procedure and state, or cell) the first lines of its own walk, then the first lines of all. Whoever reaches very
many units walks the whole order once and leaves out what is not theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from guangyue.kernel.grammar import State
from guangyue.records.matters.asking import Cursor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from guangyue.records.library import Library
    from guangyue.records.matters.asking import Asked
    from guangyue.records.matters.scope import Reach, Scope

__all__ = ["Query", "build"]

WALKS = 160
"""Above so many walks one long walk is cheaper."""
_AT = {"newest": "m.opened_at", "deadline": "coalesce(m.due_at, timestamptz 'infinity')"}
_WAY = {"newest": "desc", "deadline": "asc"}
_OPEN_AMONG_MANY = "(i.matter_id in (select o.id from matter o where o.closed_at is null)) is true"
"""Of what passed through a unit nearly all is closed. The open ones fit in a hash, and the walk asks it instead of looking
up every matter; ``is true`` keeps the planner from making a join of it, which would lose the order and walk to the end."""
_PAST = {"newest": "<", "deadline": ">"}


@dataclass(slots=True)
class Query:
    """A statement in the making: its branches and their parameters."""

    order: str
    most: int
    params: dict[str, Any] = field(default_factory=dict)
    branches: list[str] = field(default_factory=list)

    def name(self, value: object) -> str:
        """A parameter's place in the statement."""
        key = f"p{len(self.params)}"
        self.params[key] = value
        return f"%({key})s"

    def walk(self, wheres: Iterable[str], *, source: str = "matter m", keys: str = "") -> None:
        """One branch: the first lines that hold, or those of each key."""
        at, way = _AT[self.order], _WAY[self.order]
        if "involvement" in source:
            at, order = "i.opened_at", f"i.opened_at {way}, i.matter_id {way}"
        else:
            order = f"{at} {way}, m.id {way}"
        one = f"select m.id, {at} as at from {source} where {' and '.join(wheres)} order by {order} limit {self.most}"  # noqa: S608 - our own words
        self.branches.append(f"select w.* from {keys} cross join lateral ({one}) w" if keys else one)  # noqa: S608 - our own words

    def text(self, columns: str) -> str:
        """The whole statement."""
        way = _WAY[self.order]
        parts = " union ".join(f"({b})" for b in self.branches)
        if len(self.branches) > 1 or "lateral" in parts:
            parts = f"select id, at from ({parts}) u order by at {way}, id {way} limit {self.most}"  # noqa: S608 - our own words
        return f"select {columns} from ({parts}) k join matter m on m.id = k.id order by k.at {way}, k.id {way}"  # noqa: S608 - our own words


def build(scope: Scope, asked: Asked, library: Library, ids: Sequence[int] | None, most: int) -> Query | None:
    """The query of a list, or nothing where nothing can be seen.

    Args:
        scope: how far the viewer reaches.
        asked: the filters.
        library: the procedures.
        ids: the rows that the filter by text leaves, when there is one.
        most: how many lines to look for.
    """
    if scope.nobody or ids == []:
        return None
    query = Query(asked.order, most)
    conditions = _conditions(query, asked)
    keyed = _keyed(query, asked, ids)
    # Whoever looks for one matter by name finds it wherever it may be seen.
    where = "any" if ids is not None and asked.text.strip() else asked.where
    if scope.everything and where in {"held", "involved", "any"}:
        _whole(query, asked, library, conditions, keyed)
        return query
    if where in {"held", "involved", "any"}:
        for reach in scope.reaches:
            _reach(query, asked, library, reach, (conditions, keyed), involved=where != "held")
    if where == "mine" or (scope.held and where in {"held", "involved", "any"}):
        query.walk([f"m.assignee = {query.name(scope.account)}", *keyed[1], *conditions], keys=keyed[0])
    if where in {"party", "any"}:
        account, mine = query.name(scope.account), query.name(list(scope.identities))
        party = (
            f"m.id in (select matter_id from party where account = {account} and ended_at is null"  # noqa: S608 - our own words
            f" union all select matter_id from party where search = any({mine}::bytea[]) and ended_at is null)"
        )
        query.walk([party, *keyed[1], *conditions], keys=keyed[0])
    return query if query.branches else None


Keyed = tuple[str, list[str]]


def _keyed(query: Query, asked: Asked, ids: Sequence[int] | None) -> Keyed:
    """Selective keys: where their walks come from, and what each of them must hold."""
    if ids is not None:
        return "", [f"m.id = any({query.name(list(ids))}::bigint[])"]
    if asked.subject is not None:
        return "", [f"m.subject = {query.name(asked.subject)}"]
    if asked.cells:
        return f"unnest({query.name(list(asked.cells))}::bigint[]) c (cell)", ["m.cell = c.cell"]
    if asked.place:
        return "", [f"m.place = {query.name(asked.place)}"]
    return "", []


def _conditions(query: Query, asked: Asked) -> list[str]:
    found: list[str] = []
    if asked.open is True or asked.order == "deadline" or asked.due_before is not None:
        found.append("m.closed_at is null")
    elif asked.open is False:
        found.append("m.closed_at is not null")
    if asked.procedures:
        found.append(f"m.procedure = any({query.name(list(asked.procedures))}::text[])")
    if asked.states:
        found.append(f"m.state = any({query.name(list(asked.states))}::text[])")
    if asked.opened_from is not None:
        found.append(f"m.opened_at >= {query.name(asked.opened_from)}")
    if asked.opened_until is not None:
        found.append(f"m.opened_at < {query.name(asked.opened_until)}")
    if asked.due_before is not None:
        found.append(f"{_AT['deadline']} < {query.name(asked.due_before)}")
    if asked.units:
        found.append(f"m.holder = any({query.name(list(asked.units))}::text[])")
    if asked.agency:
        units = "select u.code from city_unit u join city_agency a on a.id = u.agency_id where a.kind ="
        kind = query.name(asked.agency)
        found.append(f"(m.holder = {kind} or m.holder in ({units} {kind}))")
    if asked.after:
        last = Cursor.read(asked.after, asked.order)
        at = query.name("infinity" if last.at_end else last.at)
        found.append(
            f"({_AT[asked.order]}, m.id) {_PAST[asked.order]} ({at}::timestamptz, {query.name(last.id)}::bigint)"
        )
    return found


def _pairs(asked: Asked, library: Library, procedures: Iterable[str]) -> list[tuple[str, str]]:
    """Procedure and state, where the filters name them; all states of the procedures asked for that can hold a matter."""
    if not (asked.states or asked.procedures):
        return []
    wanted = set(asked.procedures) & set(procedures) if asked.procedures else set(procedures)
    states = [
        (p.code, s.code) for p in library.known() if p.code in wanted for s in p.states
        if asked.open is None or asked.open == isinstance(s, State)
    ]  # fmt: skip
    return sorted({(code, state) for code, state in states if not asked.states or state in asked.states})


def _whole(query: Query, asked: Asked, library: Library, conditions: list[str], keyed: Keyed) -> None:
    keys, holds = keyed
    pairs = [] if holds or asked.order == "deadline" else _pairs(asked, library, library.codes())
    if pairs:
        keys, holds = _pair_keys(query, pairs), ["m.procedure = k.procedure", "m.state = k.state"]
    query.walk([*holds, *conditions] or ["true"], keys=keys)


def _pair_keys(query: Query, pairs: list[tuple[str, str]]) -> str:
    codes, states = query.name([p for p, _ in pairs]), query.name([s for _, s in pairs])
    return f"unnest({codes}::text[], {states}::text[]) k (procedure, state)"


def _worth(
    asked: Asked, library: Library, reach: Reach, holders: list[str], *, involved: bool
) -> list[tuple[str, str]] | None:
    """The pairs of procedure and state to walk by; none where other walks are shorter, nothing where nothing can be found."""
    by_due = asked.order == "deadline"
    if not (asked.states or (asked.procedures and not by_due)):
        return []
    pairs = _pairs(asked, library, reach.procedures)
    if not pairs:
        return None
    if by_due and (involved or len(holders) * len(pairs) > WALKS):
        return []  # clocks are in order by state with a holder only
    if asked.open and not asked.states and not involved and len(holders) <= WALKS:
        return []  # what stands open with a unit is little, whatever procedure it follows
    return pairs


def _reach(
    query: Query, asked: Asked, library: Library, reach: Reach, kept: tuple[list[str], Keyed], *, involved: bool
) -> None:
    conditions, (keys, holds) = kept
    own = list(conditions)
    codes = set(library.codes())
    if not codes <= set(reach.procedures):
        own.append(f"m.procedure = any({query.name(list(reach.procedures))}::text[])")
    units, agencies = list(reach.units), list(reach.agencies)
    if asked.units:
        units, agencies = [u for u in units if u in asked.units], [a for a in agencies if a in asked.units]
    holders = units + agencies
    held = f"m.holder = any({query.name(holders)}::text[])"
    if involved:
        every = query.name(list(reach.units))
        had = f"exists (select from involvement i where i.matter_id = m.id and i.unit = any({every}::text[]))"
        held = f"({held} or {had})"
    pairs = _worth(asked, library, reach, holders, involved=involved)
    if pairs is None:
        return
    if holds:
        query.walk([*holds, *own, held], keys=keys)
    elif pairs and (involved or len(holders) * len(pairs) > WALKS):
        query.walk(["m.procedure = k.procedure", "m.state = k.state", *own, held], keys=_pair_keys(query, pairs))
    elif pairs:
        names = query.name(holders)
        query.walk(
            ["m.holder = h.holder", "m.procedure = k.procedure", "m.state = k.state", *own],
            keys=f"unnest({names}::text[]) h (holder) cross join {_pair_keys(query, pairs)}",
        )
    elif involved and asked.order == "newest" and not asked.units and len(units) <= WALKS:
        once = [c.replace("m.opened_at", "i.opened_at").replace(", m.id)", ", i.matter_id)") for c in own]
        if "m.closed_at is null" in once:
            once.append(_OPEN_AMONG_MANY)
        query.walk(
            ["i.unit = h.unit", *once], source="involvement i join matter m on m.id = i.matter_id",
            keys=f"unnest({query.name(units)}::text[]) h (unit)",
        )  # fmt: skip
        query.walk(["m.holder = h.holder", *own], keys=f"unnest({query.name(agencies)}::text[]) h (holder)")
    elif not involved and len(holders) <= WALKS:
        query.walk(["m.holder = h.holder", *own], keys=f"unnest({query.name(holders)}::text[]) h (holder)")
    else:
        query.walk([held, *own])
