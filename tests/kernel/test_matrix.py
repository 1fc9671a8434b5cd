"""The authorisation matrix: every cell is there, and the kernel decides as the cells say."""

from __future__ import annotations

import pytest
from tests.kernel.skeletons.batch import BATCH, PERMIT
from tests.kernel.skeletons.eviction import EVICTION
from tests.kernel.skeletons.hazard import HAZARD, ROUND
from tests.kernel.skeletons.mediation import MEDIATION, PROMISE
from tests.kernel.skeletons.parking import PARKING
from tests.kernel.skeletons.relay import PASSPORT
from tests.kernel.skeletons.series import SERIES, SUSPECT, THEFT
from tests.kernel.skeletons.visit import VISIT
from tests.kernel.stage import Stage, citizen, officer

from guangyue.kernel import Actor, Matter, Refusal, matrix
from guangyue.kernel.grammar import Who

ALL = (BATCH, PERMIT, EVICTION, HAZARD, ROUND, MEDIATION, PROMISE, PARKING, PASSPORT, SERIES, SUSPECT, THEFT, VISIT)


def somebody(who: Who) -> Actor:
    """An actor who is just that and nothing else; in the unit that holds the matter where that is asked."""
    if who.kind == "role":
        return Actor(
            id="x", roles=frozenset({who.code}), agency=who.agency, unit="here", level=(who.levels or ("",))[0]
        )
    if who.kind == "party":
        return Actor(id="x", parties=frozenset({who.code}))
    return Actor(id="x", system=who.code)


@pytest.mark.parametrize("procedure", ALL, ids=lambda p: p.code)
def test_every_cell_is_asserted_against_the_kernel(procedure):
    """In a matter that does not exist every act is refused; but for lack of capacity exactly where the cell says no."""
    stage = Stage(*ALL)
    found = matrix.cells(procedure)
    people = matrix.everyone(procedure)
    assert len(found) == len(people) * (len(procedure.actions) + len(list(matrix.readable(procedure))))
    for cell in found:
        if cell.kind == "act":
            answer = stage.ask(somebody(cell.who), cell.name, code=procedure.code)
            codes = answer.codes if isinstance(answer, Refusal) else frozenset()
            assert ("who.not_allowed" not in codes) is cell.allowed, cell


def test_urban_management_never_sees_the_owner():
    allowed = {c.who.name for c in matrix.cells(PARKING) if c.kind == "read" and c.name == "owner" and c.allowed}
    assert allowed == {"role:traffic_officer@traffic_police", "role:traffic_reviewer@traffic_police"}
    matter = Matter(id="m", procedure="streets.parking", version=1)
    urban = officer("li", "urban_officer", agency="urban")
    assert "owner" not in matrix.may_read(PARKING, matter, urban)
    assert "owner" in matrix.may_read(PARKING, matter, officer("z", "traffic_reviewer", agency="traffic_police"))
    assert "owner" not in matrix.may_read(PARKING, matter, officer("z", "traffic_reviewer", agency="urban"))
    assert matrix.may_do(PARKING, matter, urban) == {"record", "gone", "still_there"}
    assert matrix.may_do(PARKING, matter, citizen("o", "owner")) == {"object"}
