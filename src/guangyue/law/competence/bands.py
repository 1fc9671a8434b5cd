"""What an offence may cost, and which steps come first (处罚幅度与柔性执法阶梯)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guangyue.law.competence.catalogue import CATALOGUE
from guangyue.law.competence.offences import OFFENCES, Offence
from guangyue.law.competence.steps import STEPS, Step
from guangyue.law.dated import Dated
from guangyue.law.laws import PENALTY, SECURITY
from guangyue.law.limits import YUAN
from guangyue.law.rule import Rule
from guangyue.law.text import Text
from guangyue.law.verdict import Allowed, Denied, Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date, datetime

    from guangyue.law.competence.catalogue import Count
    from guangyue.law.laws import Law
    from guangyue.law.source import Source

__all__ = ["BANDS", "LADDERS", "STEPS", "Band", "Ladder", "Step", "applicable_band", "may_fine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band(Rule):
    """What an offence may cost (处罚幅度).

    Attributes:
        offence: for what.
        warning: a warning is possible instead.
        least: the lowest fine in fen, None where there is no fine.
        most: the highest fine in fen.
        detention: longest administrative detention in days, 0 where there is none.
    """

    offence: Offence
    warning: bool
    least: int | None
    most: int | None
    detention: int = 0

    @property
    def weight(self) -> tuple[int, int, int]:
        """For comparing two versions: detention first, then the highest, then the lowest fine."""
        return self.detention, self.most or 0, self.least or 0


def _band(
    offence: Offence,
    fen: tuple[int, int] | None,
    source: Source,
    law: Law,
    *,
    part: str = "",
    warning: bool = False,
    detention: int = 0,
) -> Band:
    return Band(
        code=f"B-{offence}{part}",
        title=OFFENCES[offence],
        offence=offence,
        warning=warning,
        least=fen[0] if fen else None,
        most=fen[1] if fen else None,
        detention=detention,
        source=source,
        verified=source.is_settled,
        effective_from=law.since,
        effective_to=law.until,
    )


def _of(count: Count) -> Iterator[Band]:
    """The bands of one offence of the catalogue: ``B-<offence>``, ``B-<offence>.<part>``."""
    for row in count.bands:
        fen = None if row.least is None or row.most is None else (row.least, row.most)
        part = f".{row.part}" if row.part else ""
        yield _band(Offence(count.code), fen, row.by.source, row.by.law, part=part, warning=row.warning)


def _security(offence: Offence, fen: tuple[int, int] | None, art: str, detention: int, part: str = "") -> Band:
    return _band(offence, fen, SECURITY.source(art), SECURITY, part=part, detention=detention)


BANDS: Dated[Band] = Dated(
    (
        *(band for kind in CATALOGUE.values() for count in kind.counts for band in _of(count)),
        _security(Offence.THROWING, (0, 1000 * YUAN), "43", 5),
        _security(Offence.THROWING, (0, 1000 * YUAN), "43", 15, ".serious"),
        _security(Offence.DATA_SALE, None, "56", 15),
        _security(Offence.DATA_SALE, None, "56", 5, ".minor"),
    )
)
"""Bands by code ``B-<offence>``, with ``.city``, ``.province``, ``.serious``, ``.minor`` for a second band."""


def applicable_band(code: str, act: date | datetime, decision: date | datetime, bands: Dated[Band] = BANDS) -> Band:
    """The band of the day of the act, unless the one of the day of the decision is lighter (行政处罚法 37).

    Raises:
        LawError: ``law.rule.not_in_force`` when the act was not punishable on its day.
    """
    then = bands.get(code, act)
    now = [band for band in bands.versions(code) if band.in_force(decision)]
    return min([then, *now], key=lambda band: band.weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder(Rule):
    """The steps of an offence in order; ``before_fine`` are those the law demands first.

    An offence whose ladder demands nothing follows the flexible ladder: a step may be left out with a reason on record.
    """

    steps: tuple[Step, ...]
    before_fine: frozenset[Step]


def _ladder(
    code: str, title: Text, steps: tuple[Step, ...], source: Source, law: Law, before: Collection[Step] = ()
) -> Ladder:
    return Ladder(
        code=code,
        title=title,
        steps=steps,
        before_fine=frozenset(before),
        source=source,
        verified=source.is_settled,
        effective_from=law.since,
        effective_to=law.until,
    )


_FLEXIBLE = (Step.EXPLAIN, Step.ORAL_WARNING, Step.WRITTEN_WARNING, Step.FINE)

LADDERS: Dated[Ladder] = Dated(
    (
        _ladder("D-flexible", Text("柔性执法阶梯", "flexible enforcement"), _FLEXIBLE, PENALTY.source("33"), PENALTY),
        *(
            _ladder(f"D-{c.code}", c.title, c.ladder.steps, c.ladder.by.source, c.ladder.by.law, c.ladder.before_fine)
            for kind in CATALOGUE.values()
            for c in kind.counts
            if c.ladder is not None
        ),
    )
)
"""Ladders by code ``D-<offence>``; ``D-flexible`` where an offence has none of its own."""


def may_fine(band: Band, fen: int, taken: Collection[Step], on: date | datetime) -> Allowed | Denied:
    """Whether a fine of this amount may be given now: inside the band, after the steps the law demands.

    Returns:
        Allowed, or Denied with every reason: ``band.no_fine``, ``band.below``, ``band.above``, ``ladder.missing``.
    """
    code = f"D-{band.offence}"
    ladder = LADDERS.get(code if code in LADDERS else "D-flexible", on)
    reasons = []
    if band.least is None or band.most is None:
        text = Text("“{offence}”没有罚款的规定。", "There is no fine for “{offence}”.")
        reasons.append(Reason("band.no_fine", text.format(offence=band.title), band.source))
    elif not max(band.least, 1) <= fen <= band.most:
        text = Text(
            "罚款{given}元不在{least}元至{most}元之间。", "A fine of ¥{given} is not between ¥{least} and ¥{most}."
        )
        sums = {"given": fen / YUAN, "least": band.least / YUAN, "most": band.most / YUAN}
        shown = {name: f"{amount:,.2f}".removesuffix(".00") for name, amount in sums.items()}
        reasons.append(Reason("band.above" if fen > band.most else "band.below", text.format(**shown), band.source))
    for step in ladder.steps:
        if step in ladder.before_fine and step not in taken:
            text = Text("罚款之前应当先有“{step}”。", "Before a fine there must be: {step}.").format(step=STEPS[step])
            reasons.append(Reason("ladder.missing", text, ladder.source))
    if reasons:
        return Denied(tuple(reasons))
    return Allowed((band.source, ladder.source), band.verified and ladder.verified)
