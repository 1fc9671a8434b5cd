"""Who may do what: every “must not” of the table beside the “may” that shows the rest of the case is in order."""

from __future__ import annotations

from datetime import date

import pytest

from guangyue.law import Source, Text
from guangyue.law.competence import (
    ACTIONS,
    AGENCIES,
    BANS,
    COMPETENCE,
    FACTS,
    LEVELS,
    OFFENCES,
    PENALTIES,
    PLACES,
    POWERS,
    ROLES,
    STEPS,
    Act,
    Action,
    Agency,
    Fact,
    Level,
    Offence,
    Party,
    Place,
    Role,
    Step,
    competent,
    may,
)

NOW, BEFORE = date(2026, 3, 1), date(2025, 12, 31)
TWO = frozenset({Fact.TWO_OFFICERS, Fact.CERTIFIED})
RECORDED = frozenset({Fact.NO_OBJECTION, Fact.FULL_RECORDING})
LED = frozenset({Fact.POLICE_PRESENT, Fact.FULL_RECORDING})
QUICK = frozenset({Fact.ADMITTED, Fact.CONSENTED, Fact.KEY_EVIDENCE})


def act(role, action, agency, level, on=NOW, facts=(), **more):
    return Act(role=role, action=action, agency=agency, level=level, on=on, facts=frozenset(facts), **more)


def helper(role, action):
    return act(role, action, Agency.COMMUNITY, Level.NONE)


def auxiliary(action, facts=()):
    return act(Role.AUXILIARY, action, Agency.POLICE, Level.STATION, facts=facts)


def urban(action, **more):
    return act(Role.URBAN_OFFICER, action, Agency.URBAN, Level.COUNTY, **more)


def traffic(action, **more):
    return act(Role.TRAFFIC_OFFICER, action, Agency.TRAFFIC_POLICE, Level.COUNTY, **more)


def traffic_head(action, level):
    return act(Role.AGENCY_HEAD, action, Agency.TRAFFIC_POLICE, level, fine=20_000)


def station(action, **more):
    return act(Role.STATION_OFFICER, action, Agency.POLICE, Level.STATION, **more)


def county(action, **more):
    return act(Role.COUNTY_OFFICER, action, Agency.POLICE, Level.COUNTY, **more)


def head(action, agency=Agency.URBAN, **more):
    return act(Role.AGENCY_HEAD, action, agency, Level.COUNTY, **more)


def court(role, action, **more):
    return act(role, action, Agency.COURT, Level.COUNTY, **more)


HELPERS = (Role.VOLUNTEER, Role.GRID_WORKER, Role.PARKING_STEWARD)
SPOT = {"offence": Offence.SMALL_ADS, "place": Place.STREET_FURNITURE}
PARKED = {"offence": Offence.PARKING, "place": Place.ROAD}

