"""What an offence may cost, and which steps come first (处罚幅度与柔性执法阶梯)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from guangyue.law.competence.offences import OFFENCES, Offence
from guangyue.law.dated import Dated
from guangyue.law.laws import CITY_APPEARANCE, CITY_TRAFFIC, PENALTY, PROVINCE_TRAFFIC, SECURITY, TRAFFIC
from guangyue.law.limits import YUAN
from guangyue.law.rule import Rule
from guangyue.law.text import Text
from guangyue.law.verdict import Allowed, Denied, Reason

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from guangyue.law.laws import Law

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
    yuan: tuple[int, int] | None,
    law: Law,
    art: str,
    *,
    part: str = "",
    warning: bool = False,
    detention: int = 0,
) -> Band:
    source = law.source(art)
    return Band(
        code=f"B-{offence}{part}",
        title=OFFENCES[offence],
        offence=offence,
        warning=warning,
        least=yuan[0] * YUAN if yuan else None,
        most=yuan[1] * YUAN if yuan else None,
        detention=detention,
        source=source,
        verified=source.is_settled,
        effective_from=law.since,
        effective_to=law.until,
    )


# fmt: off
BANDS: Dated[Band] = Dated((
    _band(Offence.PARKING, (20, 200), TRAFFIC, "93", warning=True),
    _band(Offence.PARKING, (100, 100), CITY_TRAFFIC, "77", part=".city"),
    _band(Offence.PARKING, (100, 100), PROVINCE_TRAFFIC, "71", part=".province"),
    _band(Offence.PARKING_LONG, None, CITY_TRAFFIC, "77"),
    _band(Offence.BAY_OCCUPIED, (500, 500), PROVINCE_TRAFFIC, "75"),
    _band(Offence.GROUND_LOCK, (200, 1000), CITY_APPEARANCE, "40"),
    _band(Offence.TRADE_ROAD, (1000, 10_000), CITY_APPEARANCE, "23"),
    _band(Offence.TRADE_MARKET, (2000, 20_000), CITY_APPEARANCE, "23"),
    _band(Offence.TRADE_OUTSIDE, (200, 2000), CITY_APPEARANCE, "25"),
    _band(Offence.SMALL_ADS, (100, 1000), CITY_APPEARANCE, "21"),
    _band(Offence.TRAFFIC_RULES, (20, 200), TRAFFIC, "90", warning=True),
    _band(Offence.TRAFFIC_RIDER, (5, 50), TRAFFIC, "89", warning=True),
    _band(Offence.THROWING, (0, 1000), SECURITY, "43", detention=5),
    _band(Offence.THROWING, (0, 1000), SECURITY, "43", part=".serious", detention=15),
    _band(Offence.DATA_SALE, None, SECURITY, "56", detention=15),
    _band(Offence.DATA_SALE, None, SECURITY, "56", part=".minor", detention=5),
))
# fmt: on
"""Bands by code ``B-<offence>``, with ``.city``, ``.province``, ``.serious``, ``.minor`` for a second band."""


def applicable_band(code: str, act: date | datetime, decision: date | datetime, bands: Dated[Band] = BANDS) -> Band:
    """The band of the day of the act, unless the one of the day of the decision is lighter (行政处罚法 37).

    Raises:
        LawError: ``law.rule.not_in_force`` when the act was not punishable on its day.
    """
    then = bands.get(code, act)
    now = [band for band in bands.versions(code) if band.in_force(decision)]
    return min([then, *now], key=lambda band: band.weight)


class Step(StrEnum):
    """What comes before a fine, from the lightest on."""

    EXPLAIN = "explain"
    ADVISE = "advise"
    ORAL_WARNING = "oral_warning"
    ADMONISH = "admonish"
    WRITTEN_WARNING = "written_warning"
    ORDER = "order"
    REFUSED = "refused"
    FINE = "fine"


STEPS: dict[Step, Text] = {
    Step.EXPLAIN: Text("教育引导", "explaining"),
    Step.ADVISE: Text("劝导", "advice"),
    Step.ORAL_WARNING: Text("口头警告", "oral warning"),
    Step.ADMONISH: Text("告诫", "admonition"),
    Step.WRITTEN_WARNING: Text("书面警告", "written warning"),
    Step.ORDER: Text("责令限期改正", "order to correct by a date"),
    Step.REFUSED: Text("逾期不改正或者拒不改正", "the order was not obeyed"),
    Step.FINE: Text("罚款", "fine"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder(Rule):
    """The steps of an offence in order; ``before_fine`` are those the law demands first.

    An offence whose ladder demands nothing follows the flexible ladder: a step may be left out with a reason on record.
    """

    steps: tuple[Step, ...]
    before_fine: frozenset[Step]


def _ladder(
    code: str, title: Text, steps: tuple[Step, ...], law: Law, art: str, before: Collection[Step] = ()
) -> Ladder:
    source = law.source(art)
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


_ORDERED = (Step.ORDER, Step.REFUSED)

# fmt: off
LADDERS: Dated[Ladder] = Dated((
    _ladder("D-flexible", Text("柔性执法阶梯", "flexible enforcement"),
            (Step.EXPLAIN, Step.ORAL_WARNING, Step.WRITTEN_WARNING, Step.FINE), PENALTY, "33"),
    _ladder("D-parking", OFFENCES[Offence.PARKING], (Step.EXPLAIN, Step.ORAL_WARNING, Step.FINE), TRAFFIC, "87, 93"),
    _ladder("D-trade.outside", OFFENCES[Offence.TRADE_OUTSIDE], (Step.ADVISE, Step.ADMONISH, *_ORDERED, Step.FINE),
            CITY_APPEARANCE, "25", before=(Step.ADVISE, Step.ADMONISH, *_ORDERED)),
    _ladder("D-ground_lock", OFFENCES[Offence.GROUND_LOCK], (*_ORDERED, Step.FINE), CITY_APPEARANCE, "40",
            before=_ORDERED),
    _ladder("D-small_ads", OFFENCES[Offence.SMALL_ADS], (Step.EXPLAIN, Step.ORAL_WARNING, Step.ORDER, Step.FINE),
            CITY_APPEARANCE, "21", before=(Step.ORDER,)),
    _ladder("D-trade.road", OFFENCES[Offence.TRADE_ROAD], (Step.EXPLAIN, Step.ORDER, Step.FINE), CITY_APPEARANCE, "23",
            before=(Step.ORDER,)),
    _ladder("D-trade.market", OFFENCES[Offence.TRADE_MARKET], (Step.EXPLAIN, Step.ORDER, Step.FINE), CITY_APPEARANCE,
            "23", before=(Step.ORDER,)),
    _ladder("D-bay.occupied", OFFENCES[Offence.BAY_OCCUPIED], (Step.EXPLAIN, Step.ORDER, Step.FINE), PROVINCE_TRAFFIC,
            "75", before=(Step.ORDER,)),
))
# fmt: on
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
