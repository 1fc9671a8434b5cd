"""A table of dated rules: every code with its versions, each in force between its own days."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Generic, TypeVar

from guangyue.law.errors import LawError
from guangyue.law.rule import Rule
from guangyue.law.zone import local_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

__all__ = ["Dated"]

R = TypeVar("R", bound=Rule)


class Dated(Generic[R]):
    """Rules by code, in the order in which they were given."""

    __slots__ = ("_versions",)

    def __init__(self, rules: Iterable[R]) -> None:
        versions: dict[str, list[R]] = {}
        for rule in rules:
            versions.setdefault(rule.code, []).append(rule)
        for code, known in versions.items():
            known.sort(key=lambda rule: rule.effective_from)
            for older, newer in pairwise(known):
                if older.effective_to is None or older.effective_to >= newer.effective_from:
                    raise LawError("law.rule.malformed", code=code, why="two versions are in force at once")
        self._versions = {code: tuple(known) for code, known in versions.items()}

    def get(self, code: str, on: date | datetime) -> R:
        """The rule as it stood on a day: the law at the time of the act.

        Raises:
            LawError: ``law.rule.unknown``, ``law.rule.parts`` (a compound code: name one part) or
                ``law.rule.not_in_force``.
        """
        known = self._versions.get(code) or self.versions(code)
        day = local_date(on)
        for rule in reversed(known):
            if rule.effective_from <= day and (rule.effective_to is None or day <= rule.effective_to):
                return rule
        raise LawError("law.rule.not_in_force", code=code, on=local_date(on))

    def versions(self, code: str) -> tuple[R, ...]:
        """All versions of a code, oldest first.

        Raises:
            LawError: ``law.rule.unknown`` or ``law.rule.parts``.
        """
        known = self._versions.get(code)
        if known is None:
            parts = self.parts(code)
            if parts:
                raise LawError("law.rule.parts", code=code, parts=", ".join(parts))
            raise LawError("law.rule.unknown", code=code)
        return known

    def parts(self, code: str) -> tuple[str, ...]:
        """The codes of a compound: ``L-XFER-PS`` → ``L-XFER-PS.1``, ``.2``, …; empty when there are none."""
        return tuple(known for known in self._versions if known.startswith(f"{code}."))

    def codes(self) -> tuple[str, ...]:
        """Every code."""
        return tuple(self._versions)

    def __iter__(self) -> Iterator[R]:
        return (rule for known in self._versions.values() for rule in known)

    def __contains__(self, code: object) -> bool:
        return code in self._versions

    def in_force(self, on: date | datetime) -> tuple[R, ...]:
        """Every rule in force on a day."""
        return tuple(rule for rule in self if rule.in_force(on))
