"""Live updates keep no session alive; a hand on the page does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.web.sessions import browser

from guangyue.city import clock
from guangyue.city.models import BrowserSession
from guangyue.web.attending import UNATTENDED

pytestmark = [pytest.mark.database, pytest.mark.django_db]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def passing(monkeypatch):
    """Real time goes on by what a test says."""
    real, gone = clock.now, []
    monkeypatch.setattr(clock, "now", lambda: real() + sum(gone, timedelta()))
    return gone.append


@pytest.mark.parametrize("path", sorted(UNATTENDED))
def test_a_page_that_only_asks_for_news_signs_out_in_time(town, passing, path):
    client = browser(town.someone("urban_officer", "urban-1").account)
    for _ in range(14):
        passing(MINUTE)
        assert client.get(path).status_code in {200, 204}
    passing(2 * MINUTE)
    assert client.get("/console/").status_code == 302, "fifteen idle minutes are over"
    assert BrowserSession.objects.count() == 0


@pytest.mark.parametrize("path", ["/console/", "/console/here"])
def test_a_hand_on_the_page_keeps_it_open(town, passing, path):
    client = browser(town.someone("urban_officer", "urban-1").account)
    for _ in range(20):
        passing(MINUTE)
        assert client.get(path).status_code in {200, 204}
