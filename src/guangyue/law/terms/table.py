"""How a term is written in the tables of this package: one call a row, readable beside the law."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from guangyue.law.rule import Kind, TermRule
from guangyue.law.span import Span, Unit
from guangyue.law.text import Text

if TYPE_CHECKING:
    from guangyue.law.laws import Law
    from guangyue.law.source import Mark

__all__ = ["term"]


def term(
    code: str,
    span: str,
    title: tuple[str, str],
    *,
    after: tuple[str, str],
    law: Law,
    art: str,
    kind: Kind = Kind.DO_BY,
    midnight: bool = False,
    more: str = "",
    times: int = 0,
    cap: str = "",
    liberty: bool = False,
    mark: Mark | None = None,
    since: str = "",
    until: str = "",
) -> TermRule:
    """One row.

    Args:
        code: ``L-…`` for law, ``S-…`` for the city's own promise.
        span: ``"5 wd"``.
        title: what must be done, Chinese and English.
        after: from which event.
        law: where it stands.
        art: its articles.
        kind: what the end means.
        midnight: it ends at 24:00 of the day it begins, holiday or not.
        more: one extension; ``times`` how many (1 unless said), ``cap`` the longest total.
        times: see ``more``.
        cap: see ``more``.
        liberty: somebody's liberty is restricted.
        mark: where this article is known less well than its law.
        since: first day, the law's unless said.
        until: last day, the law's unless said.
    """
    length = Span.parse(span)
    source = law.source(art, mark)
    by_clause = bool(law.days) and length.unit is Unit.WORKING_DAY and length.amount in law.working
    return TermRule(
        code=code,
        title=Text(*title),
        trigger=Text(*after),
        span=length,
        kind=kind,
        clock_time="24:00" if midnight else None,
        extension=Span.parse(more) if more else None,
        max_extensions=(times or 1) if more else 0,
        cap=Span.parse(cap) if cap else None,
        liberty=liberty,
        source=source,
        verified=source.is_settled,
        day_source=law.source(law.days) if by_clause else None,
        effective_from=date.fromisoformat(since) if since else law.since,
        effective_to=date.fromisoformat(until) if until else law.until,
        is_setting=code.startswith("S-"),
    )
