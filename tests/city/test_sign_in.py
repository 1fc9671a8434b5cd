"""Signing in and staying signed in: every rule with the success beside the refusal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from tests.city.conftest import START
from tests.city.signing import PASSWORD, code, enrol, sign_in

from guangyue.city.accounts import lockout, rules
from guangyue.city.accounts.closing import disable, disable_stale
from guangyue.city.accounts.passwords import ClassesRule, ContextRule, HistoryRule, LengthRule, expired, remember
from guangyue.city.accounts.sessions import LONGEST_HOLD, end_sessions, hold_for_call, stored_key
from guangyue.city.models import Account, BrowserSession
from guangyue.city.models.accounts import AccountKind

REFUSED = "连续5次不对将锁定15分钟"
LOCKED = "账号已锁定15分钟"


@pytest.fixture
def officer(city, hands) -> Account:
    """A member of staff with password and second factor."""
    account = city.account(city.person(), username="officer", password=PASSWORD)
    Account.objects.update(last_seen_at=START, password_changed_at=START)
    enrol(account)
    account.refresh_from_db()
    return account


def signed_in(client: Client) -> bool:
    """Whether the pages behind the door open."""
    return client.get("/account/password/").status_code == 200


def test_password_and_code_open_the_door(client, officer):
    assert not signed_in(client)
    answer = sign_in(client, officer)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert signed_in(client)


def test_the_password_alone_opens_nothing(client, officer):
    answer = client.post("/account/login/", {"login": "officer", "password": PASSWORD})
    assert answer["Location"].endswith("/authenticate/")
    assert not signed_in(client)
    assert BrowserSession.objects.filter(account=officer).count() == 0


@pytest.mark.django_db(transaction=True)
def test_enrolling_ends_sessions_opened_without_it(client, city, hands):
    account = city.account(city.person(), username="fresh", password=PASSWORD)
    Account.objects.update(last_seen_at=START)
    other = Client()
    sign_in(other, account)
    sign_in(client, account)
    client.post("/account/reauthenticate/?next=/", {"password": PASSWORD})
    client.get("/account/factors/totp/activate/")
    client.post("/account/factors/totp/activate/", {"code": code(client.session["mfa.totp.secret"])})
    assert signed_in(client)
    assert other.get("/account/factors/")["Location"].startswith("/account/login/")


@pytest.mark.parametrize("name", ["officer", "nobody", "OFFICER"])
def test_one_sentence_for_every_failure(client, officer, name):
    answer = client.post("/account/login/", {"login": name, "password": "wrong-password-here"})
    assert answer.status_code == 200
    assert REFUSED in answer.content.decode()


def test_five_wrong_passwords_lock_for_fifteen_minutes(client, officer, hands):
    for _ in range(5):
        client.post("/account/login/", {"login": "officer", "password": "wrong"})
    assert lockout.is_locked(officer.pk, hands.now())
    assert REFUSED in sign_in(client, officer).content.decode()
    hands.go(minutes=14, seconds=59)
    assert REFUSED in sign_in(client, officer).content.decode()
    hands.go(seconds=1)
    assert sign_in(client, officer).status_code == 302
    assert signed_in(client)


def test_signing_in_and_failing_are_on_the_log_without_what_was_typed(client, officer):
    with capture_logs() as said:
        client.post("/account/login/", {"login": "officer", "password": "wrong-and-secret"})
        client.post("/account/login/", {"login": "typed-a-password-here", "password": "x"})
        sign_in(client, officer)
        client.post("/account/logout/")
    told = [(line["event"], line["account"]) for line in said if line["event"].startswith("account.")]
    assert told == [
        ("account.refused", officer.pk),
        ("account.refused", None),
        ("account.signed_in", officer.pk),
        ("account.signed_out", officer.pk),
    ]
    assert "secret" not in repr(said)
    assert "typed" not in repr(said)


def test_four_wrong_ones_and_a_complete_sign_in_are_forgotten(client, officer):
    for _ in range(4):
        client.post("/account/login/", {"login": "officer", "password": "wrong"})
    assert sign_in(client, officer).status_code == 302
    officer.refresh_from_db()
    assert (officer.failures, officer.locked_until) == (0, None)


def test_the_right_password_on_the_last_ticket_still_lets_the_code_be_given(client, officer):
    for _ in range(4):
        client.post("/account/login/", {"login": "officer", "password": "wrong"})
    assert sign_in(client, officer)["Location"] == "/"


def test_wrong_codes_count_across_passwords(client, officer, hands):
    for _ in range(5):
        client.post("/account/login/", {"login": "officer", "password": PASSWORD})
        client.post("/account/factors/authenticate/", {"code": "000000"})
    assert lockout.is_locked(officer.pk, hands.now())
    fresh = Client()
    fresh.post("/account/login/", {"login": "officer", "password": PASSWORD})
    assert not signed_in(fresh)
    answer = client.post("/account/factors/authenticate/", {"code": code()})
    assert LOCKED in answer.content.decode() or not signed_in(client)
    assert not signed_in(client)


def test_a_code_opens_once(client, officer, hands):
    assert sign_in(client, officer, step=0).status_code == 302
    second = Client()
    answer = sign_in(second, officer, step=0)
    assert not signed_in(second)
    assert answer.status_code == 200
    assert sign_in(second, officer, step=1).status_code == 302


def test_a_used_code_is_known_to_other_processes(officer, hands):
    assert lockout.use_code(officer.pk, "123456", hands.now())
    assert not lockout.use_code(officer.pk, "123456", hands.now())
    assert lockout.use_code(officer.pk, "654321", hands.now())
    hands.go(minutes=3)
    assert lockout.use_code(officer.pk, "654321", hands.now())


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_take_exactly_five_tickets(hands):
    account = Account.objects.create_user("target", PASSWORD, kind=AccountKind.KIOSK)

    def guess(_number):
        try:
            return lockout.take_ticket(account.pk, hands.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(40))) == 5


@pytest.mark.parametrize(
    ("minutes", "counter", "open_"),
    [((14.9,), "", True), ((15,), "", False), ((4.9,), "on", True), ((5,), "on", False), ((10, 10, 10), "", True)],
)
def test_idle_sessions_end(client, officer, hands, minutes, counter, open_):
    sign_in(client, officer, **({"counter": counter} if counter else {}))
    assert signed_in(client)
    for wait in minutes:
        hands.go(minutes=wait)
        state = signed_in(client)
    assert state is open_
    assert BrowserSession.objects.filter(account=officer).exists() is open_


def test_twelve_hours_are_the_end_however_busy(client, officer, hands):
    sign_in(client, officer)
    for _ in range(71):
        hands.go(minutes=10)
        assert signed_in(client)
    hands.go(minutes=9, seconds=59)
    assert signed_in(client)
    hands.go(seconds=1)
    assert not signed_in(client)


def test_a_live_call_holds_the_session_and_its_end_lets_it_go(client, officer, hands):
    sign_in(client, officer)
    for _ in range(7):
        hold_for_call(client.session, hands.now() + timedelta(minutes=9))
        hands.go(minutes=9)
        hold_for_call(client.session, hands.now() + timedelta(minutes=9))
    hands.go(minutes=8)
    assert signed_in(client)
    hands.go(minutes=2)
    assert signed_in(client), "the call ended two minutes ago; the desk was used then"
    hands.go(minutes=15)
    assert not signed_in(client)


def test_a_hold_is_short_whatever_is_asked(client, officer, hands):
    sign_in(client, officer)
    hold_for_call(client.session, hands.now() + timedelta(days=30))
    assert BrowserSession.objects.get(account=officer).live_until == hands.now() + LONGEST_HOLD


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.timedeltas(timedelta(0), timedelta(hours=20)),
    st.timedeltas(timedelta(0), timedelta(hours=20)),
    st.one_of(st.none(), st.timedeltas(timedelta(hours=-1), timedelta(hours=20))),
    st.sampled_from([rules.STAFF, rules.COUNTER, rules.KIOSK, rules.CITIZEN]),
)
def test_session_rules(seen, now, live, limits):
    seen_at, at = START + min(seen, now), START + now
    live_until = None if live is None else START + live
    end = rules.end_of(limits, started_at=START, seen_at=seen_at, live_until=live_until, now=at)
    if live_until is not None and live_until > at:
        assert end is None
    elif now >= limits.whole:
        assert end is rules.SessionEnd.TOO_LONG
    else:
        assert end is (rules.SessionEnd.IDLE if at - seen_at >= limits.idle else None)


def test_signing_out_ends_the_session_on_the_server(client, officer):
    sign_in(client, officer)
    stolen = Client()
    stolen.cookies["session"] = client.cookies["session"].value
    assert signed_in(stolen)
    client.post("/account/logout/")
    assert not signed_in(stolen)
    assert not signed_in(client)


def test_disabling_ends_every_session_and_token_at_once(client, officer, hands):
    from guangyue.city.accounts.tokens import find_token, issue_token

    second = Client()
    sign_in(client, officer, step=0)
    sign_in(second, officer, step=1)
    _, text = issue_token(officer, "x", frozenset({"evidence:read"}), hands.now() + timedelta(days=1))
    assert signed_in(client)
    assert signed_in(second)
    assert find_token(text)
    disable(officer, "ordered", hands.now())
    assert not signed_in(client)
    assert not signed_in(second)
    assert find_token(text) is None
    assert REFUSED in sign_in(Client(), officer).content.decode()


def test_a_session_ended_elsewhere_cannot_be_saved_back(client, officer):
    sign_in(client, officer)
    session = client.session
    session["x"] = 1
    end_sessions(officer.pk)
    with pytest.raises(Exception, match=r".*"):
        session.save()
    assert not BrowserSession.objects.filter(account=officer).exists()


def test_the_table_holds_no_key_that_signs_in(client, officer):
    sign_in(client, officer)
    key = client.cookies["session"].value
    row = BrowserSession.objects.get(account=officer)
    assert row.session_key == stored_key(key) != key
    thief = Client()
    thief.cookies["session"] = row.session_key
    assert not signed_in(thief)


def test_the_key_changes_at_sign_in(client, officer):
    client.get("/account/login/")
    client.post("/account/login/", {"login": "officer", "password": PASSWORD})
    before = client.cookies["session"].value
    client.post("/account/factors/authenticate/", {"code": code()})
    assert client.cookies["session"].value != before


def test_cookies_are_closed_to_scripts(client, officer):
    sign_in(client, officer)
    cookie = client.cookies["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"], "it goes with the browser"


@pytest.mark.django_db(transaction=True)
def test_staff_without_a_second_factor_reach_its_enrolment_and_nothing_else(client, city, hands):
    account = city.account(city.person(), username="fresh", password=PASSWORD)
    Account.objects.update(last_seen_at=START)
    assert sign_in(client, account)["Location"] == "/"
    assert client.get("/")["Location"].startswith("/account/factors/")
    assert client.get("/", headers={"Accept": "application/json"}).status_code == 403
    assert client.post("/evidence/uploads/").json()["code"] == "account.second-factor"
    assert client.get("/account/factors/").status_code == 200
    client.get("/account/factors/totp/activate/")
    client.post("/account/reauthenticate/?next=/account/factors/totp/activate/", {"password": PASSWORD})
    client.get("/account/factors/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    answer = client.post("/account/factors/totp/activate/", {"code": code(secret)})
    assert answer["Location"].endswith("/recovery-codes/"), answer.content.decode()[-2000:]
    assert client.get("/").status_code == 200
    stored = account.authenticator_set.get(type="totp").data["secret"]
    assert secret not in stored, "the secret is sealed in the table"


def test_the_last_second_factor_stays(client, officer):
    sign_in(client, officer)
    client.post("/account/factors/reauthenticate/", {"code": code(step=1)})
    client.post("/account/factors/totp/deactivate/")
    assert officer.authenticator_set.filter(type="totp").exists()


def test_thirty_days_unused_and_the_account_is_closed(client, officer, hands, city):
    citizen = city.account(city.person(), kind=AccountKind.CITIZEN)
    hands.go(days=29, hours=23)
    assert disable_stale(hands.now()) == 0
    hands.go(hours=1)
    assert REFUSED in sign_in(client, officer).content.decode(), "even before the daily run"
    officer.refresh_from_db()
    assert (officer.is_active, officer.disabled_for) == (False, "inactive")
    citizen.refresh_from_db()
    assert citizen.is_active


def test_the_daily_run_closes_the_unused_and_leaves_the_used(officer, city, hands):
    used = city.account(city.person())
    hands.go(days=31)
    Account.objects.filter(pk=used.pk).update(last_seen_at=hands.now() - timedelta(days=2))
    assert disable_stale(hands.now()) == 1
    used.refresh_from_db()
    assert used.is_active


def test_nobody_signs_up_and_no_mail_resets(client, db):
    for path in ("signup", "password/reset", "email", "confirm-email", "login/code", "inactive"):
        assert client.get(f"/account/{path}/").status_code == 404


def test_every_account_page_is_known_here():
    names = {key for key in get_resolver().reverse_dict if isinstance(key, str)}
    assert {name for name in names if name.startswith(("account_", "mfa_"))} == {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "mfa_index",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn",
        "mfa_edit_webauthn",
        "mfa_login_webauthn",
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_render_in_both_languages(client, officer, language):
    say = {"Accept-Language": language}
    page = client.get("/account/login/", headers=say).content.decode()
    assert ("用口令登录" in page) is (language == "zh-hans")
    assert ("Sign in with a password" in page) is (language == "en")
    sign_in(client, officer)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    for path in ("", "webauthn/", "webauthn/add/", "totp/deactivate/", "recovery-codes/generate/", "reauthenticate/"):
        answer = client.get(f"/account/factors/{path}", headers=say)
        assert answer.status_code == 200, path
        assert answer["Cache-Control"].count("no-"), path
        assert f'lang="{language}"' in answer.content.decode()
    for path in ("/account/password/", "/account/logout/", "/account/reauthenticate/"):
        assert client.get(path, headers=say).status_code in {200, 302}


def test_the_installed_hash_is_argon2(db, settings):
    from guangyue.city.accounts import conf

    settings.PASSWORD_HASHERS = conf.PASSWORD_HASHERS
    account = Account.objects.create_user("hashed", PASSWORD, kind=AccountKind.KIOSK)
    assert account.password.startswith("argon2$argon2id$")
    assert account.check_password(PASSWORD)
    assert not account.check_password(PASSWORD + "x")


# --- passwords -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short-one", "password.short"),
        ("x" * 129, "password.long"),
        ("my-guangyue-password", "password.context"),
        ("OFFICER-and-more-of-it", "password.context"),
        ("1q2w3e4r5t6y", "password_too_common"),
    ],
)
def test_passwords_that_are_refused(officer, password, code):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, officer)
    assert code in {e.code for e in refused.value.error_list}


@pytest.mark.parametrize(
    "password", ["correct horse battery staple", "一句很长的中文口令真的可以用吗", "x7" * 40, PASSWORD]
)
def test_passwords_that_are_taken_without_rules_of_composition(officer, password):
    validate_password(password, officer)


def test_the_other_profile_wants_classes_and_no_return(officer, hands):
    ClassesRule().validate("Abcdefgh1234")
    with pytest.raises(ValidationError):
        ClassesRule().validate("abcdefgh1234")
    with pytest.raises(ValidationError):
        HistoryRule().validate(PASSWORD, officer)
    for number in range(10):
        old = officer.password
        officer.set_password(f"password-number-{number}")
        officer.save()
        remember(officer, old, hands.go(days=1))
    HistoryRule().validate(PASSWORD, officer)
    with pytest.raises(ValidationError):
        HistoryRule().validate("password-number-1", officer)
    for rule in (LengthRule(), ContextRule(), ClassesRule(), HistoryRule()):
        assert rule.get_help_text()


def test_an_old_password_must_be_changed_first_in_the_other_profile_only(client, officer, hands, settings):
    sign_in(client, officer)
    assert client.get("/").status_code == 200
    settings.GUANGYUE_PASSWORD_PROFILE = "mlps3"
    assert client.get("/").status_code == 200
    Account.objects.update(password_changed_at=START - timedelta(days=90))
    assert client.get("/")["Location"].startswith("/account/password/")
    fresh = "another-quiet-harbour-9"
    client.post("/account/password/", {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh})
    assert client.get("/").status_code == 200
    officer.refresh_from_db()
    assert officer.check_password(fresh)
    assert officer.past_passwords.count() == 1
    settings.GUANGYUE_PASSWORD_PROFILE = "asvs"
    assert not expired(officer, hands.now() + timedelta(days=4000), "asvs")


def test_a_wrong_old_password_changes_nothing(client, officer):
    sign_in(client, officer)
    fresh = "another-quiet-harbour-9"
    client.post("/account/password/", {"oldpassword": "wrong", "password1": fresh, "password2": fresh})
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)
