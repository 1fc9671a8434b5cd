"""Who plays in the street: invented officers, heads, reviewers and a party; and how they get through a matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.kernel.stage import Stage, citizen, officer, photo

from guangyue.desks.registry import procedures

if TYPE_CHECKING:
    from guangyue.kernel import Actor, Matter, Procedure

DESK: dict[str, Procedure] = {code: p for code, p in procedures().items() if code.startswith("streets.")}

LI = officer("li", "urban_officer", agency="urban")
SUN = officer("sun", "urban_officer", agency="urban")
WANG = officer("wang", "traffic_officer", agency="traffic_police", level="county")
ZHOU = officer("zhou", "traffic_officer", agency="traffic_police", level="county")
AUX = officer("aux", "auxiliary", agency="urban")
HEAD = officer("head", "agency_head", agency="urban")
CHIEF = officer("chief", "agency_head", agency="traffic_police")
LEGAL = officer("legal", "legal_reviewer", agency="urban")
HOST = officer("host", "hearing_host", agency="urban")
CLERK = officer("clerk", "clerk", agency="service_hall")
STATION = officer("station", "station_officer", agency="police", level="station")
COUNTY = officer("county", "county_officer", agency="police")
PARTY = citizen("party", "party")
STAFF = {a.id: a for a in (LI, SUN, WANG, ZHOU, AUX, HEAD, CHIEF, LEGAL, HOST, STATION, COUNTY)}

WHERE = {
    "streets.bay": {"offence": "bay.occupied", "place_type": "road"},
    "streets.stall": {"offence": "trade.road", "place_type": "pavement"},
    "streets.shopfront": {"offence": "trade.outside", "place_type": "shopfront"},
    "streets.small_ads": {"offence": "small_ads", "place_type": "street_furniture"},
    "streets.traffic": {"offence": "traffic.rules", "place_type": "road"},
    "streets.low_speed": {"offence": "traffic.low_speed", "place_type": "road"},
    "streets.setback": {"offence": "parking.setback", "place_type": "setback", "plate": "鲁T12345"},
}
PARTY_IS = {"party_name": "柳荫杂货店", "party_code": "92371500MA3TEST001"}
TAUGHT = {"education": "公共空间人人可用，请勿私占。"}


def stage(at: str = "2026-03-02 09:00") -> Stage:
    """All street procedures and everybody who works there."""
    made = Stage(*DESK.values(), at=at)
    made.staff = dict(STAFF)
    return made


def record(on: Stage, who: Actor, code: str, **values: object) -> str:
    """A matter found, with the photographs its file asks for."""
    pieces = tuple(photo("found", on.now, 11 + n) for n in range(2))
    asked = {**WHERE[code], "street": "柳园路12号", **values}
    return on.open(who, "record", code, values=asked, evidence=pieces).id


def second(on: Stage, n: int = 51) -> tuple:
    """The photograph of the second look."""
    return (photo("rechecked", on.now, n),)


def together(who: Actor) -> dict[str, tuple[str, ...]]:
    """The colleague who stands beside."""
    return {"officers": ("sun",) if who.agency == "urban" else ("zhou",)}


def told(
    on: Stage, who: Actor, id_: str, *, fine: int = 0, measure: str = "", answer: str = "none", **more: object
) -> Matter:
    """Told of facts, grounds and rights, and heard."""
    values = {**PARTY_IS, "facts": "现场发现违法行为。", "measure": measure or ("fine" if fine else "warning"), **more}
    if fine:
        values["told_fine"] = fine
    on.do(who, "tell", id_, values=values, checks=frozenset({"card_shown"}), **together(who))
    return on.do(who, "hear", id_, values={"answer": answer})
