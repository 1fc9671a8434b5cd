"""Versions: one canonical text, one digest; retired ones still play; a change needs two people."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.kernel.skeletons.batch import BATCH, PERMIT
from tests.kernel.skeletons.eviction import EVICTION
from tests.kernel.skeletons.hazard import HAZARD, ROUND
from tests.kernel.skeletons.mediation import MEDIATION, PROMISE
from tests.kernel.skeletons.parking import PARKING
from tests.kernel.skeletons.relay import PASSPORT
from tests.kernel.skeletons.series import SERIES, SUSPECT, THEFT
from tests.kernel.skeletons.visit import VISIT
from tests.kernel.stage import CARRIER, Stage, officer, photo

from guangyue.desks.streets.procedures.parking import PARKING as DESK_PARKING
from guangyue.kernel import Procedure, Refusal, canonical, read_procedure
from guangyue.kernel.grammar import Role, State, Succeeds, T

ALL = (
    BATCH, PERMIT, EVICTION, HAZARD, ROUND, MEDIATION, PROMISE, PARKING, PASSPORT, SERIES, SUSPECT, THEFT, VISIT, DESK_PARKING,
)  # fmt: skip
LI = officer("li", "urban_officer", agency="urban")
HEAD = officer("head", "agency_head", agency="traffic_police")
OTHER = officer("other", "agency_head", agency="traffic_police")


@pytest.mark.parametrize("procedure", ALL, ids=lambda p: p.code)
def test_a_declaration_has_one_text_and_comes_back_from_it(procedure):
    text = canonical(procedure)
    again = read_procedure(text)
    assert canonical(again) == text
    assert again.digest == procedure.digest
    assert again == procedure
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@pytest.mark.parametrize("procedure", ALL, ids=lambda p: p.code)
def test_any_change_of_wording_or_rule_changes_the_digest(procedure):
    assert replace(procedure, title=T("另一个名字", "another name")).digest != procedure.digest
    assert replace(procedure, version=procedure.version + 1).digest != procedure.digest


def test_a_retired_version_kept_as_text_still_plays_to_its_end():
    stage = Stage(read_procedure(canonical(PARKING)))
    values = {"plate": "鲁P12345", "street": "柳园路"}
    id_ = stage.open(LI, "record", PARKING.code, values=values, evidence=(photo("first", stage.now),)).id
    stage.at("09:01").do(CARRIER, "reminder_accepted", id_)
    assert stage.at("09:11").do(LI, "gone", id_).state == "left"


def second_version() -> Procedure:
    """The same work with the waiting state renamed."""
    renamed = {"reminded": "waiting"}

    def named(code: str) -> str:
        return renamed.get(code, code)

    states = tuple(replace(s, code=named(s.code)) for s in PARKING.states)
    actions = tuple(replace(a, moves={named(k): named(v) for k, v in a.moves.items()}) for a in PARKING.actions)
    deadlines = tuple(replace(d, during=tuple(named(s) for s in d.during)) for d in PARKING.deadlines)
    follows = (Succeeds(version=1, by=(Role("agency_head", agency="traffic_police"),), states=renamed),)
    return replace(PARKING, version=2, states=states, actions=actions, deadlines=deadlines, succeeds=follows)


@pytest.fixture
def reminded():
    stage = Stage(PARKING)
    values = {"plate": "鲁P12345", "street": "柳园路"}
    id_ = stage.open(LI, "record", PARKING.code, values=values, evidence=(photo("first", stage.now),)).id
    stage.at("09:01").do(CARRIER, "reminder_accepted", id_)
    new = second_version()
    stage.library[new.code, 2] = new
    stage.library[new.code, 0] = new
    return stage, id_


def codes(stage: Stage, actor, act: str, id_: str, **values) -> frozenset[str]:
    answer = stage.ask(actor, act, id_, values=values)
    assert isinstance(answer, Refusal)
    return answer.codes


def test_a_matter_stays_on_its_version_until_two_people_move_it(reminded):
    stage, id_ = reminded
    assert stage.matters[id_].version == 1
    assert "version.not_proposed" in codes(stage, OTHER, "version.approve", id_, to=2)
    stage.do(HEAD, "version.propose", id_, values={"to": 2, "reason": "新规程施行"})
    assert stage.matters[id_].version == 1, "a proposal changes nothing"
    assert "version.same_person" in codes(stage, HEAD, "version.approve", id_, to=2)
    matter = stage.do(OTHER, "version.approve", id_, values={"to": 2})
    assert (matter.version, matter.state) == (2, "waiting")
    assert matter.deadlines["grace"].status == "pending", "the ten minutes run on"
    assert stage.at("09:10").do(LI, "gone", id_).state == "left"


def test_a_change_is_refused_to_whom_it_is_not_given_and_to_a_version_that_does_not_follow(reminded):
    stage, id_ = reminded
    assert "who.not_allowed" in codes(stage, LI, "version.propose", id_, to=2, reason="想改")
    assert "task.no_reason" in codes(stage, HEAD, "version.propose", id_, to=2)
    assert "version.unknown" in codes(stage, HEAD, "version.propose", id_, to=3, reason="没有")


def test_a_state_that_the_new_version_does_not_know_is_named(reminded):
    stage, id_ = reminded
    new = second_version()
    unmapped = replace(new, version=3, succeeds=(replace(new.succeeds[0], states={}),))
    stage.library[new.code, 3] = unmapped
    assert "version.unmapped" in codes(stage, HEAD, "version.propose", id_, to=3, reason="新规程施行")


def test_what_is_no_stored_procedure_is_refused():
    for text in ("{}", '{"$": "Other"}', "[]"):
        with pytest.raises(ValueError, match="stored"):
            read_procedure(text)
    assert State