PAIRS = [
    # allowed, denied, a code among the reasons
    *((helper(role, Action.REMIND), helper(role, Action.ASK_IDENTITY), f"ban.N-{role}-identity") for role in HELPERS),
    *((helper(role, Action.PHOTOGRAPH), helper(role, Action.FINE_ON_SPOT), f"ban.N-{role}-penalty") for role in HELPERS),
    *((helper(role, Action.REPORT), helper(role, Action.SEE_POLICE_DATA), f"ban.N-{role}-data") for role in HELPERS),
    *((helper(role, Action.HELP), helper(role, Action.TOW), f"ban.N-{role}-penalty") for role in HELPERS),
    *((auxiliary(task), auxiliary(Action.DECIDE_FINE), "ban.N-auxiliary-decide") for task in (
        Action.KEEP_ORDER, Action.GUARD_SCENE, Action.PUBLICISE, Action.REPORT, Action.HELP)),
    (auxiliary(Action.REMIND), auxiliary(Action.SEIZE), "ban.N-auxiliary-coerce"),
    (auxiliary(Action.PHOTOGRAPH), auxiliary(Action.REVIEW_RECORD), "ban.N-auxiliary-approve"),
    *((auxiliary(task, LED), auxiliary(task), "power.needs.police_present") for task in (
        Action.RECEIVE, Action.REGISTER, Action.TAKE_EVIDENCE, Action.MEDIATE, Action.SERVE)),
    (auxiliary(Action.REGISTER, LED), auxiliary(Action.REGISTER, {Fact.POLICE_PRESENT}), "power.needs.full_recording"),

    (urban(Action.REMIND, **PARKED), urban(Action.FINE_ON_SPOT, facts=TWO, fine=100_00, **PARKED), "ban.N-urban-parking"),
    (urban(Action.PHOTOGRAPH, **PARKED), urban(Action.ORAL_WARNING, facts=TWO, **PARKED), "ban.N-urban-parking"),
    (urban(Action.HAND_OVER, **PARKED), urban(Action.INVESTIGATE_GENERAL, facts=TWO, **PARKED), "ban.N-urban-parking"),
    (urban(Action.REPORT), urban(Action.QUERY_IDENTITY, facts={Fact.CASE_NUMBER}), "ban.N-urban-identity"),
    (urban(Action.REMIND), urban(Action.DETAIN, facts=TWO), "ban.N-urban-liberty"),
    (urban(Action.FINE_ON_SPOT, facts=TWO, fine=200_00, **SPOT), urban(Action.FINE_ON_SPOT, fine=200_00, **SPOT),
     "power.needs.two_officers"),
    (urban(Action.FINE_ON_SPOT, facts=TWO, fine=200_00, **SPOT),
     urban(Action.FINE_ON_SPOT, facts={Fact.TWO_OFFICERS}, fine=200_00, **SPOT), "power.needs.certified"),
    (urban(Action.FINE_ON_SPOT, facts=TWO, fine=200_00, **SPOT),
     urban(Action.FINE_ON_SPOT, facts=TWO, fine=200_01, **SPOT), "power.amount"),
    (urban(Action.FINE_ON_SPOT, facts=TWO, fine=200_00, **SPOT), urban(Action.FINE_ON_SPOT, facts=TWO, **SPOT),
     "power.amount_missing"),
    (urban(Action.FINE_ON_SPOT, facts=TWO, fine=200_00, **SPOT),
     urban(Action.FINE_ON_SPOT, facts=TWO, fine=200_00, offence=Offence.SMALL_ADS), "competence.place_missing"),
    (urban(Action.FINE_ON_SPOT, facts=TWO, fine=3000_00, party=Party.ORGANISATION, **SPOT),
     urban(Action.FINE_ON_SPOT, facts=TWO, fine=3000_01, party=Party.ORGANISATION, **SPOT), "power.amount"),
    (urban(Action.COLLECT_CASH, facts=TWO, fine=100_00), urban(Action.COLLECT_CASH, facts=TWO, fine=100_01), "power.amount"),
    (urban(Action.COLLECT_CASH, facts=TWO | {Fact.UNCOLLECTABLE}, fine=150_00),
     urban(Action.COLLECT_CASH, facts=TWO, fine=150_00), "power.amount"),
    (act(Role.URBAN_REVIEWER, Action.REVIEW_RECORD, Agency.URBAN, Level.COUNTY, **SPOT),
     act(Role.URBAN_REVIEWER, Action.REVIEW_RECORD, Agency.URBAN, Level.COUNTY, **PARKED), "ban.N-urban-review-parking"),

    (traffic(Action.ORAL_WARNING), traffic(Action.DETAIN), "ban.N-traffic-officer-detain"),
    (traffic(Action.FINE_ON_SPOT, fine=200_00, **PARKED), traffic(Action.FINE_ON_SPOT, fine=201_00, **PARKED), "power.amount"),
    (traffic(Action.FINE_ON_SPOT, fine=200_00, **PARKED),
     traffic(Action.FINE_ON_SPOT, fine=200_00, offence=Offence.PARKING_SETBACK, place=Place.SETBACK), "competence.agency"),
    (traffic(Action.INVESTIGATE_GENERAL, facts={Fact.TWO_OFFICERS}), traffic(Action.INVESTIGATE_GENERAL),
     "power.needs.two_officers"),
    (traffic(Action.AFFIX_SLIP, facts={Fact.DRIVER_ABSENT}), traffic(Action.AFFIX_SLIP), "power.needs.driver_absent"),
    (traffic(Action.TOW, facts={Fact.DRIVER_ABSENT, Fact.OBSTRUCTS}), traffic(Action.TOW, facts={Fact.DRIVER_ABSENT}),
     "power.needs.obstructs"),
    (traffic(Action.COLLECT_CASH, facts={Fact.SLOW_TRAFFIC, Fact.NO_OBJECTION}, fine=20_00),
     traffic(Action.COLLECT_CASH, facts={Fact.NO_OBJECTION}, fine=20_00), "power.needs.slow_traffic"),
    (traffic(Action.QUERY_IDENTITY, facts={Fact.CASE_NUMBER}), traffic(Action.QUERY_IDENTITY), "power.needs.case_number"),
    (act(Role.TRAFFIC_REVIEWER, Action.REVIEW_RECORD, Agency.TRAFFIC_POLICE, Level.COUNTY),
     act(Role.TRAFFIC_REVIEWER, Action.REVIEW_RECORD, Agency.TRAFFIC_POLICE, Level.COUNTY, facts={Fact.OWN_CASE}),
     "power.excludes.own_case"),
    (act(Role.TRAFFIC_REVIEWER, Action.REVIEW_RECORD, Agency.TRAFFIC_POLICE, Level.COUNTY),
     act(Role.TRAFFIC_REVIEWER, Action.REVIEW_RECORD, Agency.URBAN, Level.COUNTY), "power.agency"),
    *((traffic_head(action, Level.COUNTY), traffic_head(Action.REVOKE_LICENCE, Level.COUNTY), "power.level") for action in (
        Action.DECIDE_WARNING, Action.DECIDE_FINE, Action.SUSPEND_LICENCE)),
    (traffic_head(Action.REVOKE_LICENCE, Level.CITY), traffic_head(Action.DETAIN, Level.CITY), "ban.N-traffic-detain"),

    (station(Action.DECIDE_FINE, fine=1000_00), station(Action.DECIDE_FINE, fine=1000_01), "power.amount"),
    (station(Action.DECIDE_FINE, fine=500_00, on=BEFORE), station(Action.DECIDE_FINE, fine=1000_00, on=BEFORE), "power.amount"),
    (station(Action.DECIDE_WARNING), station(Action.DETAIN), "ban.N-station-detain"),
    (station(Action.DECIDE_WARNING), station(Action.DETAIN, on=BEFORE), "ban.N-station-detain"),
    (station(Action.DECIDE_WARNING), station(Action.DECIDE_WARNING, facts={Fact.NEGATIVE_LIST}), "power.excludes.negative_list"),
    (station(Action.DECIDE_WARNING), station(Action.REVOKE_LICENCE), "ban.N-station-licence"),
    (station(Action.FINE_ON_SPOT, facts=RECORDED, fine=500_00), station(Action.FINE_ON_SPOT, fine=500_00),
     "power.needs.two_officers"),
    (station(Action.FINE_ON_SPOT, facts=RECORDED, fine=500_00),
     station(Action.FINE_ON_SPOT, facts=RECORDED, fine=501_00), "power.amount"),
    (station(Action.FINE_ON_SPOT, fine=200_00, on=BEFORE), station(Action.FINE_ON_SPOT, fine=500_00, on=BEFORE), "power.amount"),
    (station(Action.COLLECT_CASH, facts={Fact.NO_OBJECTION}, fine=200_00),
     station(Action.COLLECT_CASH, facts={Fact.NO_OBJECTION}, fine=200_00, on=BEFORE), "power.amount"),
    (station(Action.QUESTION, facts={Fact.IN_CASE_AREA, Fact.FULL_RECORDING}),
     station(Action.QUESTION, facts={Fact.FULL_RECORDING}), "power.needs.two_officers"),
    (station(Action.QUESTION, facts={Fact.IN_CASE_AREA, Fact.FULL_RECORDING}),
     station(Action.QUESTION, facts={Fact.IN_CASE_AREA, Fact.FULL_RECORDING}, on=BEFORE), "power.needs.two_officers"),
    (station(Action.TAKE_BIOMETRICS, facts={Fact.APPROVED}), station(Action.TAKE_BIOMETRICS), "power.needs.approved"),
    (station(Action.TAKE_BIOMETRICS, facts={Fact.APPROVED, Fact.VICTIM, Fact.CONSENTED}),
     station(Action.TAKE_BIOMETRICS, facts={Fact.APPROVED, Fact.VICTIM}), "power.needs.consented"),
    (station(Action.MEDIATE, facts={Fact.FULL_RECORDING}),
     station(Action.MEDIATE, facts={Fact.FULL_RECORDING, Fact.REFUSED}), "power.excludes.refused"),
    (county(Action.DETAIN), county(Action.DETAIN, facts={Fact.DEPUTY}), "power.needs.deputy_permission"),
    (county(Action.DETAIN, facts={Fact.DEPUTY, Fact.DEPUTY_PERMISSION}), station(Action.DETAIN), "ban.N-station-detain"),
    (county(Action.DECIDE_FINE, fine=5000_00), station(Action.DECIDE_FINE, fine=5000_00), "power.amount"),
    (county(Action.QUERY_IDENTITY, facts={Fact.CASE_NUMBER}), county(Action.QUERY_IDENTITY), "power.needs.case_number"),

    (act(Role.LEGAL_REVIEWER, Action.LEGAL_REVIEW, Agency.URBAN, Level.COUNTY),
     act(Role.LEGAL_REVIEWER, Action.LEGAL_REVIEW, Agency.URBAN, Level.COUNTY, facts={Fact.OWN_CASE}),
     "power.excludes.own_case"),
    (act(Role.LEGAL_REVIEWER, Action.LEGAL_REVIEW, Agency.POLICE, Level.COUNTY,
         facts={Fact.FIRST_REVIEW, Fact.LEGALLY_QUALIFIED}),
     act(Role.LEGAL_REVIEWER, Action.LEGAL_REVIEW, Agency.POLICE, Level.COUNTY, facts={Fact.FIRST_REVIEW}),
     "power.needs.legally_qualified"),
    (act(Role.HEARING_HOST, Action.RUN_HEARING, Agency.URBAN, Level.COUNTY),
     act(Role.HEARING_HOST, Action.RUN_HEARING, Agency.URBAN, Level.COUNTY, facts={Fact.OWN_INVESTIGATION}),
     "power.excludes.own_investigation"),

    *((head(action), head(action, facts={Fact.OWN_CLERKING}), "power.excludes.own_clerking") for action in (
        Action.APPROVE_SEIZURE, Action.APPROVE_EXTENSION, Action.APPROVE_TRANSFER, Action.APPROVE_URGENT)),
    *((head(Action.APPROVE_QUICK, Agency.POLICE, facts=QUICK),
       head(Action.APPROVE_QUICK, Agency.POLICE, facts=QUICK | {fact}), f"power.excludes.{fact}") for fact in (
        Fact.VULNERABLE, Fact.HEARING_CASE, Fact.LONG_DETENTION, Fact.OWN_CLERKING)),
    *((head(Action.APPROVE_QUICK, Agency.POLICE, facts=QUICK),
       head(Action.APPROVE_QUICK, Agency.POLICE, facts=QUICK - {fact}), f"power.needs.{fact}") for fact in sorted(QUICK)),

    *((court(Role.COURT_EXECUTOR, Action.FORCE_EVICTION, facts={Fact.NOTICE_EXPIRED}, on=on),
       court(Role.COURT_EXECUTOR, Action.FORCE_EVICTION, on=on), "power.needs.notice_expired")
      for on in (NOW, date(2023, 1, 5))),
    (court(Role.COURT_PRESIDENT, Action.SIGN_EVICTION), court(Role.COURT_EXECUTOR, Action.SIGN_EVICTION), "ban.N-executor-sign"),
    (court(Role.COURT_PRESIDENT, Action.SIGN_SEARCH), court(Role.COURT_EXECUTOR, Action.SIGN_SEARCH), "ban.N-executor-search"),
    (court(Role.COURT_PRESIDENT, Action.APPROVE_EXTENSION), court(Role.COURT_EXECUTOR, Action.APPROVE_EXTENSION), "power.none"),
    (court(Role.COURT_EXECUTOR, Action.WRITE_TRANSCRIPT), court(Role.COURT_PRESIDENT, Action.FORCE_EVICTION), "power.none"),
    (court(Role.COURT_JUDGE, Action.LIST_DISHONEST), court(Role.COURT_EXECUTOR, Action.LIST_DISHONEST), "power.none"),

    (act(Role.CLERK, Action.ACCEPT_APPLICATION, Agency.SERVICE_HALL, Level.COUNTY),
     act(Role.CLERK, Action.APPROVE_URGENT, Agency.SERVICE_HALL, Level.COUNTY), "ban.N-clerk-approve"),
    (act(Role.BANK_STAFF, Action.HOLD_TRANSFER, Agency.BANK, Level.NONE, facts={Fact.CHECKS_DONE}),
     act(Role.BANK_STAFF, Action.HOLD_TRANSFER, Agency.BANK, Level.NONE), "power.needs.checks_done"),
    (act(Role.FRAUD_ANALYST, Action.STOP_PAYMENT, Agency.POLICE, Level.COUNTY, facts={Fact.APPROVED}),
     act(Role.FRAUD_ANALYST, Action.STOP_PAYMENT, Agency.POLICE, Level.COUNTY), "power.needs.approved"),
    (act(Role.FRAUD_ANALYST, Action.ISSUE_WARNING, Agency.POLICE, Level.COUNTY),
     act(Role.BANK_STAFF, Action.STOP_PAYMENT, Agency.BANK, Level.NONE, facts={Fact.APPROVED}), "ban.N-bank-stop"),
    (act(Role.MEDIATOR, Action.MEDIATE, Agency.MEDIATION, Level.NONE),
     act(Role.MEDIATOR, Action.MEDIATE, Agency.MEDIATION, Level.NONE, facts={Fact.REFUSED}), "power.excludes.refused"),
    (act(Role.SUPERVISOR, Action.SUPERVISE, Agency.GOVERNMENT, Level.CITY),
     act(Role.SUPERVISOR, Action.DECIDE_FINE, Agency.GOVERNMENT, Level.CITY, fine=1), "ban.N-supervisor-act"),
    *((act(role, action, Agency.OPERATOR, Level.NONE),
       act(role, action, Agency.OPERATOR, Level.NONE, facts={Fact.OTHER_ADMIN_ACCOUNT}), "power.excludes.other_admin_account")
      for role, action in ((Role.AUDITOR, Action.READ_AUDIT), (Role.SECURITY_ADMIN, Action.SET_SECURITY),
                           (Role.SYSTEM_ADMIN, Action.OPERATE_SYSTEM))),
    (act(Role.AUDITOR, Action.READ_AUDIT, Agency.OPERATOR, Level.NONE),
     act(Role.SYSTEM_ADMIN, Action.READ_AUDIT, Agency.OPERATOR, Level.NONE), "ban.N-system_admin-other"),
    (act(Role.SECURITY_ADMIN, Action.SET_SECURITY, Agency.OPERATOR, Level.NONE),
     act(Role.AUDITOR, Action.SET_SECURITY, Agency.OPERATOR, Level.NONE), "ban.N-auditor-other"),
    (act(Role.SYSTEM_ADMIN, Action.OPERATE_SYSTEM, Agency.OPERATOR, Level.NONE),
     act(Role.SECURITY_ADMIN, Action.OPERATE_SYSTEM, Agency.OPERATOR, Level.NONE), "ban.N-security_admin-other"),
    (act(Role.OWNER, Action.OBJECT, Agency.PUBLIC, Level.NONE),
     act(Role.OWNER, Action.REVIEW_RECORD, Agency.PUBLIC, Level.NONE), "power.none"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("allowed", "denied", "code"), PAIRS, ids=[f"{no.role}-{no.action}-{code}" for _, no, code in PAIRS]
)
def test_may_and_must_not(allowed, denied, code):
    yes, no = may(allowed), may(denied)
    assert yes, f"the lawful neighbour is denied: {getattr(yes, 'codes', ())}"
    assert not no
    assert code in no.codes
    assert all(reason.text.zh and reason.text.en for reason in no.reasons)


def test_all_reasons_are_named_at_once():
    found = may(urban(Action.FINE_ON_SPOT, fine=300_00, **PARKED))
    assert found.codes == (
        "ban.N-urban-parking",
        "power.needs.certified",
        "power.needs.two_officers",
        "power.amount",
        "competence.agency",
    )


@pytest.mark.parametrize("ban", tuple(BANS), ids=lambda ban: f"{ban.code}-{ban.effective_from}")
def test_every_ban_bites_whatever_else_is_given(ban):
    for action in ban.actions:
        for agency in ban.agencies or (Agency.URBAN,):
            for offence in ban.offences or (None,):
                found = may(
                    act(
                        ban.role, action, agency, Level.CITY, on=ban.effective_from, facts=Fact, offence=offence, fine=1
                    )
                )
                assert f"ban.{ban.code}" in found.codes


def test_every_ban_of_the_table_stands_in_a_pair():
    tested = {code.removeprefix("ban.") for _, _, code in PAIRS if code.startswith("ban.")}
    assert {ban.code for ban in BANS} == tested


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_do_something_and_not_everything(role):
    mine = {action for power in POWERS if power.role is role for action in power.actions}
    assert mine
    assert mine != set(Action)
    outside = next(action for action in Action if action not in mine)
    assert not may(act(role, outside, Agency.POLICE, Level.CITY, facts=Fact, fine=1))


def test_before_a_power_begins_there_is_none():
    found = may(traffic(Action.ORAL_WARNING, on=date(2019, 1, 1)))
    assert found.codes == ("power.none",)


def test_allowed_by_a_local_rule_is_unverified():
    assert not may(helper(Role.VOLUNTEER, Action.REMIND)).verified
    assert may(traffic(Action.ORAL_WARNING)).verified


@pytest.mark.parametrize(
    ("offence", "place", "agency"),
    [
        (Offence.PARKING, Place.ROAD, Agency.TRAFFIC_POLICE),
        (Offence.PARKING, Place.PAVEMENT, Agency.TRAFFIC_POLICE),
        (Offence.PARKING, Place.PUBLIC_LOT, Agency.TRAFFIC_POLICE),
        (Offence.PARKING_SETBACK, Place.SETBACK, Agency.URBAN),
        (Offence.BAY_OCCUPIED, Place.ROAD, Agency.TRAFFIC_POLICE),
        (Offence.GROUND_LOCK, Place.RESIDENTIAL, Agency.URBAN),
        (Offence.TRADE_ROAD, Place.ROAD, Agency.URBAN),
        (Offence.TRADE_MARKET, Place.MAIN_ROAD, Agency.URBAN),
        (Offence.TRADE_OUTSIDE, Place.SHOPFRONT, Agency.URBAN),
        (Offence.SMALL_ADS, Place.STREET_FURNITURE, Agency.URBAN),
        (Offence.LOW_SPEED_VEHICLE, Place.ROAD, Agency.TRAFFIC_POLICE),
        (Offence.TRAFFIC_RULES, Place.ROAD, Agency.TRAFFIC_POLICE),
        (Offence.THROWING, Place.BUILDING, Agency.POLICE),
        (Offence.DATA_SALE, Place.ONLINE, Agency.POLICE),
    ],
)
def test_who_is_competent(offence, place, agency):
    assert competent(offence, place, NOW).agency is agency


def test_a_gap_is_called_a_gap():
    found = competent(Offence.PARKING, Place.RESIDENTIAL, NOW)
    assert found.codes == ("competence.place",)
    assert "管理空白" in found.reasons[0].text.zh
    assert competent(Offence.THROWING, Place.BUILDING, BEFORE).codes == ("competence.not_yet",)


def test_no_two_agencies_are_competent_for_one_offence_at_one_place():
    rules = COMPETENCE.in_force(NOW)
    seen = [(rule.offence, place) for rule in rules for place in rule.places]
    assert len(seen) == len(set(seen))
    assert {rule.offence for rule in rules} == set(Offence)


@pytest.mark.parametrize(
    ("members", "names"),
    [
        (Role, ROLES), (Agency, AGENCIES), (Level, LEVELS), (Action, ACTIONS), (Fact, FACTS), (Offence, OFFENCES),
        (Place, PLACES), (Step, STEPS),
    ],
)  # fmt: skip
def test_everything_has_a_name_in_both_languages(members, names):
    assert set(names) == set(members)
    assert all(isinstance(name, Text) for name in names.values())


def test_every_fact_decides_something():
    used = {
        fact
        for power in POWERS
        for fact in (*power.needs, *power.excludes, *(f for pair in power.needs_when for f in pair))
    }
    assert used == set(Fact)


def test_enforcement_includes_every_penalty_a_band_knows():
    assert {Action.FINE_ON_SPOT, Action.DECIDE_FINE, Action.DECIDE_WARNING, Action.DETAIN} <= PENALTIES


def test_every_power_and_ban_has_a_source():
    for rule in (*POWERS, *BANS):
        assert isinstance(rule.source, Source)
        assert rule.verified is rule.source.is_settled
