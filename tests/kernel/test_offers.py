"""What somebody could do next, and why not."""

from __future__ import annotations

from tests.kernel.skeletons.parking import PARKING
from tests.kernel.stage import CARRIER, Stage, officer, photo

from guangyue.kernel import offers

LI = officer("li", "urban_officer", agency="urban")
ZHAO = officer("zhao", "traffic_reviewer", agency="traffic_police")
WANG = officer("wang", "traffic_officer", agency="traffic_police")


def offered(stage: Stage, actor, id_: str) -> dict[str, tuple[bool, set[str]]]:
    found = offers(PARKING, stage.matters[id_], stage.facts(actor))
    return {o.action.code: (o.open, {r.code for r in o.reasons}) for o in found}


def test_buttons_of_a_state_with_the_reasons_of_those_that_stay_grey():
    stage = Stage(PARKING)
    values = {"plate": "鲁P12345", "street": "柳园路"}
    id_ = stage.open(LI, "record", PARKING.code, values=values, evidence=(photo("first", stage.now, 1),)).id
    assert offered(stage, LI, id_) == {}, "only the carrier can do something now"
    stage.at("09:01").do(CARRIER, "reminder_accepted", id_)
    assert offered(stage, LI, id_) == {"gone": (True, set())}
    assert offered(stage, ZHAO, id_)["gone"][0] is False
    stage.at("09:12").do(WANG, "still_there", id_, evidence=(photo("second", stage.now, 2),))
    assert offered(stage, ZHAO, id_) == {"approve": (True, set()), "reject": (True, set())}
    both = officer("wang", "traffic_reviewer", agency="traffic_police")
    assert offered(stage, both, id_)["approve"] == (False, {"who.same_person", "who.not_competent"})
