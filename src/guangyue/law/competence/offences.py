"""Offences and places, and which agency handles which offence where (违法行为、场所与管辖)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from guangyue.law.competence.actors import AGENCIES, Agency
from guangyue.law.dated import Dated
from guangyue.law.laws import (
    CITY_APPEARANCE,
    CITY_TRAFFIC,
    PROVINCE_TRAFFIC,
    SECURITY,
    TRAFFIC,
)
from guangyue.law.rule import Rule
from guangyue.law.text import Text
from guangyue.law.verdict import Denied, Reason

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from guangyue.law.laws import Law

__all__ = ["COMPETENCE", "OFFENCES", "PLACES", "Competence", "Offence", "Place", "competent", "other_agency"]


class Offence(StrEnum):
    """What somebody did (违法行为)."""

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


OFFENCES: dict[Offence, Text] = {
    Offence.PARKING: Text("机动车违法停放", "illegal parking"),
    Offence.PARKING_SETBACK: Text("建筑退线区违法停放", "illegal parking in a building setback"),
    Offence.PARKING_LONG: Text("长期占用道路停车泊位", "leaving a car in a road bay for good"),
    Offence.BAY_OCCUPIED: Text("私自圈占道路停车泊位", "fencing off a public bay"),
    Offence.GROUND_LOCK: Text("道路以外设置地锁等障碍", "ground locks off the road"),
    Offence.TRADE_ROAD: Text("占道经营", "trading on the road"),
    Offence.TRADE_MARKET: Text("占用主要道路作为集贸市场、停车场", "a main road used as market or car park"),
    Offence.TRADE_OUTSIDE: Text("店外经营", "trading outside the shop"),
    Offence.SMALL_ADS: Text("乱贴乱画", "sticking and painting advertisements"),
    Offence.TRAFFIC_RULES: Text("机动车驾驶人违反通行规定", "driver breaking traffic rules"),
    Offence.TRAFFIC_RIDER: Text("行人、乘车人、非机动车违反通行规定", "pedestrian or rider breaking traffic rules"),
    Offence.LOW_SPEED_VEHICLE: Text("低速电动车违规行驶", "low-speed electric vehicle on the road"),
    Offence.THROWING: Text("高空抛物", "throwing objects from a height"),
    Offence.DATA_SALE: Text("违法出售、提供个人信息", "selling personal data"),
}


class Place(StrEnum):
    """Where (场所类别). What the public drives on is road, car parks and squares included (道路交通安全法 119)."""

    ROAD = "road"
    PAVEMENT = "pavement"
    PUBLIC_LOT = "public_lot"
    MAIN_ROAD = "main_road"
    SETBACK = "setback"
    SHOPFRONT = "shopfront"
    PUBLIC_GROUND = "public_ground"
    RESIDENTIAL = "residential"
    STREET_FURNITURE = "street_furniture"
    BUILDING = "building"
    ONLINE = "online"


PLACES: dict[Place, Text] = {
    Place.ROAD: Text("道路", "road"),
    Place.PAVEMENT: Text("人行道", "pavement"),
    Place.PUBLIC_LOT: Text("公共停车场、广场", "public car park or square"),
    Place.MAIN_ROAD: Text("政府公布的主要道路", "main road named by the government"),
    Place.SETBACK: Text("道路以外的建筑退线区", "building setback off the road"),
    Place.SHOPFRONT: Text("临街门店外", "in front of a shop"),
    Place.PUBLIC_GROUND: Text("道路以外的公共场地", "public ground off the road"),
    Place.RESIDENTIAL: Text("住宅小区公共区域", "common ground of a housing estate"),
    Place.STREET_FURNITURE: Text("建筑外墙、线杆等户外设施", "walls, poles and street furniture"),
    Place.BUILDING: Text("建筑物", "building"),
    Place.ONLINE: Text("网络", "online"),
}

_ROADS = frozenset({Place.ROAD, Place.PAVEMENT, Place.PUBLIC_LOT, Place.MAIN_ROAD})
_OUTDOORS = frozenset({Place.STREET_FURNITURE, Place.BUILDING, Place.SHOPFRONT, *_ROADS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Competence(Rule):
    """At these places this offence is for this agency."""

    offence: Offence
    places: frozenset[Place]
    agency: Agency


def _competence(offence: Offence, places: Collection[Place], agency: Agency, law: Law, art: str) -> Competence:
    source = law.source(art)
    return Competence(
        code=f"C-{offence}",
        title=OFFENCES[offence],
        offence=offence,
        places=frozenset(places),
        agency=agency,
        source=source,
        verified=source.is_settled,
        effective_from=law.since,
        effective_to=law.until,
    )


# fmt: off
COMPETENCE: Dated[Competence] = Dated((
    _competence(Offence.PARKING, _ROADS, Agency.TRAFFIC_POLICE, CITY_TRAFFIC, "42, 55, 63"),
    _competence(Offence.PARKING_SETBACK, {Place.SETBACK}, Agency.URBAN, CITY_TRAFFIC, "55"),
    _competence(Offence.PARKING_LONG, _ROADS, Agency.TRAFFIC_POLICE, CITY_TRAFFIC, "42, 77"),
    _competence(Offence.BAY_OCCUPIED, _ROADS, Agency.TRAFFIC_POLICE, PROVINCE_TRAFFIC, "38, 75"),
    _competence(Offence.GROUND_LOCK, {Place.PUBLIC_GROUND, Place.RESIDENTIAL, Place.SETBACK}, Agency.URBAN,
                CITY_APPEARANCE, "40"),
    _competence(Offence.TRADE_ROAD, _ROADS, Agency.URBAN, CITY_APPEARANCE, "23"),
    _competence(Offence.TRADE_MARKET, {Place.MAIN_ROAD}, Agency.URBAN, CITY_APPEARANCE, "23"),
    _competence(Offence.TRADE_OUTSIDE, {Place.SHOPFRONT, Place.SETBACK, Place.PAVEMENT}, Agency.URBAN,
                CITY_APPEARANCE, "25"),
    _competence(Offence.SMALL_ADS, _OUTDOORS, Agency.URBAN, CITY_APPEARANCE, "21"),
    _competence(Offence.TRAFFIC_RULES, _ROADS, Agency.TRAFFIC_POLICE, TRAFFIC, "5, 90"),
    _competence(Offence.TRAFFIC_RIDER, _ROADS, Agency.TRAFFIC_POLICE, TRAFFIC, "5, 89"),
    _competence(Offence.LOW_SPEED_VEHICLE, _ROADS, Agency.TRAFFIC_POLICE, CITY_TRAFFIC, "55"),
    _competence(Offence.THROWING, {Place.BUILDING, Place.RESIDENTIAL}, Agency.POLICE, SECURITY, "43, 109"),
    _competence(Offence.DATA_SALE, {Place.ONLINE, Place.BUILDING}, Agency.POLICE, SECURITY, "56, 109"),
))
# fmt: on
"""Which agency is competent: one rule an offence, ``C-<offence>``."""


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
