"""The law book (规则库): every term by its code, on any day, with the city's own settings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from guangyue.law.dated import Dated
from guangyue.law.errors import LawError
from guangyue.law.rule import TermRule
from guangyue.law.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

__all__ = ["LawBook"]


class LawBook(Dated[TermRule]):
    """Terms by code. One code may have several versions, each in force between its own days."""

    __slots__ = ()

    def term(self, code: str, on: date | datetime) -> TermRule:
        """The term as it stood on a day: the law at the time of the act.

        Raises:
            LawError: ``law.rule.unknown``, ``law.rule.parts`` (a compound code: name one part) or
                ``law.rule.not_in_force``.
        """
        return self.get(code, on)

    def terms(self) -> tuple[TermRule, ...]:
        """Every version of every term, in the order of the catalogue."""
        return tuple(self)

    def with_settings(self, settings: Mapping[str, Span | str]) -> LawBook:
        """A book in which the city keeps other promises: ``{"S-GRACE": "15 min"}``.

        Raises:
            LawError: ``law.setting.unknown`` (not one of the city's own), ``law.setting.unit`` (a clock term cannot
                become a day term, nor the other way round; one that ends at 24:00 keeps doing so),
                ``law.span.malformed``.
        """
        changed: dict[str, Span] = {}
        for code, given in settings.items():
            if code not in self or not self.versions(code)[-1].is_setting:
                raise LawError("law.setting.unknown", code=code)
            span = Span.parse(given) if isinstance(given, str) else given
            rule = self.versions(code)[-1]
            if (span.clock is None) != (rule.span.clock is None) or (rule.clock_time and span != rule.span):
                raise LawError("law.setting.unit", code=code, default=rule.span.text, given=span.text)
            changed[code] = span
        return LawBook(replace(rule, span=changed.get(rule.code, rule.span)) for rule in self)

    def with_confirmed(self, codes: Iterable[str]) -> LawBook:
        """A book in which the city's legal office has confirmed these codes: all their versions count as verified.

        Raises:
            LawError: ``law.rule.unknown`` or ``law.rule.parts``.
        """
        confirmed = {rule.code for code in codes for rule in self.versions(code)}
        return LawBook(replace(rule, verified=rule.verified or rule.code in confirmed) for rule in self)
