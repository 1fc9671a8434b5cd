"""Who sees what, who may do what: each refusal beside the success it differs from by one thing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.test import RequestFactory
from tests.city.conftest import START

from guangyue.city import access, administration
from guangyue.city.accounts.tokens import LONGEST, find_token, issue_token, revoke_token
from guangyue.city.errors import CityError, NotVisibleError
from guangyue.city.models import Account, ApiToken, Device, RoleHolding
from guangyue.city.models.accounts import AccountKind
from guangyue.city.models.acts import AdministrativeAct
from guangyue.city.roles import ADMINISTRATORS
from guangyue.city.units import close_unit
from guangyue.city.viewer import NOBODY, viewer_for, viewer_of

DAY = timedelta(days=1)


@pytest.fixture
def staff(city, hands):
    """A viewer per interesting position."""
    made = {
        "chief": ("county_officer", "county", True),
        "desk": ("county_officer", "county", False),
        "station": ("station_officer", "station-1", False),
        "urban": ("urban_officer", "brigade", False),
        "system": ("system_admin", "bureau", False),
        "security": ("security_admin", "bureau", False),
        "auditor": ("auditor", "bureau", False),
    }
    return {name: city.officer(role, unit, below=below) for name, (role, unit, below) in made.items()}


SEES = {
    "chief": {"chief", "desk", "station"},
    "desk": {"chief", "desk"},
    "station": {"station"},
    "urban": {"urban"},
    "system": {"chief", "desk", "station", "urban", "system", "security", "auditor"},
    "security": {"chief", "desk", "station", "urban", "system", "security", "auditor"},
    "auditor": {"auditor", "security", "system"},
}


@pytest.mark.parametrize("who", SEES)
def test_people_within_reach(staff, who):
    _, viewer = staff[who]
    for other, (account, _) in staff.items():
        if other in SEES[who]:
            assert access.access_person(viewer, account.person_id).pk == account.person_id
        else:
            with pytest.raises(NotVisibleError):
                access.access_person(viewer, account.person_id)


def test_absent_and_forbidden_look_the_same(staff, city):
    _, viewer = staff["station"]
    errors = []
    for key in (staff["urban"][0].person_id, 10**9):
        with pytest.raises(NotVisibleError) as refused:
            access.access_person(viewer, key)
        errors.append((refused.value.code, str(refused.value)))
    assert errors[0] == errors[1]


def test_citizens_are_in_nobodys_list(staff, city):
    citizen = city.person()
    for name, (_, viewer) in staff.items():
        assert citizen not in access.visible_people(viewer), name


@pytest.mark.parametrize("blind", ["nobody", "weak", "no-role", "disabled", "ended", "closed-unit"])
def test_default_is_nothing(staff, city, blind):
    account, seeing = staff["chief"]
    device = Device.objects.create(serial="D1", kind="phone", unit=city.units["station-1"])
    assert access.access_device(seeing, "D1") == device
    assert access.access_unit(seeing, "county")
    match blind:
        case "nobody":
            viewer = NOBODY
        case "weak":
            viewer = city.viewer(account, strong=False)
        case "no-role":
            viewer = city.viewer(city.account(city.person()))
        case "disabled":
            Account.objects.filter(pk=account.pk).update(is_active=False, disabled_at=START)
            viewer = city.viewer(account)
        case "ended":
            viewer = city.viewer(account, at=START - 2 * DAY)
        case _:
            close_unit(city.units["station-1"], START)
            close_unit(city.units["station-2"], START)
            close_unit(city.units["county"], START)
            viewer = city.viewer(account)
    for visible in (access.visible_units, access.visible_devices, access.visible_blocks, access.visible_places):
        assert not visible(viewer).exists()
    with pytest.raises(NotVisibleError):
        access.access_device(viewer, "D1")
    with pytest.raises(NotVisibleError):
        access.access_unit(viewer, "county")


def test_a_change_of_roles_acts_on_the_next_request(staff, city, hands):
    account, _viewer = staff["station"]
    _, security = staff["security"]
    assert city.viewer(account).holds("station_officer")
    holding = RoleHolding.objects.get(person=account.person)
    administration.end_role(security, holding, START)
    assert not city.viewer(account).held
    administration.grant_role(security, account.person, "auxiliary", city.units["station-2"], since=START)
    assert city.viewer(account).roles() == {"auxiliary"}
    assert city.viewer(account, at=START - timedelta(hours=1)).roles() == {"station_officer"}, "the past stays"


@pytest.mark.parametrize("first", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("second", sorted(ADMINISTRATORS))
def test_no_person_holds_two_of_the_three(staff, city, first, second):
    _, security = staff["security"]
    person = city.person()
    administration.grant_role(security, person, first, city.units["bureau"], since=START, until=START + DAY)
    with pytest.raises(CityError) as refused:
        administration.grant_role(security, person, second, city.units["bureau"], since=START + DAY / 2)
    assert refused.value.code == ("role.twice" if first == second else "role.administrators")
    administration.grant_role(security, person, second, city.units["bureau"], since=START + DAY)


def test_the_database_itself_refuses_two(city):
    person = city.person()
    city.hold(person, "auditor", "bureau")
    with pytest.raises(IntegrityError), transaction.atomic():
        city.hold(person, "system_admin", "urban")
    city.hold(person, "station_officer", "station-1")


ACTS = {
    "grant": (
        "security",
        lambda v, city, a: administration.grant_role(v, a.person, "clerk", city.units["bureau"], since=START),
    ),
    "disable": ("system", lambda v, city, a: administration.disable_account(v, a)),
    "enable": ("system", lambda v, city, a: administration.enable_account(v, a)),
    "reset": ("system", lambda v, city, a: administration.reset_factors(v, a, "a-fresh-harbour-3")),
    "unlock": ("security", lambda v, city, a: administration.unlock_account(v, a)),
    "open": (
        "system",
        lambda v, city, a: administration.open_account(v, city.person(), "newcomer", "a-fresh-harbour-3"),
    ),
    "read": ("auditor", lambda v, city, a: list(administration.read_acts(v))),
}
ALSO = {("disable", "security")}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["system", "security", "auditor", "chief", "station"])
def test_each_act_belongs_to_one_administrator(staff, city, act, who):
    owner, do = ACTS[act]
    account, viewer = staff[who]
    target, _ = staff["urban"]
    if who == owner or (act, who) in ALSO:
        do(viewer, city, target)
        assert act == "read" or AdministrativeAct.objects.filter(actor=account).count() == 1
        with pytest.raises(CityError, match=r"access\.role"):
            do(city.viewer(account, strong=False), city, target)
    else:
        with pytest.raises(CityError, match=r"access\.role"):
            do(viewer, city, target)
        assert not AdministrativeAct.objects.filter(actor=account).exists()


@pytest.mark.parametrize(
    ("act", "who"), [("disable", "system"), ("reset", "system"), ("grant", "security"), ("unlock", "security")]
)
def test_nobody_acts_on_themselves(staff, city, act, who):
    account, viewer = staff[who]
    with pytest.raises(CityError, match=r"access\.own"):
        ACTS[act][1](viewer, city, account)


def test_acts_are_only_added(staff, city):
    administration.unlock_account(staff["security"][1], staff["urban"][0])
    for change in (lambda q: q.update(act="x"), lambda q: q.delete()):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            change(AdministrativeAct.objects.all())


def test_one_person_one_account(staff, city):
    _, system = staff["system"]
    person = city.person()
    administration.open_account(system, person, "one", "a-fresh-harbour-3")
    for who, kind in ((person, AccountKind.STAFF), (None, AccountKind.STAFF), (city.person(), AccountKind.KIOSK)):
        with pytest.raises(CityError, match=r"account\.person"):
            administration.open_account(system, who, "two", "a-fresh-harbour-3", kind=kind)
    administration.open_account(system, None, "kiosk-1", "a-fresh-harbour-3", kind=AccountKind.KIOSK)


def test_a_role_that_never_began_is_removed_and_an_ended_one_stays(staff, city):
    _, security = staff["security"]
    person = city.person()
    late = administration.grant_role(security, person, "clerk", city.units["bureau"], since=START + DAY)
    administration.end_role(security, late, START)
    assert not RoleHolding.objects.filter(person=person).exists()
    now = administration.grant_role(security, person, "clerk", city.units["bureau"], since=START - DAY)
    administration.end_role(security, now, START)
    with pytest.raises(CityError, match=r"role\.period"):
        administration.end_role(security, now, START + DAY)
    with pytest.raises(CityError, match=r"role\.period"):
        administration.grant_role(security, person, "clerk", city.units["bureau"], since=START, until=START)


def test_a_purpose_comes_from_a_viewer(staff):
    account, viewer = staff["chief"]
    assert viewer.purpose("case file", matter="M-1").reader == f"account:{account.pk}"
    with pytest.raises(CityError, match=r"access\.nobody"):
        NOBODY.purpose("curious")


# --- tokens ----------------------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_kept_hashed(staff, hands):
    account, _ = staff["chief"]
    token, text = issue_token(account, "field sync", frozenset({"evidence:write"}), START + DAY)
    assert find_token(text) == token
    row = str(ApiToken.objects.values().get(pk=token.pk))
    assert text.split("_", 2)[2] not in row
    assert text not in row
    for wrong in (
        "",
        "gy_",
        text[:-1],
        text + "A",
        text[:-1] + ("A" if text[-1] != "A" else "B"),
        "gy_" + "0" * 12 + "_" + "A" * 43,
    ):
        assert find_token(wrong) is None


@pytest.mark.parametrize("end", ["expiry", "revoked", "disabled"])
def test_a_token_ends(staff, hands, end):
    account, _ = staff["chief"]
    token, text = issue_token(account, "x", frozenset({"evidence:write"}), START + DAY)
    assert find_token(text)
    match end:
        case "expiry":
            hands.go(days=1)
        case "revoked":
            revoke_token(token)
        case _:
            administration.disable_account(staff["system"][1], account)
            administration.enable_account(staff["system"][1], account)
    assert find_token(text) is None


@pytest.mark.parametrize(
    ("scopes", "ahead", "code"),
    [
        ([], DAY, "token.scopes"),
        (["*"], DAY, "token.scopes"),
        (["evidence"], DAY, "token.scopes"),
        (["evidence:write"], LONGEST + DAY, "token.expiry"),
        (["evidence:write"], -DAY, "token.expiry"),
    ],
)
def test_tokens_that_are_not_issued(staff, scopes, ahead, code):
    with pytest.raises(CityError) as refused:
        issue_token(staff["chief"][0], "x", frozenset(scopes), START + ahead)
    assert refused.value.code == code


def test_a_request_stands_on_its_token_alone(staff, hands):
    account, _ = staff["chief"]
    _, text = issue_token(account, "x", frozenset({"evidence:write"}), START + DAY)
    request = RequestFactory().get("/", headers={"Authorization": f"Bearer {text}"})
    request.user = staff["system"][0]
    viewer = viewer_of(request)
    assert viewer.account_id == account.pk
    assert viewer.allows("evidence:write")
    with pytest.raises(CityError, match=r"access\.scope"):
        viewer.require("evidence:read")
    for wrong in ("Bearer nonsense", "Basic YTpi", f"bearer{text}"):
        request = RequestFactory().get("/", headers={"Authorization": wrong})
        request.user = staff["system"][0]
        assert viewer_of(request) == NOBODY, "a bad token beside a good cookie is nobody"


def test_a_viewer_is_one_query(staff, django_assert_num_queries):
    with django_assert_num_queries(1):
        viewer_for(staff["chief"][0], at=START, strong=True)
