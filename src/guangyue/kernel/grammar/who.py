"""Who may act, see or be told: staff roles, parties of the matter, outside systems."""

from __future__ import annotations

from dataclasses import dataclass

from guangyue.kernel.grammar.base import Element


@dataclass(frozen=True, slots=True)
class Who(Element):
    """A kind of person or system.

    Attributes:
        kind: ``role`` (staff), ``party`` (someone the matter is about), ``system`` (a machine: carrier, clock, platform)
            or ``anyone``.
        code: the role's, party's or system's code.
        agency: when given, the role counts only inside this agency.
        levels: when given, the role counts only at these levels (station, county, city).
        holder: the role counts only in the unit that holds the matter.
    """

    kind: str
    code: str
    agency: str = ""
    levels: tuple[str, ...] = ()
    holder: bool = False

    @property
    def name(self) -> str:
        """A short stable name: ``role:traffic_reviewer@traffic_police``."""
        return f"{self.kind}:{self.code}" + (f"@{self.agency}" if self.agency else "")


def Role(code: str, *, agency: str = "", levels: tuple[str, ...] = (), holder: bool = False) -> Who:  # noqa: N802 - reads as a noun in declarations
    """A staff role (岗位)."""
    return Who("role", str(code), agency, levels, holder)


def Party(code: str) -> Who:  # noqa: N802 - reads as a noun in declarations
    """Someone in the matter (当事人): owner, applicant, respondent, reporter."""
    return Who("party", code)


def System(code: str) -> Who:  # noqa: N802 - reads as a noun in declarations
    """An outside or inner machine: carrier, traffic platform, clock."""
    return Who("system", code)


ALL: tuple[Who, ...] = (Who("anyone", "anyone"),)
"""Everybody who may open the matter at all."""

CLOCK = System("clock")
"""The runner that fires deadlines; acts named by ``does=`` of a deadline or schedule are performed by it."""

KERNEL_ITSELF = System("kernel")
"""Follow-on acts: a task done, a child closed, an act fanned out to related matters."""
