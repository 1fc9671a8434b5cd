"""Kinds of places (场所类别): competence depends on them."""

from __future__ import annotations

from enum import StrEnum

from guangyue.law.text import Text

__all__ = ["PLACES", "Place"]


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
