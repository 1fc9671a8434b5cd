"""The law book (规则库): every term by its code, on any day, with the city's own settings."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from guangyue.law.errors import LawError
from guangyue.law.span import Span
from guangyue.law.zone import local_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from guangyue.law.rule import TermRule

__all__ = ["LawBook"]


class LawBook:
    """Terms by code. One code may have several versions, each in force between its own days."""

    __slots__ = ("_versions",)

    def __init__(self, rules: Iterable[TermRule]) -> None:
        versions: dict[str, list[TermRule]] = {}
        for rule in rules:
            versions.setdefault(rule.code, []).append(rule)
        for code, known in versions.items():
            known.sort(key=lambda rule: rule.effective_from)
            for older, newer in itertools.pairwise(known):
                if older.effective_to is None or older.effective_to >= newer.effective_from:
                    raise LawError("law.rule.malformed", code=code, why="two versions are in force at once")
        self._versions = {code: tuple(known) for code, known in versions.items()}

    def term(self, code: str, on: date | datetime) -> TermRule:
        """The rule as it stood on a day: the law at the time of the act.

        Raises:
            LawError: ``law.rule.unknown``, ``law.rule.parts`` (a compound code: name one part) or
                ``law.rule.not_in_force``.
        """
        known = self.versions(code)
        day = local_date(on) if isinstance(on, datetime) else on
        for rule in reversed(known):
            if rule.in_force(day):
                return rule
        raise LawError("law.rule.not_in_force", code=code, on=day)

    def versions(self, code: str) -> tuple[TermRule, ...]:
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

    def terms(self) -> tuple[TermRule, ...]:
        """Every version of every term, in the order of the catalogue."""
        return tuple(rule for known in self._versions.values() for rule in known)

    def codes(self) -> tuple[str, ...]:
        """Every code, in the order of the catalogue."""
        return tuple(self._versions)

    def __contains__(self, code: object) -> bool:
        return code in self._versions

    def __iter__(self) -> Iterator[TermRule]:
        return iter(self.terms())

    def with_settings(self, settings: Mapping[str, Span | str]) -> LawBook:
        """A book in which the city keeps other promises: ``{"S-GRACE": "15 min"}``.

        Raises:
            LawError: ``law.setting.unknown`` (not one of the city's own), ``law.setting.unit`` (a clock term cannot
                become a day term, nor the other way round), ``law.span.malformed``.
        """
        changed: dict[str, Span] = {}
        for code, given in settings.items():
            if code not in self._versions or not self._versions[code][0].is_setting:
                raise LawError("law.setting.unknown", code=code)
            span = Span.parse(given) if isinstance(given, str) else given
            default = self._versions[code][-1].span
            if span.unit.is_clock != default.unit.is_clock:
                raise LawError("law.setting.unit", code=code, default=default.text, given=span.text)
            changed[code] = span
        return LawBook(replace(rule, span=changed.get(rule.code, rule.span)) for rule in self.terms())

    def with_confirmed(self, codes: Iterable[str]) -> LawBook:
        """A book in which the city's legal office has confirmed these codes: all their versions count as verified.

        Raises:
            LawError: ``law.rule.unknown`` or ``law.rule.parts``.
        """
        confirmed = {rule.code for code in codes for rule in self.versions(code)}
        return LawBook(replace(rule, verified=rule.verified or rule.code in confirmed) for rule in self.terms())
