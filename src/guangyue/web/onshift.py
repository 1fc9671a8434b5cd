"""Who is on a joint shift (联合班次): the roster by day and crew, and who may stand beside an officer right now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guangyue.city.models import RoleHolding, Shift
from guangyue.web.console.names import unit_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from guangyue.city.viewer import Viewer
    from guangyue.kernel.grammar import Action
    from guangyue.law import Text

__all__ = ["JOINT", "Beside", "Crew", "Member", "beside", "roster"]

JOINT = "joint_patrol"
"""The post of a joint shift, whichever agency sends the officer."""
MOST = 12


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody's shift; ``now``: it is running."""

    pk: int
    number: str
    unit: Text
    unit_path: str
    agency: str
    since: datetime
    until: datetime
    now: bool


@dataclass(frozen=True, slots=True)
class Crew:
    """Those who go out together, the agencies they come from, and whether one of the two is missing."""

    name: str
    members: tuple[Member, ...]

    def of(self, *agencies: str) -> tuple[Member, ...]:
        """The members that these agencies sent."""
        return tuple(m for m in self.members if m.agency in agencies)

    @property
    def urban(self) -> tuple[Member, ...]:
        """Urban management's."""
        return self.of("urban")

    @property
    def police(self) -> tuple[Member, ...]:
        """Those of traffic police and police."""
        return self.of("traffic_police", "police")

    @property
    def others(self) -> tuple[Member, ...]:
        """Anybody else's."""
        return tuple(m for m in self.members if m not in (*self.urban, *self.police))

    @property
    def joint(self) -> bool:
        """Whether both agencies are there."""
        return bool(self.urban and self.police)

    @property
    def now(self) -> bool:
        """Whether somebody of it is out now."""
        return any(m.now for m in self.members)


@dataclass(frozen=True, slots=True)
class Beside:
    """A colleague who may act together with an officer; ``crew``: of the same crew, else of the same unit."""

    number: str
    unit: Text
    crew: str


def roster(since: datetime, until: datetime, now: datetime) -> list[Crew]:
    """The joint shifts of a window, by crew; numbers and units only, nobody's name."""
    rows = (
        Shift.objects.filter(post=JOINT, cancelled_at=None, during__overlap=(since, until))
        .select_related("person", "unit__agency")
        .order_by("crew", "unit__agency__kind", "unit__path", "person__number")
    )
    crews: dict[str, list[Member]] = {}
    for shift in rows:
        begins, ends = shift.during.lower, shift.during.upper
        crews.setdefault(shift.crew, []).append(Member(
            shift.pk, shift.person.number, unit_name(shift.unit.code), shift.unit.path, shift.unit.agency.kind, begins, ends,
            begins <= now < ends,
        ))  # fmt: skip
    return [Crew(name, tuple(members)) for name, members in crews.items()]


def beside(viewer: Viewer, action: Action | None, now: datetime) -> list[Beside]:
    """Colleagues on shift now who may do the act: those of the own crew first, then those of the own units.

    Whoever does not hold a role for the act is left out, because a second officer counts only in such a capacity.
    """
    if viewer.person_id is None:
        return []
    running = list(
        Shift.objects.filter(cancelled_at=None, during__contains=now)
        .exclude(person__account=None)
        .select_related("person", "unit")
        .order_by("unit__path", "person__number")
        if viewer.held
        else ()
    )
    crews = {s.crew for s in running if s.person_id == viewer.person_id and s.crew}
    units = {h.unit_code for h in viewer.held}
    near = [s for s in running if s.person_id != viewer.person_id and (s.crew in crews or s.unit.code in units)]
    able = _able({s.person_id for s in near}, action, now)
    found = [
        Beside(s.person.number, unit_name(s.unit.code), s.crew if s.crew in crews else "")
        for s in near
        if s.person_id in able
    ]
    return sorted(found, key=lambda b: not b.crew)[:MOST]


def _able(people: Iterable[int], action: Action | None, now: datetime) -> set[int]:
    """Those who hold a role that the act names."""
    held = RoleHolding.objects.filter(person__in=people, during__contains=now).values_list(
        "person", "role", "unit__agency__kind"
    )
    if action is None:
        return {person for person, _, _ in held}
    wanted = {(w.code, w.agency) for w in action.by if w.kind == "role"}
    return {person for person, role, agency in held if (role, agency) in wanted or (role, "") in wanted}
