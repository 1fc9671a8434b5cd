"""Passkeys with a real Chromium and its virtual authenticator; pictures of the pages on the way."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connections
from tests.city.signing import PASSWORD

from guangyue.city.models import Account, Person
from guangyue.city.models.accounts import AccountKind

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SHOTS = os.environ.get("GUANGYUE_SHOTS")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt-get install chromium)"),
]


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch) -> Iterator[playwright.Page]:
    """A page with a virtual platform authenticator that verifies its user."""
    # Playwright's loop runs in this thread; Django would otherwise refuse the tests' own queries.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="zh-CN")
        tab = context.new_page()
        devtools = context.new_cdp_session(tab)
        devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        yield tab
        context.close()
        browser.close()
        # Queries made while Playwright's loop ran have connections of their own.
        connections.close_all()


@pytest.fixture
def site(live_server) -> str:
    """The server under the one host name that browsers trust without TLS."""
    return live_server.url.replace("127.0.0.1", "localhost")


def shot(tab: playwright.Page, name: str) -> None:
    if SHOTS:
        tab.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def test_enrol_a_passkey_and_sign_in_with_nothing_else(tab, site):
    problems: list[str] = []
    # The front door's own script and style are built by the front end, which these tests do without.
    mine = lambda m: m.type == "error" and "/static/guangyue/" not in m.location["url"]  # noqa: E731 - one line
    tab.on("console", lambda m: problems.append(f"{m.text} {m.location}") if mine(m) else None)
    person = Person.objects.create(number="P-1")
    Account.objects.create_user("officer", PASSWORD, person=person, kind=AccountKind.STAFF)
    tab.goto(f"{site}/account/login/")
    shot(tab, "login")
    tab.fill("input[name=login]", "officer")
    tab.fill("input[name=password]", PASSWORD)
    tab.click("button:has-text('用口令登录')")
    tab.wait_for_url("**/account/factors/**")
    shot(tab, "factors")
    tab.goto(f"{site}/account/factors/webauthn/add/")
    tab.fill("input[name=password]", PASSWORD)
    shot(tab, "password-again")
    tab.locator("main form button[type=submit]").first.click()
    tab.wait_for_selector("#mfa_webauthn_add")
    tab.fill("input[name=name]", "指纹")
    assert tab.is_checked("input[name=passwordless]")
    shot(tab, "add-passkey")
    tab.click("#mfa_webauthn_add")
    tab.wait_for_url("**/recovery-codes/**")
    shot(tab, "recovery-codes")
    tab.locator("footer form button").click()
    tab.goto(f"{site}/account/password/")
    assert "/account/login/" in tab.url, "signed out"
    assert not problems, problems
    tab.click("#passkey_login")
    tab.wait_for_url(f"{site}/account/password/")
    shot(tab, "password")
    tab.goto(f"{site}/account/factors/webauthn/")
    assert "指纹" in tab.content()
    shot(tab, "passkeys")
    assert not problems, problems


def test_password_then_key_and_a_wrong_one_stays_outside(tab, site):
    person = Person.objects.create(number="P-1")
    Account.objects.create_user("officer", PASSWORD, person=person)
    tab.goto(f"{site}/account/login/")
    tab.fill("input[name=login]", "officer")
    tab.fill("input[name=password]", "wrong")
    tab.click("button:has-text('用口令登录')")
    assert "连续5次不对将锁定15分钟" in tab.content()
    shot(tab, "login-refused")
    tab.click("#passkey_login")
    tab.wait_for_timeout(300)
    assert "/account/login/" in tab.url, "an authenticator without a passkey opens nothing"


@pytest.mark.parametrize(("name", "size", "scheme"), [("phone", (360, 780), "light"), ("night", (1366, 768), "dark")])
def test_the_sign_in_page_fits_phone_and_night(tab, site, name, size, scheme):
    tab.set_viewport_size({"width": size[0], "height": size[1]})
    tab.emulate_media(color_scheme=scheme)
    tab.goto(f"{site}/account/login/")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert all(
        tab.evaluate(
            "[...document.querySelectorAll('.button, .field input[type=text]')].map(e => e.offsetHeight >= 48)"
        )
    )
    shot(tab, f"login-{name}")


def test_settings_allow_plain_http_outside_production_only():
    assert django_settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN is True
    assert django_settings.GUANGYUE_ENV != "production"
