"""Offences and places, and which agency handles which offence where (违法行为、场所与管辖)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from guangyue.law.competence.actors import AGENCIES, Agency
from guangyue.law.competence.catalogue import CATALOGUE
from guangyue.law.competence.places import PLACES, Place
from guangyue.law.dated import Dated
from guangyue.law.laws import SECURITY
from guangyue.law.rule import Rule
from guangyue.law.text import Text
from guangyue.law.verdict import Denied, Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date, datetime

    from guangyue.law.competence.catalogue import Count
    from guangyue.law.laws import Law
    from guangyue.law.source import Source

__all__ = ["COMPETENCE", "OFFENCES", "PLACES", "Competence", "Offence", "Place", "competent", "other_agency"]


def _more(named: frozenset[str]) -> dict[str, str]:
    """The offences that only the catalogue names, as further members: ``littering`` becomes ``Offence.LITTERING``."""
    codes = (count.code for kind in CATALOGUE.values() for count in kind.counts)
    return {code.upper().replace(".", "_"): code for code in codes if code not in named}


class Offence(StrEnum):
    """What somebody did (违法行为). Named here is what other rules name; the catalogue's files add the rest."""

    PARKING = "parking"
    PARKING_SETBACK = "parking.setback"
    PARKING_LONG = "parking.long"
    BAY_OCCUPIED = "bay.occupied"
    GROUND_LOCK = "ground_lock"
    TRADE_ROAD = "trade.road"
    TRADE_MARKET = "trade.market"
    TRADE_OUTSIDE = "trade.outside"
    SMALL_ADS = "small_ads"
    TRAFFIC_RULES = "traffic.rules"
    TRAFFIC_RIDER = "traffic.rider"
    LOW_SPEED_VEHICLE = "traffic.low_speed"
    THROWING = "throwing"
    DATA_SALE = "data_sale"
    vars().update(_more(frozenset(str(value) for name, value in vars().items() if name.isupper())))


OFFENCES: dict[Offence, Text] = {
    **{Offence(count.code): count.title for kind in CATALOGUE.values() for count in kind.counts},
    Offence.THROWING: Text("高空抛物", "throwing objects from a height"),
    Offence.DATA_SALE: Text("违法出售、提供个人信息", "selling personal data"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Competence(Rule):
    """At these places this offence is for this agency."""

    offence: Offence
    places: frozenset[Place]
    agency: Agency


def _competence(
    offence: Offence, places: Collection[Place], agency: Agency, source: Source, law: Law, part: str = ""
) -> Competence:
    return Competence(
        code=f"C-{offence}{part}",
        title=OFFENCES[offence],
        offence=offence,
        places=frozenset(places),
        agency=agency,
        source=source,
        verified=source.is_settled,
        effective_from=law.since,
        effective_to=law.until,
    )


def _of(count: Count) -> Iterator[Competence]:
    """The rows of one offence of the catalogue: ``C-<offence>``, and ``C-<offence>.<agency>`` for further agencies."""
    for n, row in enumerate(count.competence):
        part = f".{row.agency}" if n else ""
        yield _competence(Offence(count.code), row.places, row.agency, row.by.source, row.by.law, part)


COMPETENCE: Dated[Competence] = Dated(
    (
        *(row for kind in CATALOGUE.values() for count in kind.counts for row in _of(count)),
        _competence(
            Offence.THROWING, {Place.BUILDING, Place.RESIDENTIAL}, Agency.POLICE, SECURITY.source("43, 109"), SECURITY
        ),
        _competence(
            Offence.DATA_SALE, {Place.ONLINE, Place.BUILDING}, Agency.POLICE, SECURITY.source("56, 109"), SECURITY
        ),
    )
)
"""Which agency is competent: one rule an offence and agency."""


def competent(offence: Offence, place: Place, on: date | datetime) -> Competence | Denied:
    """Who handles an offence at a place, by the law of a day.

    An offence at a place nobody is named for is a gap: the answer says so instead of guessing.

    Returns:
        The rule that names the agency, or Denied with ``competence.place`` or ``competence.not_yet``.
    """
    named = {"offence": OFFENCES[offence], "place": PLACES[place]}
    rules = [rule for rule in COMPETENCE.in_force(on) if rule.offence is offence]
    if not rules:
        text = Text("“{offence}”在该日尚无可适用的规定。", "No rule on “{offence}” was in force on that day.")
        return Denied((Reason("competence.not_yet", text.format(**named)),))
    for rule in rules:
        if place in rule.places:
            return rule
    text = Text(
        "没有规定由哪个部门处理“{place}”的“{offence}”，请登记为管理空白。",
        "No agency is named for “{offence}” at “{place}”; enter it in the gap register.",
    )
    return Denied((Reason("competence.place", text.format(**named), rules[0].source),))


def other_agency(rule: Competence) -> Reason:
    """The reason given to an agency that is not the competent one."""
    text = Text("“{offence}”由{agency}处理，请移交。", "“{offence}” is for {agency}; hand it over.")
    return Reason("competence.agency", text.format(offence=rule.title, agency=AGENCIES[rule.agency]), rule.source)
