"""The people of these tests, signed in with both factors; run inside the server's process."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.test import Client
from tests.city.signing import PASSWORD, enrol, sign_in
from tests.web.conftest import Town

from guangyue.city import clock
from guangyue.city.models import Account, Agency
from guangyue.city.units import add_unit


def signed_in(account: Account) -> str:
    """The session cookie of a sign-in with password and code."""
    account.set_password(PASSWORD)
    account.save()
    enrol(account)
    browser = Client()
    sign_in(browser, account)
    return browser.cookies["session"].value


def joint_enforcement() -> dict[str, Any]:
    """Officer Li and officer Sun of urban management, a reviewer of the traffic police; their sessions."""
    urban = Agency.objects.create(code="urban", kind="urban", name_zh="城管局", name_en="Urban management")
    traffic = Agency.objects.create(code="traffic", kind="traffic_police", name_zh="交警支队", name_en="Traffic police")
    units = {
        "urban-1": add_unit(urban, "urban-1", "一中队", level="station"),
        "urban-2": add_unit(urban, "urban-2", "二中队", level="station"),
        "traffic-1": add_unit(traffic, "traffic-1", "一大队", level="county"),
    }
    town = Town(units, numbers=count(1))
    said: dict[str, Any] = {}
    for name, role, unit in (
        ("li", "urban_officer", "urban-1"),
        ("sun", "urban_officer", "urban-2"),
        ("zhao", "traffic_reviewer", "traffic-1"),
        ("qian", "traffic_reviewer", "traffic-1"),
    ):
        someone = town.someone(role, unit, scopes=frozenset())
        assert someone.account is not None
        someone.account.username = f"{name}.{role.split('_')[0]}"
        said[name] = {
            "session": signed_in(someone.account),
            "account": someone.account.pk,
            "name": someone.account.username,
        }
    said["at"] = clock.now().isoformat()
    return said
